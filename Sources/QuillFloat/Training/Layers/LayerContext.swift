/// What a layer is made from.
struct LayerContext {
  /// The shapes of one sample of the operands.
  let inputShapes: [[Int]]

  /// The shape of one sample of the result.
  let outputShape: [Int]

  /// The most samples of a batch.
  let capacity: Int

  /// The threads.
  let workers: Workers

  /// The instruction set of the products.
  let level: KernelLevel

  /// Where parameters live.
  let store: ParameterStore

  /// Whether weights are rounded as int8 rounds them before they are used.
  let roundsWeights: Bool

  /// The shape of one sample of the first operand.
  var inputShape: [Int] { inputShapes[0] }
}

/// One pass of a batch through a layer.
struct LayerPass {
  /// The operands, batch first.
  let inputs: [UnsafeMutablePointer<Float>]

  /// The result, batch first.
  let output: UnsafeMutablePointer<Float>

  /// The samples.
  let count: Int

  /// Whether the pass is part of training, so that dropout drops.
  let isTraining: Bool

  /// The batches that running statistics hold so far, where this batch's are used and join them; `nil` where they are
  /// used as they stand.
  let gatheredBatchCount: Int?

  /// Seeds this step's random choices in this layer.
  let random: TrainingRandom
}

/// The way back: the gradient of the loss for the result is there, those for the operands are to be written.
struct LayerReturn {
  /// The pass forward.
  let pass: LayerPass

  /// The gradient for the result. The layer may overwrite it.
  let outputGradient: UnsafeMutablePointer<Float>

  /// Where each operand's gradient goes, or `nil` where nobody needs it.
  let inputGradients: [UnsafeMutablePointer<Float>?]

  /// Whether the layer learns, so that the gradients of its parameters are wanted.
  let wantsParameters: Bool
}
