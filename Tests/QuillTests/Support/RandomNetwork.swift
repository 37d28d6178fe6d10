import QuillConverter
import QuillFloat
import TestSupport

/// A random int8 network: a chain of image operators with a branch that is added back, then a classifier.
enum RandomNetwork {
  private struct Builder {
    var graph = QuantizedGraph(name: "random")
    var current: Int
    var random: SeededGenerator

    init(_ random: SeededGenerator) {
      self.random = random
      var random = random
      let shape = [1, random.integer(6...16), random.integer(6...16), random.integer(1...3)]
      current = graph.addTensor(
        QuantizedGraph.Tensor(name: "input", shape: shape, scale: 1.0 / 255, zeroPoint: -128))
      graph.inputs = [current]
      self.random = random
    }

    var shape: [Int] { graph.tensors[current].shape }

    mutating func append(
      _ operation: QuantizedOperation, _ inputs: [Int], _ shape: [Int], scale: Float? = nil, zeroPoint: Int32? = nil
    ) {
      let tensor = QuantizedGraph.Tensor(
        name: "t\(graph.tensors.count)", shape: shape, scale: scale ?? Float(random.integer(1...60)) / 100,
        zeroPoint: zeroPoint ?? Int32(random.integer(-128...127)))
      let output = graph.addTensor(tensor)
      graph.nodes.append(
        QuantizedGraph.Node(name: "n\(graph.nodes.count)", operation: operation, inputs: inputs, output: output))
      current = output
    }

    mutating func weights(_ shape: [Int], channels: Int) -> QuantizedWeights {
      QuantizedWeights(
        values: random.weights(shape.product), shape: shape,
        scales: (0..<channels).map { _ in Float(random.integer(1...40)) / 10_000 },
        bias: (0..<channels).map { _ in Int32(random.integer(-2000...2000)) })
    }

    mutating func convolve(keepsChannels: Bool = false) {
      let channels = keepsChannels ? shape[3] : random.integer(1...40)
      let kernel = random.integer(1...3)
      let parameters = Operation.Convolution(
        padding: Operation.Padding(
          top: kernel / 2, left: kernel / 2, bottom: (kernel - 1) / 2, right: (kernel - 1) / 2),
        activation: random.once(in: 2) ? .relu : .none)
      let operation = QuantizedOperation.conv2D(
        parameters, weights([channels, kernel, kernel, shape[3]], channels: channels))
      append(operation, [current], [1, shape[1], shape[2], channels])
    }

    mutating func depthwise() {
      let channels = shape[3]
      let parameters = Operation.Convolution(
        padding: Operation.Padding(top: 1, left: 1, bottom: 1, right: 1), groups: channels)
      let operation = QuantizedOperation.depthwiseConv2D(parameters, weights([1, 3, 3, channels], channels: channels))
      append(operation, [current], shape)
    }

    mutating func pool() {
      guard shape[1] >= 2, shape[2] >= 2 else { return }
      let pooling = Operation.Pooling(windowHeight: 2, windowWidth: 2, strideHeight: 2, strideWidth: 2)
      let tensor = graph.tensors[current]
      let isMaximum = random.once(in: 2)
      append(
        isMaximum ? .maxPool2D(pooling, .none) : .averagePool2D(pooling, .none), [current],
        [1, shape[1] / 2, shape[2] / 2, shape[3]], scale: tensor.scale, zeroPoint: tensor.zeroPoint)
    }

    mutating func residual() {
      let before = current
      convolve(keepsChannels: true)
      if random.once(in: 2) { convolve(keepsChannels: true) }
      append(.add(.relu), [current, before], shape, scale: 0.7)
    }

    /// Softmax over the channels of each pixel: networks may have several, each with its own scale.
    mutating func attend() {
      append(.softmax(beta: 1), [current], shape, scale: 1.0 / 256, zeroPoint: -128)
    }

    mutating func classify() {
      let flat = shape.product
      let tensor = graph.tensors[current]
      append(.reshape, [current], [1, flat], scale: tensor.scale, zeroPoint: tensor.zeroPoint)
      append(.fullyConnected(.none, weights([10, flat], channels: 10)), [current], [1, 10])
      append(.softmax(beta: 1), [current], [1, 10], scale: 1.0 / 256, zeroPoint: -128)
      graph.outputs = [current]
    }
  }

  static func make(_ random: inout SeededGenerator) -> QuantizedGraph {
    var builder = Builder(random)
    for _ in 0..<builder.random.integer(1...4) {
      switch builder.random.integer(0...5) {
      case 0: builder.depthwise()
      case 1: builder.pool()
      case 2: builder.residual()
      case 3:
        builder.convolve()
        builder.pool()
      case 4: builder.attend()
      default: builder.convolve()
      }
    }
    builder.classify()
    random = builder.random
    return builder.graph
  }
}
