/// A node made ready to run.
enum FloatStep: Sendable {
  case product(ProductStep)
  case depthwise(DepthwiseStep)
  case matrix(MatrixStep)
  case pool(PoolStep)
  case reduction(ReductionStep)
  case normalization(NormalizationStep)
  case sampleNormalization(SampleNormalizationStep)
  case binary(BinaryStep)
  case unary(UnaryStep)
  case softmax(SoftmaxStep)
  case copy(CopyStep)
  case resize(ResizeStep)

  /// The step for a node of a validated graph.
  init(_ operands: StepOperands) {
    switch operands.node.operation {
    case .conv2D(let convolution): self = .product(ProductStep(operands, convolution: convolution))
    case .depthwiseConv2D(let convolution): self = .depthwise(DepthwiseStep(operands, convolution: convolution))
    case .fullyConnected(let activation): self = .product(ProductStep(operands, activation: activation))
    case .matrixMultiply: self = .matrix(MatrixStep(operands))
    case .maxPool2D(let pooling): self = .pool(PoolStep(operands, pooling, .maximum))
    case .averagePool2D(let pooling, let countsPadding):
      self = .pool(PoolStep(operands, pooling, .average(countsPadding: countsPadding)))
    case .mean(let axes, keepsAxes: _): self = .reduction(ReductionStep(operands, axes: axes, isMean: true))
    case .sum(let axes, keepsAxes: _): self = .reduction(ReductionStep(operands, axes: axes, isMean: false))
    case .batchNormalization(let epsilon): self = .normalization(NormalizationStep(operands, epsilon: epsilon))
    case .normalize(let axes, let centers, let epsilon):
      self = .sampleNormalization(SampleNormalizationStep(operands, axes: axes, centers: centers, epsilon: epsilon))
    case .binary(let operation, let activation): self = .binary(BinaryStep(operands, operation, activation))
    case .unary(let operation): self = .unary(UnaryStep(operands, operation))
    case .softmax(let axis): self = .softmax(SoftmaxStep(operands, axis: axis, isLogarithmic: false))
    case .logSoftmax(let axis): self = .softmax(SoftmaxStep(operands, axis: axis, isLogarithmic: true))
    case .pad(let before, after: _, let value): self = .copy(.pad(operands, before: before, value: value))
    case .reshape: self = .copy(.reshape(operands))
    case .transpose(let permutation): self = .copy(.transpose(operands, permutation))
    case .concatenate(let axis): self = .copy(.concatenate(operands, axis: axis))
    case .slice(let starts, let steps): self = .copy(.slice(operands, starts: starts, steps: steps))
    case .resizeNearest(let resize): self = .resize(ResizeStep(operands, resize))
    }
  }

  /// The elements that the step needs in scratch memory.
  var scratchCount: Int {
    switch self {
    case .product(let step): step.scratchCount
    case .depthwise(let step): step.scratchCount
    case .matrix(let step): step.scratchCount
    case .reduction(let step): step.scratchCount
    case .normalization(let step): step.scratchCount
    case .sampleNormalization(let step): step.scratchCount
    case .pool, .binary, .unary, .softmax, .copy, .resize: 0
    }
  }

  /// Computes the result.
  func run(_ memory: EngineMemory) {
    switch self {
    case .product(let step): step.run(memory)
    case .depthwise(let step): step.run(memory)
    case .matrix(let step): step.run(memory)
    case .pool(let step): step.run(memory)
    case .reduction(let step): step.run(memory)
    case .normalization(let step): step.run(memory)
    case .sampleNormalization(let step): step.run(memory)
    case .binary(let step): step.run(memory)
    case .unary(let step): step.run(memory)
    case .softmax(let step): step.run(memory)
    case .copy(let step): step.run(memory)
    case .resize(let step): step.run(memory)
    }
  }
}
