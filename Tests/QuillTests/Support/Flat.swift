import Quill
import QuillConverter
import QuillFloat

/// Writes and runs networks of one operator.
enum Flat {
  /// The levels of this machine.
  static let levels = Quill.KernelLevel.allCases.filter(\.isAvailable)

  /// A network of one node.
  static func graph(
    _ operation: QuantizedOperation, _ inputs: [QuantizedGraph.Tensor], _ output: QuantizedGraph.Tensor
  ) -> QuantizedGraph {
    var graph = QuantizedGraph(name: "one operator")
    graph.inputs = inputs.map { graph.addTensor($0) }
    graph.outputs = [graph.addTensor(output)]
    graph.nodes = [
      QuantizedGraph.Node(name: "node", operation: operation, inputs: graph.inputs, output: graph.outputs[0])
    ]
    return graph
  }

  static func bytes(_ graph: QuantizedGraph, _ match: Match = .tensorFlowLiteMicro) throws -> [UInt8] {
    try FlatFileWriter.write(graph, match: match, FlatFileDescription()).bytes
  }

  /// The outputs of a file for some inputs, on a level, fused or operator by operator.
  static func run(_ bytes: [UInt8], _ inputs: [[Int8]], level: Quill.KernelLevel, stepwise: Bool) throws -> [[Int8]] {
    let model = try Model(copying: bytes.span)
    var engine = Engine(for: model, level: level)
    for (index, values) in inputs.enumerated() { engine.setInput(values.span, at: index, of: model) }
    if stepwise {
      for index in 0..<model.operatorCount { engine.step(model, operator: index) }
    } else {
      engine.run(model)
    }
    var outputs: [[Int8]] = []
    for index in 0..<model.outputCount {
      let tensor = model.outputTensor(index)
      var values = [Int8](repeating: 0, count: model.tensors[tensor].count)
      var span = values.mutableSpan
      engine.copyTensor(tensor, of: model, into: &span)
      outputs.append(values)
    }
    return outputs
  }
}
