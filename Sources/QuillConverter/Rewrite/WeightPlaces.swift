import QuillFloat

/// Which output of a linear layer a position in its weights adds to, and which channel of the operand it multiplies.
struct WeightPlaces {
  private let outputs: Int
  /// Weights of one output.
  private let row: Int
  private let channels: Int
  private let groups: Int
  private let isDepthwise: Bool

  /// - Parameters:
  ///   - node: a convolution, depthwise convolution or fully connected layer of constant weights.
  ///   - channels: those of the operand; by default its last axis. Of a dense layer that reads an image as a list, the image's.
  init(_ node: Graph.Node, in graph: Graph, channels: Int? = nil) {
    outputs = graph[node.output].shape.last ?? 1
    row = graph[node.inputs[1]].shape.product / outputs
    self.channels = channels ?? graph[node.inputs[0]].shape.last ?? 1
    switch node.operation {
    case .depthwiseConv2D: (groups, isDepthwise) = (1, true)
    case .conv2D(let parameters): (groups, isDepthwise) = (parameters.groups, false)
    default: (groups, isDepthwise) = (1, false)
    }
  }

  /// The output that a weight adds to.
  func output(of position: Int) -> Int { isDepthwise ? position % outputs : position / row }

  /// The channel that a weight multiplies.
  func channel(of position: Int) -> Int {
    let output = output(of: position)
    if isDepthwise { return output / (outputs / channels) }
    let depth = channels / groups
    return output / (outputs / groups) * depth + position % depth
  }
}
