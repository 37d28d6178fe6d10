extension Graph {
  /// The scores behind a classifier's answer: what its softmax reads, or the answer itself where there is none.
  package var scores: TensorID? {
    guard var id = outputs.first else { return nil }
    while let node = nodes.first(where: { $0.output == id }) {
      switch node.operation {
      case .softmax, .logSoftmax: return node.inputs[0]
      case .reshape: id = node.inputs[0]
      default: return outputs.first
      }
    }
    return outputs.first
  }

  /// The node that made the first output, reshapes and transposes apart.
  package var lastNode: Node? {
    var id = outputs.first
    while let node = nodes.first(where: { $0.output == id }) {
      switch node.operation {
      case .reshape, .transpose: id = node.inputs[0]
      default: return node
      }
    }
    return nil
  }

  /// What enters the sigmoid that made the first output; `nil` where none did.
  package var sigmoidInput: TensorID? {
    lastNode.flatMap { $0.operation == .unary(.sigmoid) ? $0.inputs[0] : nil }
  }

  /// Whether the answer is one number that a sigmoid made: the probability of the second of two classes.
  package var answersOneProbability: Bool {
    outputs.count == 1 && self[outputs[0]].shape.product == 1 && sigmoidInput != nil
  }

  /// What follows a tensor, up to another one, as a network that takes the first and answers the second. Whatever it needs
  /// besides is constant: `values`, of one run of the whole network.
  package func tail(from start: TensorID, to end: TensorID, values: [TensorID: [Float]]) -> Graph {
    var tail = Graph(name: name)
    var places: [TensorID: TensorID] = [start: tail.addTensor(Tensor(name: self[start].name, shape: self[start].shape))]
    tail.inputs = places.values.map(\.self)
    var following: Set = [start]
    for node in nodes where node.inputs.contains(where: following.contains) && node.output != start {
      following.insert(node.output)
      let operands = node.inputs.map { id in
        if let place = places[id] { return place }
        let place = tail.addTensor(
          Tensor(name: self[id].name, shape: self[id].shape, constant: self[id].constant ?? values[id]))
        places[id] = place
        return place
      }
      let output = tail.addTensor(Tensor(name: self[node.output].name, shape: self[node.output].shape))
      places[node.output] = output
      tail.nodes.append(Node(name: node.name, operation: node.operation, inputs: operands, output: output))
      if node.output == end { break }
    }
    tail.outputs = places[end].map { [$0] } ?? []
    return tail
  }

  /// The last picture that a convolution makes of the input, normalised and activated: what Grad-CAM looks at. `nil` for a
  /// network without convolutions over more than one place.
  package var lastFeatures: TensorID? {
    guard
      let last = nodes.last(where: { node in
        switch node.operation {
        case .conv2D, .depthwiseConv2D: self[node.output].shape[1] * self[node.output].shape[2] > 1
        default: false
        }
      })
    else { return nil }
    var id = last.output
    while let next = nodes.first(where: { $0.inputs.contains(id) }) {
      switch next.operation {
      case .batchNormalization, .unary, .binary:
        guard self[next.output].shape == self[id].shape else { return id }
        id = next.output
      default: return id
      }
    }
    return id
  }
}
