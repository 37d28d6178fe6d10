extension Inflate {
  /// Reads bits, the lowest of each byte first, from a part of a file that every call passes.
  struct BitReader {
    /// Bits that were read ahead, the next one lowest; those above `bitCount` are either zero or what follows.
    private(set) var bits: UInt64 = 0
    private(set) var bitCount = 0

    /// The next byte that was not read ahead.
    private var position: Int
    private let end: Int

    init(_ range: Range<Int>) { (position, end) = (range.lowerBound, range.upperBound) }

    /// Past the last byte of which a bit was used.
    var byteEnd: Int { position - bitCount / 8 }

    func failure(_ fault: ArchiveError.Fault) -> ArchiveError { ArchiveError(offset: byteEnd, fault) }

    /// Reads ahead: at least 56 bits afterwards, as far as the input goes.
    mutating func refill(_ input: RawSpan) {
      if end - position >= 8 {
        bits |= input.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian << UInt64(bitCount)
        let count = (63 - bitCount) / 8
        position += count
        bitCount += 8 * count
        return
      }
      while bitCount <= 56, position < end {
        bits |= UInt64(input.unsafeLoad(fromByteOffset: position, as: UInt8.self)) << UInt64(bitCount)
        position += 1
        bitCount += 8
      }
    }

    /// Passes over bits.
    mutating func drop(_ count: Int) throws(ArchiveError) {
      guard count <= bitCount else { throw failure(.cut) }
      bits >>= UInt64(count)
      bitCount -= count
    }

    /// A number of up to 16 bits.
    mutating func take(_ count: Int, _ input: RawSpan) throws(ArchiveError) -> Int {
      if bitCount < count { refill(input) }
      let value = Int(bits & (1 << UInt64(count) - 1))
      try drop(count)
      return value
    }

    /// The symbol that comes next.
    mutating func symbol(_ code: Code, _ input: RawSpan) throws(ArchiveError) -> Int {
      if bitCount < 15 { refill(input) }
      let entry = Int(code.fast[Int(bits & UInt64(1 << Code.fastBits - 1))])
      var found = (symbol: entry >> 4, length: entry & 15)
      if found.length == 0 {
        guard let slow = code.slowSymbol(of: bits) else { throw failure(.badStream(.codes)) }
        found = slow
      }
      try drop(found.length)
      return found.symbol
    }

    /// How far a match reaches, and how far back it begins, behind the literal code's symbol 257 or above.
    mutating func match(
      _ symbol: Int, _ distances: Code, _ input: RawSpan
    ) throws(ArchiveError) -> (length: Int, distance: Int) {
      guard symbol < 286 else { throw failure(.badStream(.codes)) }
      let length = Int(Inflate.lengthBases[symbol - 257]) + (try take(Int(Inflate.lengthExtras[symbol - 257]), input))
      let symbol = try self.symbol(distances, input)
      guard symbol < 30 else { throw failure(.badStream(.codes)) }
      return (length, Int(Inflate.distanceBases[symbol]) + (try take(Int(Inflate.distanceExtras[symbol]), input)))
    }

    /// Whole bytes, from the next whole one on.
    mutating func bytes(_ count: Int) throws(ArchiveError) -> Range<Int> {
      let start = byteEnd
      guard count <= end - start else { throw ArchiveError(offset: start, .cut) }
      (bits, bitCount, position) = (0, 0, start + count)
      return start..<position
    }
  }
}
