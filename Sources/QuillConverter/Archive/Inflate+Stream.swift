extension Inflate {
  /// One stream being unpacked.
  struct Stream {
    let input: ArraySlice<UInt8>
    var position: Int
    let end: Int
    let limit: Int

    /// Added to a position to make the offset in the file.
    let place: Int

    var output: [UInt8] = []
    private var bits: UInt64 = 0
    private var bitCount = 0

    init(input: ArraySlice<UInt8>, position: Int, end: Int, limit: Int, place: Int) {
      self.input = input
      self.position = position
      self.end = end
      self.limit = limit
      self.place = place
    }

    /// Past the last byte of which a bit was used.
    var byteEnd: Int { position - bitCount / 8 }

    func failure(_ rule: DeflateRule) -> ImportError {
      .archive(offset: place + byteEnd, .badDeflate(rule))
    }

    mutating func run() throws(ImportError) {
      output.reserveCapacity(min(limit, (end - position) * 4))
      var isLast = false
      while !isLast {
        isLast = try take(1) == 1
        switch try take(2) {
        case 0: try storedBlock()
        case 1: try codedBlock(literals: Inflate.fixedLiterals, distances: Inflate.fixedDistances)
        case 2:
          let (literals, distances) = try dynamicCodes()
          try codedBlock(literals: literals, distances: distances)
        default: throw failure(.blockType)
        }
      }
    }

    /// Fills the bit buffer as far as the input goes.
    private mutating func refill() {
      while bitCount <= 56, position < end {
        bits |= UInt64(input[position]) << UInt64(bitCount)
        position += 1
        bitCount += 8
      }
    }

    private mutating func take(_ count: Int) throws(ImportError) -> Int {
      if bitCount < count { refill() }
      guard bitCount >= count else { throw failure(.endOfInput) }
      let value = Int(bits & (1 << UInt64(count) - 1))
      bits >>= UInt64(count)
      bitCount -= count
      return value
    }

    private mutating func symbol(_ code: Code) throws(ImportError) -> Int {
      if bitCount < 15 { refill() }
      let entry = Int(code.fast[Int(bits & UInt64(1 << Code.fastBits - 1))])
      var found = (symbol: entry >> 4, length: entry & 15)
      if found.length == 0 {
        guard let slow = code.slowSymbol(of: bits) else { throw failure(.code) }
        found = slow
      }
      guard found.length <= bitCount else { throw failure(.endOfInput) }
      bits >>= UInt64(found.length)
      bitCount -= found.length
      return found.symbol
    }

    private mutating func storedBlock() throws(ImportError) {
      _ = try take(bitCount % 8)
      let length = try take(16)
      guard try take(16) == length ^ 0xFFFF else { throw failure(.storedLength) }
      position = byteEnd
      bits = 0
      bitCount = 0
      guard length <= end - position else { throw failure(.endOfInput) }
      guard length <= limit - output.count else {
        throw .archive(offset: place + position, .tooLarge(permitted: limit))
      }
      output.append(contentsOf: input[position..<(position + length)])
      position += length
    }

    private mutating func dynamicCodes() throws(ImportError) -> (literals: Code, distances: Code) {
      let literalCount = try take(5) + 257
      let distanceCount = try take(5) + 1
      let lengthCount = try take(4) + 4
      guard literalCount <= 286, distanceCount <= 30 else { throw failure(.codeLengths) }
      var lengths = [UInt8](repeating: 0, count: 19)
      for index in 0..<lengthCount { lengths[Inflate.lengthOrder[index]] = UInt8(try take(3)) }
      guard let lengthCode = Code(lengths: lengths[...]) else { throw failure(.codeLengths) }
      lengths = []
      while lengths.count < literalCount + distanceCount {
        let symbol = try symbol(lengthCode)
        switch symbol {
        case 16:
          guard let last = lengths.last else { throw failure(.codeLengths) }
          lengths.append(contentsOf: repeatElement(last, count: 3 + (try take(2))))
        case 17: lengths.append(contentsOf: repeatElement(0, count: 3 + (try take(3))))
        case 18: lengths.append(contentsOf: repeatElement(0, count: 11 + (try take(7))))
        default: lengths.append(UInt8(symbol))
        }
      }
      guard lengths.count == literalCount + distanceCount, lengths[256] > 0,
        let literals = Code(lengths: lengths[..<literalCount]),
        let distances = Code(lengths: lengths[literalCount...])
      else { throw failure(.codeLengths) }
      return (literals, distances)
    }

    private mutating func codedBlock(literals: Code, distances: Code) throws(ImportError) {
      while true {
        let value = try symbol(literals)
        if value < 256 {
          guard output.count < limit else { throw .archive(offset: place + byteEnd, .tooLarge(permitted: limit)) }
          output.append(UInt8(value))
          continue
        }
        if value == 256 { return }
        guard value < 286 else { throw failure(.code) }
        let length = Int(Inflate.lengthBases[value - 257]) + (try take(Int(Inflate.lengthExtras[value - 257])))
        let distanceSymbol = try symbol(distances)
        guard distanceSymbol < 30 else { throw failure(.code) }
        let distance =
          Int(Inflate.distanceBases[distanceSymbol]) + (try take(Int(Inflate.distanceExtras[distanceSymbol])))
        guard distance <= output.count else { throw failure(.distance) }
        guard length <= limit - output.count else {
          throw .archive(offset: place + byteEnd, .tooLarge(permitted: limit))
        }
        for _ in 0..<length { output.append(output[output.count - distance]) }
      }
    }
  }

  // RFC 1951, section 3.2.5 to 3.2.7.
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
