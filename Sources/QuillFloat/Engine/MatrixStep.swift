import CQuillFloatKernels

/// A product of matrices whose leading axes are broadcast.
struct MatrixStep: Sendable {
  private let left: Graph.TensorID
  private let right: Graph.TensorID
  private let output: Graph.TensorID
  private let packing: PackedColumns
  private let rowOffsets: SharedBuffer<Int>
  private let leftOffsets: [Int]
  private let rightOffsets: [Int]

  /// The elements that the step needs in scratch memory.
  var scratchCount: Int { packing.elementCount }

  /// A step for `matrixMultiply`.
  init(_ operands: StepOperands) {
    left = operands.input(0)
    right = operands.input(1)
    output = operands.output
    let (leftShape, rightShape) = (operands.shape(0), operands.shape(1))
    let depth = leftShape[leftShape.count - 1]
    let columnCount = rightShape[rightShape.count - 1]
    packing = PackedColumns(depth: depth, columnCount: columnCount, depthStride: columnCount, columnStride: 1)
    rowOffsets = SharedBuffer((0..<leftShape[leftShape.count - 2]).map { $0 * depth }, padding: 0)
    let leading = Array(operands.outputShape.dropLast(2))
    leftOffsets = Self.offsets(of: leftShape, over: leading)
    rightOffsets = Self.offsets(of: rightShape, over: leading)
  }

  /// Where the matrix for each position of the broadcast leading axes begins.
  private static func offsets(of shape: [Int], over leading: [Int]) -> [Int] {
    let matrixCount = shape.suffix(2).reduce(1, *)
    let strides = Array(shape.dropLast(2)).broadcastStrides(to: leading)
    var offsets = [0]
    for (extent, stride) in zip(leading, strides) {
      offsets = offsets.flatMap { base in (0..<extent).map { base + $0 * stride * matrixCount } }
    }
    return offsets
  }

  /// Computes the result.
  func run(_ memory: EngineMemory) {
    var packedOffset: Int?
    var segmentOffset = 0
    let rowCount = rowOffsets.elements.count
    for (index, rightOffset) in rightOffsets.enumerated() {
      if packedOffset != rightOffset {
        packing.pack(memory[right] + rightOffset, into: memory.scratch)
        packedOffset = rightOffset
      }
      withUnsafePointer(to: &segmentOffset) { segment in
        var product = quill_float_product(
          input: memory[left] + leftOffsets[index], row_offsets: rowOffsets.baseAddress, row_count: rowCount,
          segment_offsets: segment, segment_count: 1, segment_length: packing.depth, weights: memory.scratch,
          block_pitch: packing.depth * PackedColumns.block, weight_pitch: PackedColumns.block, bias: nil,
          output: memory[output] + index * rowCount * packing.columnCount,
          output_pitch: packing.columnCount, column_count: packing.columnCount, low: -.infinity, high: .infinity)
        quill_float_product(memory.level.rawLevel, &product)
      }
    }
  }
}

extension [Int] {
  /// The distance between neighbours on each axis of `shape` for a tensor of this shape that is broadcast to it; 0
  /// where it repeats.
  func broadcastStrides(to shape: [Int]) -> [Int] {
    let strides = rowMajorStrides
    let missing = shape.count - count
    return shape.indices.map { axis in
      axis < missing || self[axis - missing] == 1 ? 0 : strides[axis - missing]
    }
  }
}
