/// Numbers that one owner writes, 64-byte aligned, with 64 readable ones beyond the last for the kernels' vectors.
final class AlignedStorage<Element: BitwiseCopyable & ExpressibleByIntegerLiteral> {
  /// The first element.
  let base: UnsafeMutablePointer<Element>

  /// The elements.
  let count: Int

  private let buffer: UnsafeMutableBufferPointer<Element>

  /// Zeros.
  init(count: Int) {
    self.count = count
    buffer = .allocateAligned(count: count + 64)
    buffer.initialize(repeating: 0)
    base = UnsafeMutablePointer(mutating: UnsafeBufferPointer(buffer).baseAddressOrDangling)
  }

  deinit { buffer.deallocate() }
}

typealias FloatStorage = AlignedStorage<Float>
typealias DoubleStorage = AlignedStorage<Double>
