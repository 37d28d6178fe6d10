import QuillFloat
import Testing

/// Networks in words that branch, and networks read back from graphs.
struct NetworkTextTests {
  private func network(_ text: String) throws -> NetworkDescription {
    try NetworkDescription(text: text, inputShape: [8, 8, 1], classCount: 3)
  }

  @Test func residualAndExcitationBranch() throws {
    let text = "conv4x3:same:norm-res(depthwise3:same:linear:norm-conv4x1:same:linear)-relu-squeeze2-globalpool-classes"
    let found = try network(text)
    let kinds = found.nodes.map(\.layer.name)
    #expect(
      kinds == [
        "convolution", "batchNormalization", "ReLU", "depthwise", "batchNormalization", "convolution", "add", "ReLU",
        "globalAveragePool", "dense", "dense", "Sigmoid", "multiply", "globalAveragePool", "dense",
      ])
    // The sum reads the end of the way and the value before it; the product the image and its factors.
    #expect(found.nodes[6].inputs.map(\.index) == [6, 3])
    #expect(found.nodes[12].inputs.map(\.index) == [8, 12])
  }

  @Test func residualOfTwoWays() throws {
    let found = try network("conv4x3:same-res(conv8x3:same:s2-conv8x3:same:linear|conv8x1:s2:linear)-relu-classes")
    #expect(found.nodes[4].layer == .add)
    #expect(found.nodes[4].inputs.map(\.index) == [3, 4])
    #expect(found.nodes[4].shape == [4, 4, 8])
  }

  /// Each mistake and its sentence; words are counted in reading order.
  @Test(arguments: [
    (
      "conv4x3:same-res(conv4x3:same-conv5x3:same)-classes",
      "layer 2 'res(conv4x3:same-conv5x3:same)' does not fit there: "
        + "the shapes [8, 8, 5] and [8, 8, 4] cannot be broadcast; "
        + "expected equal extents or 1, counted from the last axis"
    ),
    (
      "conv4x3-res(conv4x3:same-cnov)-classes",
      "layer 4 'cnov' is unknown; expected conv32x3, depthwise3, dense128, pool, avgpool, globalpool, norm, "
        + "drop0.5, flatten, squeeze8, res(layers), an activation, or last a number of classes"
    ),
    ("squeeze-classes", "layer 1 'squeeze' has not its numbers; expected squeeze8: units"),
  ])
  func mistakesAreNamed(text: String, sentence: String) {
    #expect { try network(text) } throws: { "\($0)" == sentence }
  }

  @Test(arguments: [
    "res(conv4x3", "conv4x3)-classes", "res()-classes", "res(a|b|c)-classes", "dense4-squeeze2-classes", "res(|)-3",
  ])
  func whatFitsNowhereIsRefused(text: String) {
    #expect(throws: TrainingError.self) { try network(text) }
  }

  /// A network, its graph, and the network that is found in the graph: the same numbers.
  @Test(arguments: [
    "conv4x3:same:norm-res(depthwise3:same:linear:norm-conv4x1:same:linear)-relu-squeeze2-pool-classes",
    "conv6x3:tanh-pool-conv4x2:s2:relu6-drop0.2-dense5:hardswish-3",
    "conv4x3:leaky0.2-avgpool-globalpool-dense5:sigmoid-classes",
  ])
  func graphsAreReadBack(text: String) throws {
    let network = try TrainableNetwork(try network(text), seed: 4, capacity: 2)
    for index in network.inputs.indices { network.inputs[index] = Float(index % 23) / 23 }
    network.forward(count: 2, isTraining: true)
    network.forward(count: 2, isTraining: false)
    let trained = try TrainedNetwork(try network.graph())
    let again = try TrainableNetwork(trained.description, seed: 5, capacity: 2)
    again.adopt(trained)
    for index in network.inputs.indices { again.inputs[index] = network.inputs[index] }
    again.forward(count: 2, isTraining: false)
    #expect(Array(again.logits) == Array(network.logits))
    #expect(again.trained == trained)
    let more = try trained.answering(classCount: 5, anew: false)
    #expect(more.description.nodes.last?.shape == [5])
    #expect(more.constants.dropLast() == trained.constants.dropLast())
    #expect(try trained.answering(classCount: 3, anew: false) == trained)
  }
}
