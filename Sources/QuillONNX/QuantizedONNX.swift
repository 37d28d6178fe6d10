import QuillFloat

/// How the int8 values of a tensor stand for real numbers: `real = scale * (value - zeroPoint)`.
package struct TensorQuantization: Sendable, Equatable {
  /// One for all values, or one for each output channel of weights; positive and finite.
  package var scales: [Float]

  /// The value that stands for zero, -128...127; uint8 is counted from 128 below.
  package var zeroPoint: Int32
}

/// A network of integers, read as the float network that its integers stand for.
package struct QuantizedONNX: Sendable {
  /// The network in real numbers. An activation of `.none` standing alone is a change of scale.
  package var graph: Graph

  /// What is known of tensors, by their names in the graph or in what rewriting makes of it.
  package var quantizations: [String: TensorQuantization]

  package init(graph: Graph, quantizations: [String: TensorQuantization]) {
    self.graph = graph
    self.quantizations = quantizations
  }

  /// The same network with as few transposes as it needs.
  package func withFewestTransposes() throws(GraphError) -> QuantizedONNX {
    QuantizedONNX(graph: try graph.withFewestTransposes(), quantizations: quantizations)
  }

  /// The scales of a tensor by its name; one that rewriting derived from another has those of that.
  package func quantization(of name: String) -> TensorQuantization? {
    var name = name
    while true {
      if let known = quantizations[name] { return known }
      guard let suffix = LayoutRewrite.derivedSuffixes.first(where: { name.hasSuffix($0) }) else { return nil }
      name.removeLast(suffix.count)
    }
  }
}

/// How the integers of a constant stand for its values.
struct ConstantQuantization: Equatable {
  /// One for all, or one for each position on `axis`.
  var scales: [Float]

  /// The axis of the scales, where there are several.
  var axis: Int?

  /// The value that stands for zero, with uint8 counted from 128 below.
  var zeroPoint: Int32

  /// The same without its axis.
  var ofTensor: TensorQuantization { TensorQuantization(scales: scales, zeroPoint: zeroPoint) }
}
