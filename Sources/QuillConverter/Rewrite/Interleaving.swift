import QuillFloat

// A transposed convolution is several convolutions whose results lie between each other: what follows it goes into all.

extension GraphEditor {
  /// Per-channel arithmetic and activations behind reshapes, joins and slices of images go into the convolutions before
  /// them, where every channel of these is one of the result's.
  mutating func foldIntoInterleavedLayers() {
    var index = 0
    while index < graph.nodes.count {
      if let (operand, changed) = takenByInterleavedLayers(index) {
        for (place, layer) in changed { replace(place, with: layer) }
        let result = graph.nodes[index].output
        remove(index)
        redirect(result, to: operand)
      } else {
        index += 1
      }
    }
  }

  /// The layers with what a node does in them, and what the node does it to.
  private mutating func takenByInterleavedLayers(_ index: Int) -> (Graph.TensorID, [(Int, Graph.Node)])? {
    let node = graph.nodes[index]
    if case .unary(.activation(let activation)) = node.operation, activation != .none {
      guard let layers = layers(before: node.inputs[0]) else { return nil }
      let changed = layers.compactMap { place in
        graph.nodes[place].operation.carrying(activation).map { operation in
          var layer = graph.nodes[place]
          layer.operation = operation
          return (place, layer)
        }
      }
      return changed.count == layers.count ? (node.inputs[0], changed) : nil
    }
    guard let (operand, affine) = affine(of: node), let layers = layers(before: operand),
      layers.allSatisfy({ isPlainLinear(graph.nodes[$0]) })
    else { return nil }
    var changed: [(Int, Graph.Node)] = []
    for place in layers {
      let copies = (graph[graph.nodes[place].output].shape.last ?? 0) / affine.scale.count
      let repeated = Affine(
        scale: Array(repeatElement(affine.scale, count: copies).joined()),
        shift: Array(repeatElement(affine.shift, count: copies).joined()))
      guard let layer = taking(repeated, graph.nodes[place]) else { return nil }
      changed.append((place, layer))
    }
    return (operand, changed)
  }

  /// The convolutions whose results, moved but not changed, make up an image that nothing else reads; `nil` where there
  /// is anything else among them, or one convolution without a move.
  private func layers(before image: Graph.TensorID) -> [Int]? {
    guard graph[image].shape.count == 4, let channels = graph[image].shape.last else { return nil }
    let (producers, readers) = (producers(), readers())
    var layers: [Int] = []
    var waiting = [image]
    while let tensor = waiting.popLast() {
      // An element's channel is its place in the tensor modulo `channels`, and stays so on the way back.
      guard let place = producers[tensor], readers[tensor]?.count == 1, !graph.outputs.contains(tensor) else {
        return nil
      }
      let node = graph.nodes[place]
      switch node.operation {
      case .conv2D:
        guard graph[tensor].shape[3] % channels == 0, !layers.contains(place) else { return nil }
        layers.append(place)
      case .reshape: waiting.append(node.inputs[0])
      case .concatenate(let axis):
        guard node.inputs.allSatisfy({ graph[$0].shape[axis...].reduce(1, *) % channels == 0 }) else { return nil }
        waiting += node.inputs
      case .slice(_, let steps):
        let (from, to) = (graph[node.inputs[0]].shape, graph[tensor].shape)
        guard steps.allSatisfy({ $0 == 1 }), from.last == to.last, (from.last ?? 0) % channels == 0 else { return nil }
        waiting.append(node.inputs[0])
      default: return nil
      }
    }
    return producers[image] == layers.first ? nil : layers
  }
}
