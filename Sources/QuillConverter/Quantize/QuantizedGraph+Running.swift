import Quill
import QuillFloat

extension QuantizedGraph {
  /// Runs the network as it stands up to the operator that computes a tensor, and hands that tensor's values over, image
  /// by image.
  func forEachImage(
    count: Int, tensor: Int, match: Match, inputs: (Int) -> [FloatTensor], _ body: (Int, [Int8]) -> Void
  ) throws(ConverterError) {
    let bytes = try FlatFileWriter.writeWithoutGolden(self, match: match)
    let operatorCount = (nodes.lastIndex { $0.output == tensor } ?? -1) + 1
    do throws(ModelError) {
      let model = try Model(copying: bytes.span)
      var engine = Engine(for: model)
      var values = [Int8](repeating: 0, count: model.tensors[tensor].count)
      for image in 0..<count {
        for (position, input) in inputs(image).enumerated() {
          let record = model.tensors[model.inputTensor(position)]
          let steps = input.values.map { quantize($0, scale: record.scale, zeroPoint: record.zeroPoint) }
          engine.setInput(steps.span, at: position, of: model)
        }
        for step in 0..<operatorCount { engine.step(model, operator: step) }
        var span = values.mutableSpan
        engine.copyTensor(tensor, of: model, into: &span)
        body(image, values)
      }
    } catch {
      throw .rejected(error.description)
    }
  }
}
