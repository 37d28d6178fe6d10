extension Inflate {
  /// One stream being unpacked.
  struct Stream {
    private var reader: BitReader
    private let limit: Int

    /// What was unpacked, and room for more behind it.
    private var output: [UInt8] = []
    private var count = 0

    init(_ reader: BitReader, limit: Int) { (self.reader, self.limit) = (reader, limit) }

    /// Unpacks the stream to its end.
    mutating func run(_ input: RawSpan) throws(ArchiveError) -> (content: [UInt8], end: Int) {
      var isLast = false
      while !isLast {
        isLast = try reader.take(1, input) == 1
        switch try reader.take(2, input) {
        case 0: try storedBlock(input)
        case 1: try codedBlock(input, literals: Inflate.fixedLiterals, distances: Inflate.fixedDistances)
        case 2:
          let (literals, distances) = try dynamicCodes(input)
          try codedBlock(input, literals: literals, distances: distances)
        default: throw reader.failure(.badStream(.blockType))
        }
      }
      output.removeLast(output.count - count)
      return (output, reader.byteEnd)
    }

    /// Makes room for more bytes behind what was unpacked, at most the limit.
    private mutating func makeRoom(_ more: Int) throws(ArchiveError) {
      guard more <= limit - count else { throw reader.failure(.tooLarge(permitted: limit)) }
      guard count + more > output.count else { return }
      let wanted = min(limit, max(count + more, 2 * output.count, 1 << 16))
      output.append(contentsOf: repeatElement(0, count: wanted - output.count))
    }

    private mutating func storedBlock(_ input: RawSpan) throws(ArchiveError) {
      try reader.drop(reader.bitCount % 8)
      let length = try reader.take(16, input)
      guard try reader.take(16, input) == length ^ 0xFFFF else { throw reader.failure(.badStream(.storedLength)) }
      try makeRoom(length)
      let range = try reader.bytes(length)
      for position in range {
        output[count] = input.unsafeLoad(fromByteOffset: position, as: UInt8.self)
        count += 1
      }
    }

    private mutating func dynamicCodes(_ input: RawSpan) throws(ArchiveError) -> (literals: Code, distances: Code) {
      let literalCount = try reader.take(5, input) + 257
      let distanceCount = try reader.take(5, input) + 1
      let lengthCount = try reader.take(4, input) + 4
      guard literalCount <= 286, distanceCount <= 30 else { throw reader.failure(.badStream(.codeLengths)) }
      var lengths = [UInt8](repeating: 0, count: 19)
      for index in 0..<lengthCount { lengths[Inflate.lengthOrder[index]] = UInt8(try reader.take(3, input)) }
      guard let lengthCode = Code(lengths: lengths[...]) else { throw reader.failure(.badStream(.codeLengths)) }
      lengths = []
      while lengths.count < literalCount + distanceCount {
        let symbol = try reader.symbol(lengthCode, input)
        switch symbol {
        case 16:
          guard let last = lengths.last else { throw reader.failure(.badStream(.codeLengths)) }
          lengths.append(contentsOf: repeatElement(last, count: 3 + (try reader.take(2, input))))
        case 17: lengths.append(contentsOf: repeatElement(0, count: 3 + (try reader.take(3, input))))
        case 18: lengths.append(contentsOf: repeatElement(0, count: 11 + (try reader.take(7, input))))
        default: lengths.append(UInt8(symbol))
        }
      }
      guard lengths.count == literalCount + distanceCount, lengths[256] > 0,
        let literals = Code(lengths: lengths[..<literalCount]),
        let distances = Code(lengths: lengths[literalCount...])
      else { throw reader.failure(.badStream(.codeLengths)) }
      return (literals, distances)
    }

    private mutating func codedBlock(_ input: RawSpan, literals: Code, distances: Code) throws(ArchiveError) {
      var isOver = false
      while !isOver {
        // Room for the longest match, as far as the limit permits one.
        try makeRoom(min(Inflate.longestMatch, limit - count))
        var (ahead, filled) = (reader, count)
        let isLast = output.count == limit
        var room = output.mutableSpan
        isOver = try Self.fill(
          &room, &filled, from: &ahead, input, literals: literals, distances: distances, isLast: isLast)
        (reader, count) = (ahead, filled)
      }
    }

    /// Unpacks until the block ends, and answers true, or until room for a match is wanting and more can be made.
    ///
    /// On local copies of the stream's parts, which then stay in registers.
    private static func fill(
      _ room: inout MutableSpan<UInt8>, _ count: inout Int, from reader: inout BitReader, _ input: RawSpan,
      literals: Code, distances: Code, isLast: Bool
    ) throws(ArchiveError) -> Bool {
      while isLast || room.count - count >= Inflate.longestMatch {
        let value = try reader.symbol(literals, input)
        if value < 256 {
          guard count < room.count else { throw reader.failure(.tooLarge(permitted: room.count)) }
          room[count] = UInt8(truncatingIfNeeded: value)
          count += 1
          continue
        }
        if value == 256 { return true }
        let (length, distance) = try reader.match(value, distances, input)
        guard distance <= count else { throw reader.failure(.badStream(.distance)) }
        guard length <= room.count - count else { throw reader.failure(.tooLarge(permitted: room.count)) }
        for place in count..<(count + length) { room[place] = room[place - distance] }
        count += length
      }
      return false
    }
  }

  // RFC 1951, section 3.2.5 to 3.2.7.
  static let longestMatch = 258
  static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  static let lengthBases: [UInt16] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ]
  static let lengthExtras: [UInt8] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  static let distanceBases: [UInt16] = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
    8193, 12289, 16385, 24577,
  ]
  static let distanceExtras: [UInt8] = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
  ]
  static let fixedLiterals = fixedCode(
    (0..<288).map { symbol in symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8 })
  static let fixedDistances = fixedCode([UInt8](repeating: 5, count: 30))

  private static func fixedCode(_ lengths: [UInt8]) -> Code {
    guard let code = Code(lengths: lengths[...]) else {
      preconditionFailure("the fixed code of RFC 1951 is complete")
    }
    return code
  }
}
