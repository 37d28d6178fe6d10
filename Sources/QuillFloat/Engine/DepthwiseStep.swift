import CQuillFloatKernels

/// A depthwise convolution: a chain of fused multiply-adds over the rows and columns of the window, then the bias,
/// then the activation's bounds.
struct DepthwiseStep: Sendable {
  private let input: Graph.TensorID
  private let weights: Graph.TensorID
  private let bias: Graph.TensorID?
  private let output: Graph.TensorID
  private let channelCount: Int
  private let layout: WindowLayout
  private let rowOffsets: SharedBuffer<Int>
  private let tapOffsets: SharedBuffer<Int>
  private let activation: Operation.Activation

  /// The elements that the step needs in scratch memory.
  var scratchCount: Int { layout.copyCount }

  /// A step for `depthwiseConv2D`.
  init(_ operands: StepOperands, convolution: Operation.Convolution) {
    let (image, shape) = (operands.shape(0), operands.shape(1))
    input = operands.input(0)
    weights = operands.input(1)
    bias = operands.optionalInput(2)
    output = operands.output
    channelCount = shape[3]
    layout = WindowLayout(
      image: image, kernelHeight: shape[1], kernelWidth: shape[2], output: operands.outputShape,
      convolution: convolution, multiplier: shape[3] / image[3])
    rowOffsets = SharedBuffer(layout.windowOffsets, padding: 0)
    tapOffsets = SharedBuffer(layout.tapOffsets, padding: 0)
    activation = convolution.activation
  }

  /// Computes the result.
  func run(_ memory: EngineMemory) {
    let bounds = activation.bounds
    var depthwise = quill_float_depthwise(
      input: layout.image(memory[input], scratch: memory.scratch), row_offsets: rowOffsets.baseAddress,
      row_count: rowOffsets.elements.count, tap_offsets: tapOffsets.baseAddress,
      tap_count: tapOffsets.elements.count, channel_count: channelCount, weights: memory[weights],
      bias: bias.map { UnsafePointer(memory[$0]) }, output: memory[output], low: bounds.low, high: bounds.high)
    quill_float_depthwise(memory.level.rawLevel, &depthwise)
  }
}
