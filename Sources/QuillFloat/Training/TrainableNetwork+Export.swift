extension TrainableNetwork {
  /// The network as a graph for one sample that ends in probabilities: what is written as ONNX, converted and measured.
  ///
  /// Dropout is gone, normalisation uses the running statistics, and a softmax follows the logits. Where training was
  /// aware of int8, the metadata holds each value's range, for the converter (`LearntRanges`).
  public func graph() throws(GraphError) -> Graph {
    var builder = GraphBuilder(name: description.name)
    var ids = [try builder.input("input", shape: [1] + description.inputShape)]
    for (node, layer) in zip(description.nodes, layers) {
      let inputs = node.inputs.map { ids[$0.index] }
      let id = try append(node, layer, inputs, to: &builder)
      ids.append(id)
      if let range = rounding?.range(of: ids.count - 1), node.layer.hasTensor {
        builder.note(LearntRanges.key(of: builder.graph[id].name), LearntRanges.text(low: range.low, high: range.high))
      }
    }
    builder.output(
      try builder.append(.softmax(axis: 1), [ids[description.output.index]], name: "probabilities"))
    return try builder.finish()
  }

  private func append(
    _ node: NetworkDescription.Node, _ layer: TrainingLayer, _ inputs: [Graph.TensorID], to builder: inout GraphBuilder
  ) throws(GraphError) -> Graph.TensorID {
    let image = description.shape(of: node.inputs[0])
    switch node.layer {
    case .convolution(let channels, let window, let fused):
      guard case .linear(let linear) = layer else { break }
      let constants = try builder.constants(
        node.name, weights: linear.graphWeights, shape: [channels, window.height, window.width, image[2]],
        bias: linear.graphBias)
      let convolution = window.convolution(height: image[0], width: image[1], activation: fused.activation)
      return try builder.append(.conv2D(convolution), inputs + constants, name: node.name)
    case .dense(let units, let fused):
      guard case .linear(let linear) = layer else { break }
      let constants = try builder.constants(
        node.name, weights: linear.graphWeights, shape: [units, image[0]], bias: linear.graphBias)
      return try builder.append(.fullyConnected(fused.activation), inputs + constants, name: node.name)
    case .depthwiseConvolution(let window):
      guard case .depthwise(let depthwise) = layer else { break }
      let constants = try builder.constants(
        node.name, weights: depthwise.graphWeights, shape: [1, window.height, window.width, image[2]],
        bias: depthwise.graphBias)
      let convolution = window.convolution(height: image[0], width: image[1], groups: image[2])
      return try builder.append(.depthwiseConv2D(convolution), inputs + constants, name: node.name)
    case .batchNormalization:
      guard case .normalization(let normalization) = layer else { break }
      var operands = inputs
      for (role, values) in zip(["scale", "shift", "mean", "variance"], normalization.graphConstants) {
        operands.append(try builder.constant("\(node.name)/\(role)", shape: [values.count], values))
      }
      return try builder.append(.batchNormalization(epsilon: normalization.epsilon), operands, name: node.name)
    case .maxPool, .averagePool, .globalAveragePool, .dropout, .activation, .flatten, .add, .multiply: break
    }
    return try appendPlain(node, inputs, to: &builder)
  }

  /// Layers without parameters.
  private func appendPlain(
    _ node: NetworkDescription.Node, _ inputs: [Graph.TensorID], to builder: inout GraphBuilder
  ) throws(GraphError) -> Graph.TensorID {
    let image = description.shape(of: node.inputs[0])
    switch node.layer {
    case .maxPool(let window):
      return try builder.append(
        .maxPool2D(window.pooling(height: image[0], width: image[1])), inputs, name: node.name)
    case .averagePool(let window):
      return try builder.append(
        .averagePool2D(window.pooling(height: image[0], width: image[1]), countsPadding: false), inputs,
        name: node.name)
    case .globalAveragePool: return try builder.append(.mean(axes: [1, 2], keepsAxes: false), inputs, name: node.name)
    case .activation(let function): return try builder.append(.unary(function.unary), inputs, name: node.name)
    case .flatten:
      return try builder.append(.reshape, inputs, name: node.name, outputShape: [1] + node.shape)
    case .add: return try builder.append(.binary(.add, .none), inputs, name: node.name)
    case .multiply: return try builder.append(.binary(.multiply, .none), inputs, name: node.name)
    case .dropout, .convolution, .dense, .depthwiseConvolution, .batchNormalization: return inputs[0]
    }
  }
}

extension GraphBuilder {
  /// Adds a layer's weights and bias.
  fileprivate mutating func constants(
    _ name: String, weights: [Float], shape: [Int], bias: [Float]
  ) throws(GraphError) -> [Graph.TensorID] {
    [
      try constant("\(name)/weights", shape: shape, weights),
      try constant("\(name)/bias", shape: [bias.count], bias),
    ]
  }
}

extension Layer {
  /// Whether the layer is in the graph.
  fileprivate var hasTensor: Bool { if case .dropout = self { false } else { true } }
}

/// The ranges of tensors that training with rounding has learnt, in a graph's metadata.
package enum LearntRanges {
  private static let prefix = "quill.range."

  /// The key of a tensor's range.
  static func key(of tensor: String) -> String { prefix + tensor }

  /// A range in words: two numbers that read back to the same bits.
  static func text(low: Float, high: Float) -> String { "\(low) \(high)" }

  /// The least and the greatest number of a range.
  package struct Range: Sendable, Equatable {
    package let low: Float
    package let high: Float
  }

  /// The ranges that a graph's metadata holds, by the tensors' names; what is no range is left out.
  package static func ranges(of graph: Graph) -> [String: Range] {
    var ranges: [String: Range] = [:]
    for (key, value) in graph.metadata where key.hasPrefix(prefix) {
      let numbers = value.split(separator: " ").compactMap { Float($0) }
      guard numbers.count == 2, numbers.allSatisfy(\.isFinite), numbers[0] <= numbers[1] else { continue }
      ranges[String(key.dropFirst(prefix.count))] = Range(low: numbers[0], high: numbers[1])
    }
    return ranges
  }
}
