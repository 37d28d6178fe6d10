// The one place where the engine turns offsets into memory. Opening a model proved every offset that arrives here:
// tensors lie within the arena (`ModelParts.check`), weights and tables within the file (`LinearProof`), and the
// arena's bytes are initialised in `Engine.init`.

extension Engine {
  /// Lends the arena from an offset to its end, for reading.
  @inline(__always)
  func withValues<Result>(from offset: Int, _ body: (Span<Int8>) -> Result) -> Result {
    let start = unsafe UnsafePointer(arena.assumingMemoryBound(to: Int8.self)) + offset
    return body(unsafe Span(_unsafeStart: start, count: arenaByteCount &- offset))
  }

  /// Lends the arena from an offset to its end, for writing.
  @inline(__always)
  mutating func withMutableValues(from offset: Int, _ body: (inout MutableSpan<Int8>) -> Void) {
    let start = unsafe arena.assumingMemoryBound(to: Int8.self) + offset
    var span = unsafe MutableSpan(_unsafeStart: start, count: arenaByteCount &- offset)
    body(&span)
  }

  /// Copies values into the arena; the caller proved that there is room for them.
  @inline(__always)
  mutating func copy(_ values: Span<Int8>, to offset: Int) {
    unsafe values.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe (arena + offset).copyMemory(from: start, byteCount: bytes.count)
    }
  }

  /// Fills the arena from one offset up to another, both within it and not before the first, with a value: sixteen bytes at a
  /// time, and what is left without a loop.
  @inline(__always)
  mutating func fill(_ start: Int, upTo end: Int, _ value: Int8) {
    let sixteen = SIMD16(repeating: value)
    let eight = UInt64(truncatingIfNeeded: UInt8(bitPattern: value)) &* 0x0101_0101_0101_0101
    var place = unsafe arena + start
    var left = end &- start
    while left >= 16 {
      unsafe place.storeBytes(of: sixteen, as: SIMD16<Int8>.self)
      unsafe place += 16
      left &-= 16
    }
    if left & 8 != 0 {
      unsafe place.storeBytes(of: eight, as: UInt64.self)
      unsafe place += 8
    }
    if left & 4 != 0 {
      unsafe place.storeBytes(of: UInt32(truncatingIfNeeded: eight), as: UInt32.self)
      unsafe place += 4
    }
    if left & 2 != 0 {
      unsafe place.storeBytes(of: UInt16(truncatingIfNeeded: eight), as: UInt16.self)
      unsafe place += 2
    }
    if left & 1 != 0 { unsafe place.storeBytes(of: value, as: Int8.self) }
  }

  /// Lends the arena from one offset for reading and from another for writing.
  ///
  /// Operand and output lie apart, but where `Operator.worksInPlace`: such a kernel reads each value before it writes
  /// the one at the same place, and never again.
  @inline(__always)
  mutating func withValues(
    from source: Int, to target: Int, _ body: (Span<Int8>, inout MutableSpan<Int8>) -> Void
  ) {
    let start = unsafe UnsafePointer(arena.assumingMemoryBound(to: Int8.self)) + source
    let values = unsafe Span(_unsafeStart: start, count: arenaByteCount &- source)
    withMutableValues(from: target) { body(values, &$0) }
  }

  /// The same with two operands.
  @inline(__always)
  mutating func withValues(
    from first: Int, and second: Int, to target: Int,
    _ body: (Span<Int8>, Span<Int8>, inout MutableSpan<Int8>) -> Void
  ) {
    let start = unsafe UnsafePointer(arena.assumingMemoryBound(to: Int8.self)) + first
    let values = unsafe Span(_unsafeStart: start, count: arenaByteCount &- first)
    withValues(from: second, to: target) { body(values, $0, &$1) }
  }
}

extension Model {
  /// Lends `count` int8 values of the weights section.
  @inline(__always)
  func withWeights(_ offset: UInt32, _ count: Int, _ body: (Span<Int8>) -> Void) {
    let start = unsafe memory.pointer(at: sections[.weights].offset + Int(offset)).assumingMemoryBound(to: Int8.self)
    body(unsafe Span(_unsafeStart: start, count: count))
  }

  /// Lends `count` Int32 numbers of the weights section; the file is little-endian, as is every processor here.
  @inline(__always)
  func withNumbers(_ offset: UInt32, _ count: Int, _ body: (Span<Int32>) -> Void) {
    let start = unsafe memory.pointer(at: sections[.weights].offset + Int(offset)).assumingMemoryBound(to: Int32.self)
    body(unsafe Span(_unsafeStart: start, count: count))
  }
}

#if _endian(big)
  #error("Quill reads little-endian numbers in place; this processor is big-endian.")
#endif
