import QuillFloat

extension TensorFlowLiteModel {
  /// The network with each `SPACE_TO_BATCH_ND`, convolution, `BATCH_TO_SPACE_ND` as the dilated convolution that the
  /// three stand for: the same products of the same values.
  func withDilatedConvolutions() throws(ImportError) -> TensorFlowLiteModel {
    guard nodes.contains(where: { $0.operation == .spaceToBatch }) else { return self }
    var result = self
    let constants = TensorFlowLiteConstants(self)
    var replaced: Set<Int> = []
    for (index, node) in nodes.enumerated() where node.operation == .spaceToBatch {
      guard let middle = onlyReader(of: node), let last = onlyReader(of: nodes[middle]),
        let dilated = try dilated(node, nodes[middle], nodes[last], at: index, constants)
      else { continue }
      result.nodes[last] = dilated
      replaced.formUnion([index, middle])
    }
    result.nodes = result.nodes.indices.filter { !replaced.contains($0) }.map { result.nodes[$0] }
    return result
  }

  /// The node that alone reads a node's only result.
  private func onlyReader(of node: Node) -> Int? {
    guard node.outputs.count == 1, !outputs.contains(node.outputs[0]) else { return nil }
    let readers = nodes.indices.filter { nodes[$0].inputs.contains(node.outputs[0]) }
    return readers.count == 1 && nodes[readers[0]].inputs[0] == node.outputs[0] ? readers[0] : nil
  }

  private func dilated(
    _ apart: Node, _ middle: Node, _ together: Node, at index: Int, _ constants: TensorFlowLiteConstants
  ) throws(ImportError) -> Node? {
    let place = TensorFlowLitePlace.node(index: index, name: apart.name)
    guard together.operation == .batchToSpace, apart.inputs.count == 3, together.inputs.count == 3,
      let source = apart.inputs[0], tensors[source].shape.count == 4,
      let weights = middle.inputs.count > 1 ? middle.inputs[1] : nil, tensors[weights].shape.count == 4,
      tensors[together.outputs[0]].shape.count == 4,
      tensors[middle.outputs[0]].quantization == tensors[together.outputs[0]].quantization,
      tensors[source].quantization == tensors[apart.outputs[0]].quantization
    else { return nil }
    let block = try constants.knownIntegers(apart, 1, at: place)
    let pads = try constants.knownIntegers(apart, 2, at: place)
    let crops = try constants.knownIntegers(together, 2, at: place)
    guard block.count == 2, pads.count == 4, crops.count == 4, crops[0] == 0, crops[2] == 0,
      try constants.knownIntegers(together, 1, at: place) == block,
      (block + pads).allSatisfy({ (0...4096).contains($0) }), block.allSatisfy({ $0 >= 1 })
    else { return nil }
    let from = tensors[source].shape
    let to = tensors[together.outputs[0]].shape
    let kernel = tensors[weights].shape
    let bottom = to[1] - 1 + (kernel[1] - 1) * block[0] + 1 - pads[0] - from[1]
    let right = to[2] - 1 + (kernel[2] - 1) * block[1] + 1 - pads[2] - from[2]
    guard (0...pads[1]).contains(bottom), (0...pads[3]).contains(right) else { return nil }
    let padding = Operation.Padding(top: pads[0], left: pads[2], bottom: bottom, right: right)
    func dilate(_ options: TensorFlowLiteOperation.Convolution) -> TensorFlowLiteOperation.Convolution? {
      guard options.padding == .valid, options.strideHeight == 1, options.strideWidth == 1,
        options.dilationHeight == 1, options.dilationWidth == 1
      else { return nil }
      var options = options
      (options.dilationHeight, options.dilationWidth) = (block[0], block[1])
      options.explicitPadding = padding
      return options
    }
    var result = middle
    result.inputs[0] = source
    result.outputs = together.outputs
    switch middle.operation {
    case .conv2D(let options):
      guard let options = dilate(options) else { return nil }
      result.operation = .conv2D(options)
    case .depthwiseConv2D(let options):
      guard let options = dilate(options) else { return nil }
      result.operation = .depthwiseConv2D(options)
    default: return nil
    }
    return result
  }
}
