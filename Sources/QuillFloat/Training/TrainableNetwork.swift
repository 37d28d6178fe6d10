/// A network that learns: layers with parameters, values and gradients for batches of up to a fixed size.
///
/// Everything is repeatable to the bit: initial weights and dropout follow from the seed, and no result depends on the
/// number of threads. An instance serves one caller at a time.
public final class TrainableNetwork {
  /// The layers.
  public let description: NetworkDescription

  /// The most samples of a batch.
  public let capacity: Int

  /// The seed of initial weights and dropout.
  public let seed: UInt64

  /// The classes: the logits of a sample.
  public let classCount: Int

  let workers: Workers
  let level: KernelLevel
  let store = ParameterStore()
  let layers: [TrainingLayer]

  /// The steps of training so far, which dropout and running statistics follow.
  var stepCount = 0

  /// The rounding of values to int8, where training is aware of it.
  let rounding: NetworkRounding?

  /// The layers that do not learn, by their positions.
  let frozen: Set<Int>

  /// The stretches of parameters of those layers.
  let frozenStretches: Set<Int>

  /// For each value, whether a layer that learns comes before it.
  let learns: [Bool]

  private let plan: ValuePlan

  /// A network with fresh weights.
  ///
  /// The description must end in a vector: one logit a class. `capacity` and `threadCount` must be at least 1.
  /// Layers whose positions are in `frozen` keep their weights, and the statistics of their normalisation. With
  /// `isQuantizationAware`, weights and values are rounded on the way forward as int8 rounds them, for inputs of 0...1;
  /// the description must then be without batch normalisation.
  public convenience init(
    _ description: NetworkDescription, seed: UInt64, capacity: Int, threadCount: Int = 2, frozen: Set<Int> = [],
    isQuantizationAware: Bool = false
  ) throws(GraphError) {
    try self.init(
      description, seed: seed, capacity: capacity, threadCount: threadCount, level: .best, frozen: frozen,
      isQuantizationAware: isQuantizationAware)
  }

  /// A network with fresh weights on a level, which changes no bit.
  package init(
    _ description: NetworkDescription, seed: UInt64, capacity: Int, threadCount: Int, level: KernelLevel,
    frozen: Set<Int> = [], isQuantizationAware: Bool = false
  ) throws(GraphError) {
    precondition(capacity >= 1 && threadCount >= 1, "a batch holds at least one sample, and one thread works")
    self.description = description
    self.capacity = capacity
    self.seed = seed
    self.level = level
    workers = Workers(threadCount: threadCount)
    let outputShape = description.shape(of: description.output)
    guard outputShape.count == 1, !description.nodes.isEmpty else {
      throw GraphError(at: .graph, .rank(.output, shape: outputShape, expected: 1))
    }
    classCount = outputShape[0]
    try description.expectCountable(capacity: capacity)
    let (workers, store) = (workers, store)
    var frozenStretches: Set<Int> = []
    var layers: [TrainingLayer] = []
    for (index, node) in description.nodes.enumerated() {
      let first = store.stretches.count
      let layer = TrainingLayer(
        node.layer,
        LayerContext(
          inputShapes: node.inputs.map { description.shape(of: $0) }, outputShape: node.shape, capacity: capacity,
          workers: workers, level: level, store: store, roundsWeights: isQuantizationAware))
      layers.append(layer)
      if frozen.contains(index) { frozenStretches.formUnion(first..<store.stretches.count) }
    }
    self.layers = layers
    self.frozenStretches = frozenStretches
    self.frozen = frozen
    learns = description.nodes.indices.reduce(into: [false]) { learns, index in
      let node = description.nodes[index]
      let learnsItself = node.layer.hasParameters && !frozen.contains(index)
      learns.append(learnsItself || node.inputs.contains { learns[$0.index] })
    }
    rounding =
      isQuantizationAware
      ? NetworkRounding(description, capacity: capacity, workers: workers, level: level) : nil
    plan = ValuePlan(description, capacity: capacity)
    store.allocate()
    for (index, layer) in layers.enumerated() {
      var random = TrainingRandom(seed: seed, stream: UInt64(index))
      layer.initialize(&random)
    }
  }

  /// The parameters that are trained, padding included.
  public var parameterCount: Int { store.count }

  /// The memory that samples are written to before a pass, `[capacity][input]`.
  package var inputs: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: plan.values[0].base, count: capacity * description.inputShape.product)
  }

  /// The logits of the last pass, `[capacity][classes]`.
  package var logits: UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: outputValues, count: capacity * classCount)
  }

  /// The parameters, in the network's own order, with zeros between.
  package var parameters: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: store.values.base, count: store.count)
  }

  /// The gradients of the last `backward`, in the order of `parameters`.
  package var gradients: UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: store.gradients.base, count: store.count)
  }

  private var outputValues: UnsafeMutablePointer<Float> { readable(description.output.index) }

  /// A value as others read it.
  private func readable(_ value: Int) -> UnsafeMutablePointer<Float> {
    rounding?.readable(value) ?? plan.values[value].base
  }

  /// Computes the logits of the first `count` samples of `inputs`.
  package func forward(count: Int, isTraining: Bool) {
    forward(count: count, isTraining: isTraining, gatheredBatchCount: isTraining ? stepCount : nil)
  }

  /// Computes the logits, in training or with the statistics of normalisation gathered outside it.
  func forward(count: Int, isTraining: Bool, gatheredBatchCount: Int?) {
    precondition(count <= capacity, "\(count) samples for a network of at most \(capacity)")
    for (index, layer) in layers.enumerated() {
      let pass = pass(index, count: count, isTraining: isTraining, gatheredBatchCount: gatheredBatchCount)
      layer.forward(pass)
      rounding?.round(
        index + 1, pass.output, from: pass.inputs[0], count: count * description.nodes[index].shape.product,
        isTraining: isTraining)
    }
  }

  /// The loss of the last pass for integer labels, without gradients.
  package func loss(count: Int, labels: [Int]) -> BatchResult {
    labels.withUnsafeBufferPointer {
      evaluate(count: count, targets: .labels($0.baseAddressOrDangling), weights: nil, withGradients: false)
    }
  }

  /// Computes loss and gradients of the last pass. `weights` are factors of the samples' losses; `smoothing` is the
  /// share of a label that all classes have alike.
  package func backward(
    count: Int, labels: [Int], weights: [Float]? = nil, smoothing: Double = 0
  ) -> BatchResult {
    precondition(
      labels.count >= count && labels.prefix(count).allSatisfy { (TrainingSource.noClass..<classCount).contains($0) })
    return labels.withUnsafeBufferPointer {
      let labels = $0.baseAddressOrDangling
      return backward(
        count: count, targets: smoothing == 0 ? .labels(labels) : .smoothedLabels(labels, share: smoothing),
        weights: weights)
    }
  }

  /// Computes loss and gradients of the last pass for rows of shares, `[count][classes]`.
  package func backward(count: Int, distributions: [Float], weights: [Float]? = nil) -> BatchResult {
    precondition(distributions.count >= count * classCount)
    return distributions.withUnsafeBufferPointer {
      backward(count: count, targets: .distributions($0.baseAddressOrDangling), weights: weights)
    }
  }

  private func backward(count: Int, targets: CrossEntropy.Targets, weights: [Float]?) -> BatchResult {
    let result = evaluate(count: count, targets: targets, weights: weights, withGradients: true)
    plan.startReturn()
    for (index, layer) in layers.enumerated().reversed() {
      let node = description.nodes[index]
      if node.layer == .flatten || !learns[index + 1] { continue }
      let targets = plan.gradientTargets(of: node.inputs, learns)
      let pass = pass(index, count: count, isTraining: true, gatheredBatchCount: stepCount)
      let gradient = plan.gradients[index + 1].base
      rounding?.mask(index + 1, gradient, values: pass.output, count: count * node.shape.product)
      layer.backward(
        LayerReturn(
          pass: pass, outputGradient: gradient, inputGradients: targets, wantsParameters: !frozen.contains(index)))
      plan.collect(node.inputs, from: targets, count: count, workers: workers)
    }
    stepCount += 1
    return result
  }

  /// The values and their gradients that a layer computed for the first samples of the last `backward`.
  func trace(_ index: Int) -> (values: UnsafePointer<Float>, gradients: UnsafePointer<Float>) {
    (UnsafePointer(plan.values[index + 1].base), UnsafePointer(plan.gradients[index + 1].base))
  }

  private func evaluate(
    count: Int, targets: CrossEntropy.Targets, weights: [Float]?, withGradients: Bool
  ) -> BatchResult {
    let gradients = withGradients ? plan.gradients[description.output.index].base : nil
    func run(_ weights: UnsafePointer<Float>?) -> BatchResult {
      CrossEntropy.evaluate(
        logits: outputValues, sampleCount: count, classCount: classCount, targets: targets, weights: weights,
        gradients: gradients)
    }
    guard let weights else { return run(nil) }
    precondition(weights.count >= count)
    return weights.withUnsafeBufferPointer { run($0.baseAddress) }
  }

  private func pass(_ index: Int, count: Int, isTraining: Bool, gatheredBatchCount: Int?) -> LayerPass {
    let keepsStatistics = frozen.contains(index) && description.nodes[index].layer.hasStatistics
    return LayerPass(
      inputs: description.nodes[index].inputs.map { readable($0.index) },
      output: plan.values[index + 1].base, count: count, isTraining: isTraining,
      gatheredBatchCount: keepsStatistics ? nil : gatheredBatchCount,
      random: TrainingRandom(seed: seed, stream: UInt64(stepCount + 1) << 20 | UInt64(index)))
  }
}
