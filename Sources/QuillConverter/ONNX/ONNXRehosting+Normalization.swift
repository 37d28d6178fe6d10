import Quill
import QuillFloat

// Batch normalisation that no layer took in, whose numbers the file keeps as floats: a depthwise 1 x 1 convolution.

extension ONNXRehosting {
  /// What a batch normalisation with constant statistics computes; `nil` for other nodes.
  func normalization(of node: Graph.Node) -> Affine? {
    guard case .batchNormalization = node.operation else { return nil }
    return GraphEditor(graph).affine(of: node)?.1
  }

  /// The node, a normalisation as the layer that it becomes.
  func asLayer(_ node: Graph.Node) -> Graph.Node {
    guard let affine = normalization(of: node) else { return node }
    var layer = node
    layer.operation = .depthwiseConv2D(Operation.Convolution(groups: affine.scale.count))
    return layer
  }

  /// Adds a normalisation as the depthwise layer `layer`, on `[1, H, W, C]`, reshaped to and from where the rank differs.
  mutating func append(_ affine: Affine, as layer: Graph.Node) throws(ConverterError) {
    guard let wanted = steps(layer.output), case .depthwiseConv2D(let convolution) = layer.operation else {
      throw unquantised(layer)
    }
    let operand = try operand(layer.inputs[0])
    let weights = Self.weights(affine, inputScale: result.tensors[operand].scale)
    let shape = graph[layer.output].shape
    guard shape.count != 4 else {
      return emit(.depthwiseConv2D(convolution, weights), [operand], add(layer.output, wanted))
    }
    let image = [1, 1, shape.dropLast().reduce(1, *), affine.scale.count]
    let before = addTensor("\(layer.name)/image", image, steps(at: operand))
    let after = addTensor("\(layer.name)/scaled", image, wanted)
    emit(.reshape, [operand], before)
    emit(.depthwiseConv2D(convolution, weights), [before], after)
    emit(.reshape, [after], add(layer.output, wanted))
  }

  /// One weight a channel, 127 of the channel's own steps; fewer where the shift is so much larger that it would not fit
  /// 32 bits in products of the steps.
  private static func weights(_ affine: Affine, inputScale: Float) -> QuantizedWeights {
    var scales: [Float] = []
    var (values, bias): ([Int8], [Int32]) = ([], [])
    for (factor, shift) in zip(affine.scale, affine.shift) {
      let least = Float(Double(shift.magnitude) / Double(inputScale) * 0x1p-22)
      let scale = max(factor.magnitude / 127, least, .leastNormalMagnitude)
      scales.append(scale)
      values.append(Int8((factor / scale).rounded()))
      bias.append(Int32((Double(shift) / (Double(scale) * Double(inputScale))).rounded()))
    }
    return QuantizedWeights(values: values, shape: [1, 1, 1, scales.count], scales: scales, bias: bias)
  }
}
