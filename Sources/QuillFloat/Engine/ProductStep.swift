import CQuillFloatKernels

/// A convolution or dense layer: windows of the input times packed weights.
///
/// Each output element is a chain of fused multiply-adds over the rows, columns and channels of its window, in that
/// order; the bias is added last, then come the activation's bounds.
struct ProductStep: Sendable {
  private let input: Graph.TensorID
  private let output: Graph.TensorID
  private let weights: Graph.TensorID
  private let bias: Graph.TensorID?
  private let packing: PackedColumns
  private let groups: Int
  private let groupDepth: Int
  private let layout: WindowLayout?
  private let rowOffsets: SharedBuffer<Int>
  private let segmentOffsets: SharedBuffer<Int>
  private let segmentLength: Int
  private let activation: Operation.Activation

  /// Packed weights and padded bias of each group, where both are constant.
  private let prepared: SharedBuffer<Float>?

  /// The elements that the step needs in scratch memory.
  let scratchCount: Int

  /// A step for `conv2D`.
  init(_ operands: StepOperands, convolution: Operation.Convolution) {
    let (image, weights) = (operands.shape(0), operands.shape(1))
    let layout = WindowLayout(
      image: image, kernelHeight: weights[1], kernelWidth: weights[2], output: operands.outputShape,
      convolution: convolution)
    // A row of taps is contiguous where columns are neither spread nor cut into groups.
    let joinsColumns = convolution.dilationWidth == 1 && convolution.groups == 1
    let taps = layout.tapOffsets
    self.init(
      operands, groups: convolution.groups, layout: layout, rowOffsets: layout.windowOffsets,
      segmentOffsets: joinsColumns ? stride(from: 0, to: taps.count, by: weights[2]).map { taps[$0] } : taps,
      segmentLength: joinsColumns ? weights[2] * weights[3] : weights[3], activation: convolution.activation)
  }

  /// A step for `fullyConnected`.
  init(_ operands: StepOperands, activation: Operation.Activation) {
    let depth = operands.shape(1)[1]
    let rowCount = operands.outputShape.dropLast().reduce(1, *)
    self.init(
      operands, groups: 1, layout: nil, rowOffsets: (0..<rowCount).map { $0 * depth }, segmentOffsets: [0],
      segmentLength: depth, activation: activation)
  }

  private init(
    _ operands: StepOperands, groups: Int, layout: WindowLayout?, rowOffsets: [Int], segmentOffsets: [Int],
    segmentLength: Int, activation: Operation.Activation
  ) {
    input = operands.input(0)
    weights = operands.input(1)
    bias = operands.optionalInput(2)
    output = operands.output
    let shape = operands.shape(1)
    let depth = segmentOffsets.count * segmentLength
    packing = PackedColumns(depth: depth, columnCount: shape[0] / groups, depthStride: 1, columnStride: depth)
    self.groups = groups
    groupDepth = shape[shape.count - 1]
    self.layout = layout
    self.rowOffsets = SharedBuffer(rowOffsets, padding: 0)
    self.segmentOffsets = SharedBuffer(segmentOffsets, padding: 0)
    self.segmentLength = segmentLength
    self.activation = activation
    let preparedCount = groups * (packing.elementCount + packing.paddedColumnCount)
    let biasValues = operands.optionalInput(2).map { operands.graph[$0].constant } ?? []
    if let values = operands.constant(1), let biasValues {
      let (packing, groups) = (packing, groups)
      prepared = SharedBuffer(count: preparedCount, repeating: 0) { storage in
        values.withUnsafeBufferPointer { weights in
          biasValues.withUnsafeBufferPointer { bias in
            Self.prepare(
              packing, groups: groups, weights: weights.baseAddressOrDangling, bias: bias.baseAddress,
              into: storage)
          }
        }
      }
      scratchCount = layout?.copyCount ?? 0
    } else {
      prepared = nil
      scratchCount = (layout?.copyCount ?? 0) + preparedCount
    }
  }

  /// Computes the result.
  func run(_ memory: EngineMemory) {
    let image = layout?.image(memory[input], scratch: memory.scratch) ?? UnsafePointer(memory[input])
    let parameters = preparedParameters(memory)
    let biasBase = parameters + groups * packing.elementCount
    let bounds = activation.bounds
    for group in 0..<groups {
      var product = quill_float_product(
        input: image + group * groupDepth, row_offsets: rowOffsets.baseAddress,
        row_count: rowOffsets.elements.count, segment_offsets: segmentOffsets.baseAddress,
        segment_count: segmentOffsets.elements.count, segment_length: segmentLength,
        weights: parameters + group * packing.elementCount,
        block_pitch: packing.depth * PackedColumns.block, weight_pitch: PackedColumns.block,
        bias: bias == nil ? nil : biasBase + group * packing.paddedColumnCount,
        output: memory[output] + group * packing.columnCount, output_pitch: groups * packing.columnCount,
        column_count: packing.columnCount, low: bounds.low, high: bounds.high)
      quill_float_product(memory.level.rawLevel, &product)
    }
  }

  private func preparedParameters(_ memory: EngineMemory) -> UnsafePointer<Float> {
    if let prepared { return prepared.baseAddress }
    let count = groups * (packing.elementCount + packing.paddedColumnCount)
    let storage = UnsafeMutableBufferPointer(start: memory.scratch + (layout?.copyCount ?? 0), count: count)
    Self.prepare(
      packing, groups: groups, weights: memory[weights], bias: bias.map { UnsafePointer(memory[$0]) }, into: storage)
    return UnsafePointer(memory.scratch + (layout?.copyCount ?? 0))
  }

  /// Writes the packed weights of all groups, and then their biases, each padded to whole blocks.
  private static func prepare(
    _ packing: PackedColumns, groups: Int, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    into storage: UnsafeMutableBufferPointer<Float>
  ) {
    guard var next = storage.baseAddress else { return }
    for group in 0..<groups {
      packing.pack(weights + group * packing.columnCount * packing.depth, into: next)
      next += packing.elementCount
    }
    guard let bias else { return }
    for group in 0..<groups {
      next.update(repeating: 0, count: packing.paddedColumnCount)
      next.update(from: bias + group * packing.columnCount, count: packing.columnCount)
      next += packing.paddedColumnCount
    }
  }
}
