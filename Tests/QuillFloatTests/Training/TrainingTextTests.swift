import QuillFloat
import Testing

/// Networks in words, and parting samples.
struct TrainingTextTests {
  private static func network(_ text: String, shape: [Int] = [28, 28, 1]) throws(TrainingError) -> NetworkDescription {
    try NetworkDescription(text: text, inputShape: shape, classCount: 10)
  }

  @Test func wordsBecomeLayers() throws {
    let network = try Self.network("conv32x3-pool-conv64x3:s2:same:tanh-norm-leaky0.1-dense128:linear-drop0.5-classes")
    #expect(
      network.nodes.map(\.layer) == [
        .convolution(channels: 32, window: .init(3), fused: .relu), .maxPool(window: .init(2, stride: 2)),
        .convolution(channels: 64, window: .init(3, stride: 2, padding: .same)), .activation(.tanh),
        .batchNormalization(), .activation(.leakyRelu(alpha: 0.1)), .flatten, .dense(units: 128),
        .dropout(rate: 0.5), .dense(units: 10),
      ])
    #expect(
      try Self.network("depthwise3:same-avgpool3:s1-maxpool-globalpool-dense4:relu6-sigmoid-12").nodes.map(\.layer) == [
        .depthwiseConvolution(window: .init(3, padding: .same)), .activation(.relu), .averagePool(window: .init(3)),
        .maxPool(window: .init(2, stride: 2)), .globalAveragePool, .dense(units: 4, fused: .relu6),
        .activation(.sigmoid), .dense(units: 12),
      ])
  }

  @Test func recipesHaveTheirParameters() throws {
    // Weights and biases as Keras counts them, the means and variances of normalisations too.
    let counts = ["mlp-128": 101_770, "mlp-128-64": 109_386, "quill": 50_234]
    for recipe in Recipe.all {
      let network = try TrainableNetwork(try Self.network(recipe.network), seed: 1, capacity: 1)
      let constants = try network.graph().tensors.compactMap(\.constant?.count)
      #expect(constants.reduce(0, +) == counts[recipe.name, default: 225_034], "\(recipe.name)")
      #expect(Recipe.named(recipe.name) == recipe)
    }
  }

  /// Each mistake and its sentence.
  @Test(arguments: [
    (
      "cnov32x3-10",
      "layer 1 'cnov32x3' is unknown; expected conv32x3, depthwise3, dense128, pool, avgpool, globalpool, norm, "
        + "drop0.5, flatten, squeeze8, res(layers), an activation, or last a number of classes"
    ),
    ("conv32-10", "layer 1 'conv32' has not its numbers; expected conv32x3: channels x rows of the window"),
    ("pool-dense0-10", "layer 2 'dense0' has not its numbers; expected dense128: units"),
    (
      "dense99999999999999999999-10",
      "layer 1 'dense99999999999999999999' has not its numbers; expected dense128: units"
    ),
    ("drop1.5-10", "layer 1 'drop1.5' has not its numbers; expected drop0.5: a share below 1"),
    ("leakyx-10", "layer 1 'leakyx' has not its numbers; expected leaky0.1: a share below 1"),
    (
      "dense8:same-10",
      "layer 1 'dense8:same': ':same' does not fit it; expected :same, :s2 (a stride), :norm or an activation: "
        + "relu, relu6, leaky0.1, sigmoid, tanh, hardswish, linear"
    ),
    ("dense8-9", "the network answers 9 scores, but the data has 10 classes; end it in 'classes'"),
    ("pool", "the network ends in an image of shape [14, 14, 1]; expected a last layer such as 'classes'"),
  ])
  func mistakesAreNamed(text: String, sentence: String) {
    #expect { try Self.network(text) } throws: { "\($0)" == sentence }
  }

  @Test(arguments: ["", "-", "dense8--10", "dense8-conv3x3-10", "conv8x29-10", "pool-", "conv8x3:s0-10", "10:relu"])
  func whatFitsNowhereIsRefused(text: String) {
    #expect(throws: TrainingError.self) { try Self.network(text) }
  }

  @Test func partsValidate() {
    let labels = (0..<50).map { $0 % 5 }
    let last = ValidationSplit.last.parts(of: labels, share: 0.1, seed: 1)
    #expect(last.training == Array(0..<45))
    #expect(last.validation == Array(45..<50))
    let drawn = ValidationSplit.stratified.parts(of: labels, share: 0.2, seed: 1)
    #expect((drawn.training + drawn.validation).sorted() == Array(0..<50))
    #expect(drawn == ValidationSplit.stratified.parts(of: labels, share: 0.2, seed: 1))
    #expect(drawn != ValidationSplit.stratified.parts(of: labels, share: 0.2, seed: 2))
    for label in 0..<5 { #expect(drawn.validation.count { labels[$0] == label } == 2) }
  }
}
