/// The bytes of a `.quill` file that nobody else can change: memory of its own, or memory that outlives the program.
///
/// A file is read into it, never mapped: overwriting the file on disk can neither crash nor change an opened model.
@safe public struct ModelMemory: ~Copyable, @unchecked Sendable {
  private let start: UnsafeMutableRawPointer
  private let isOwned: Bool

  /// The number of bytes.
  public let byteCount: Int

  /// Memory of `byteCount` zero bytes, aligned to 64. Allocates.
  public init(byteCount: Int) {
    precondition(byteCount >= 0, "a model cannot have \(byteCount) bytes")
    self.byteCount = byteCount
    isOwned = true
    unsafe start = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 64), alignment: 64)
    // Proved: `start` holds max(byteCount, 64) bytes.
    unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: max(byteCount, 64))
  }

  /// A copy of the given bytes. Allocates.
  public init(copying bytes: Span<UInt8>) {
    self.init(byteCount: bytes.count)
    withMutableBytes { target in
      for index in 0..<bytes.count { target[index] = bytes[index] }
    }
  }

  /// Bytes that stay in place, unchanged, for as long as the program runs: flash memory, a constant array.
  ///
  /// They must begin at a multiple of 64; opening a model says so otherwise.
  @unsafe public init(immortal bytes: UnsafeRawBufferPointer) {
    byteCount = bytes.count
    isOwned = false
    if let base = bytes.baseAddress {
      unsafe start = UnsafeMutableRawPointer(mutating: base)
    } else {
      // An empty array of bytes has no address; nothing is ever read through this one.
      unsafe start = UnsafeMutableRawPointer(bitPattern: 64).unsafelyUnwrapped
    }
  }

  deinit {
    if isOwned { unsafe start.deallocate() }
  }

  /// The largest power of two, up to 64, that the address is a multiple of.
  package var alignment: Int {
    let address = unsafe UInt(bitPattern: start)
    return min(64, 1 << address.trailingZeroBitCount)
  }

  /// Lends the bytes for writing: to read a file into them. Not for immortal bytes.
  public mutating func withMutableBytes<Failure: Error>(
    _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(isOwned, "immortal bytes cannot be written")
    // Proved: `start` holds `byteCount` initialised bytes, and `mutating` makes the access exclusive.
    var span = unsafe MutableSpan(
      _unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: byteCount)
    try body(&span)
  }

  /// Lends the bytes for reading.
  public func withBytes<Result: ~Copyable, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // Proved: `start` holds `byteCount` initialised bytes that nothing writes while `self` is borrowed.
    let span = unsafe Span(_unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: byteCount)
    return try body(span)
  }

  /// The address of a byte; the caller keeps within `byteCount`.
  @unsafe package func pointer(at offset: Int) -> UnsafeRawPointer {
    unsafe UnsafeRawPointer(start + offset)
  }
}
