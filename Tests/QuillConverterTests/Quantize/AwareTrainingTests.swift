import Quill
import QuillConverter
import QuillFloat
import TestSupport
import Testing

/// What training with rounding computes, beside what the integers of the converted file compute.
@Suite("Training aware of int8, and the file it becomes")
struct AwareTrainingTests {
  private static let sampleCount = 300

  /// The file's scores, and the size of their step.
  private static func scores(of file: [UInt8], _ bytes: [UInt8]) throws -> (values: [[Float]], scale: Float) {
    let model = try Model(copying: file.span)
    var engine = Engine(for: model)
    let softmax = try #require((0..<model.operatorCount).last)
    let tensor = try #require(model.operandIndices(softmax).first)
    let record = model.tensors[tensor]
    var steps = [Int8](repeating: 0, count: record.count)
    var scores: [[Float]] = []
    for sample in 0..<sampleCount {
      let input = bytes[sample * 64..<(sample + 1) * 64].map { Int8(truncatingIfNeeded: Int($0) - 128) }
      engine.setInput(input.span, at: 0, of: model)
      engine.run(model)
      var span = steps.mutableSpan
      engine.copyTensor(tensor, of: model, into: &span)
      scores.append(steps.map { record.scale * Float(Int32($0) - record.zeroPoint) })
    }
    return (scores, record.scale)
  }

  private static func best(_ scores: some Collection<Float>) -> Int {
    scores.enumerated().reduce((0, -Float.infinity)) { $1.element > $0.1 ? ($1.offset, $1.element) : $0 }.0
  }

  @Test(
    "the same answers, and nearly always the same steps",
    arguments: [
      "dense16:tanh-dense12:sigmoid-classes", "conv6x3:same:relu6-avgpool-conv6x3-dense12:leaky0.1-classes",
      "conv6x3:s2:same-depthwise3:same:relu6-res(conv6x1:linear)-relu-dense12-classes",
      "conv8x3:same:hardswish-pool-squeeze4-classes",
    ])
  func sameAnswers(text: String) throws {
    let images = LineImages(count: Self.sampleCount, seed: 12)
    let bytes = images.bytes
    let source = TrainingSource(bytes: bytes, size: 64, labels: images.labels)
    let description = try NetworkDescription(text: text, inputShape: [8, 8, 1], classCount: 3)
    let network = try TrainableNetwork(
      description, seed: 4, capacity: Self.sampleCount, isQuantizationAware: true)
    Trainer(TrainingSettings(epochCount: 20, batchSize: 20, schedule: .cosine(0.01))).train(network, on: source)
    let result = try Converter.convert(network.graph(), Converter.Options(), calibrationCount: 20) { sample in
      [FloatTensor(shape: [1, 8, 8, 1], values: bytes[sample * 64..<(sample + 1) * 64].map { Float($0) / 255 })]
    }
    #expect(result.learntRangeCount >= 3)

    let (scores, scale) = try Self.scores(of: result.bytes, bytes)
    let measured = network.measure(source)
    #expect(measured.accuracy > 0.8)
    // `measure` leaves the logits of its last batch: all samples.
    var (sameCount, difference) = (0, Float(0))
    for (sample, found) in scores.enumerated() {
      let trained = network.logits[sample * 3..<(sample + 1) * 3]
      sameCount += Self.best(trained) == Self.best(found) ? 1 : 0
      difference += zip(trained, found).reduce(0) { $0 + ($1.0 - $1.1).magnitude } / scale
    }
    #expect(sameCount >= Self.sampleCount * 99 / 100)
    #expect(difference / Float(3 * Self.sampleCount) < 0.1)
  }
}
