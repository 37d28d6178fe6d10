import CQuillFloatKernels

/// The right side of a product in the order in which the kernels read it: `[ceil(columns / 16)][depth][16]`, the last
/// block filled with zeros.
struct PackedColumns: Sendable {
  /// The terms of a sum.
  let depth: Int

  /// The sums of a row.
  let columnCount: Int

  /// The distance, in the source, between the terms of a sum and between sums.
  let depthStride: Int, columnStride: Int

  /// Columns rounded up to whole blocks.
  var paddedColumnCount: Int { (columnCount + Self.block - 1) / Self.block * Self.block }

  /// The elements of the packed form.
  var elementCount: Int { paddedColumnCount * depth }

  /// Columns of a block.
  static let block = Int(QUILL_FLOAT_BLOCK)

  /// Packs from a source with the declared strides.
  func pack(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
    var next = target
    for first in stride(from: 0, to: columnCount, by: Self.block) {
      let used = min(Self.block, columnCount - first)
      for term in 0..<depth {
        let values = source + term * depthStride + first * columnStride
        for column in 0..<used { next[column] = values[column * columnStride] }
        for column in used..<Self.block { next[column] = 0 }
        next += Self.block
      }
    }
  }
}
