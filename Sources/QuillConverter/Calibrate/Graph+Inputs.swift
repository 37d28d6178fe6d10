import QuillFloat

extension Graph {
  /// Whether inputs may become images with channels last: none of them has channels last already, as images of one or
  /// three channels show.
  var mayTurnInputs: Bool {
    let channelCounts = [1, 3]
    return inputs.allSatisfy { id in
      let shape = self[id].shape
      return shape.count != 4 || channelCounts.contains(shape[1]) || !channelCounts.contains(shape[3])
    }
  }

  /// Whether inputs are pictures with channels first, as ONNX has them.
  var takesPicturesChannelsFirst: Bool {
    metadata["onnx.opset"] != nil && mayTurnInputs
      && inputs.allSatisfy { self[$0].shape.count == 4 && ![1, 3].contains(self[$0].shape[3]) }
  }

  /// Inputs of the network that this one was lowered from, in this one's order of axes: lowering puts channels last
  /// (`Graph.withFewestTransposes`).
  package func arranged(_ given: [FloatTensor]) -> [FloatTensor] {
    zip(given, inputs).map { tensor, id in
      let wanted = self[id].shape
      let order = [0, 2, 3, 1]
      guard tensor.shape != wanted, tensor.shape.count == 4, order.map({ tensor.shape[$0] }) == wanted else {
        return tensor
      }
      return tensor.transposed(order)
    }
  }
}
