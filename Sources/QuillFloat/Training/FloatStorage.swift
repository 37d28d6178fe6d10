/// Floats that one owner writes, 64-byte aligned, with 64 readable floats beyond the last for the kernels' vectors.
final class FloatStorage {
  /// The first element.
  let base: UnsafeMutablePointer<Float>

  /// The elements.
  let count: Int

  private let buffer: UnsafeMutableBufferPointer<Float>

  /// Zeros.
  init(count: Int) {
    self.count = count
    buffer = .allocateAligned(count: count + 64)
    buffer.initialize(repeating: 0)
    base = UnsafeMutablePointer(mutating: UnsafeBufferPointer(buffer).baseAddressOrDangling)
  }

  deinit { buffer.deallocate() }
}
