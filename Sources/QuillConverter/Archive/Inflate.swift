/// Unpacks deflated streams (RFC 1951), raw or in the zlib wrapper (RFC 1950), into a bounded amount of memory.
///
/// Our own, because readers of untrusted files need a hard bound on the output, typed errors and the address
/// sanitizer's eye, and because a `.keras` file should open on a machine without zlib.
package enum Inflate {
  /// Unpacks a zlib stream and checks its Adler-32; `place` is its offset in the file, for errors.
  package static func zlib(_ input: ArraySlice<UInt8>, limit: Int, place: Int) throws(ImportError) -> [UInt8] {
    let start = input.startIndex
    guard input.count >= 6, input[start] & 0x0F == 8, input[start + 1] & 0x20 == 0,
      (Int(input[start]) << 8 + Int(input[start + 1])) % 31 == 0
    else { throw .archive(offset: place, .badDeflate(.header)) }
    var stream = Stream(input: input, position: start + 2, end: input.endIndex, limit: limit, place: place - start)
    try stream.run()
    var stored: UInt32 = 0
    guard stream.byteEnd + 4 <= input.endIndex else { throw stream.failure(.endOfInput) }
    for byte in input[stream.byteEnd..<(stream.byteEnd + 4)] { stored = stored << 8 | UInt32(byte) }
    guard stored == adler32(stream.output) else { throw .archive(offset: place, .wrongChecksum("")) }
    return stream.output
  }

  /// Unpacks a raw deflated stream.
  package static func raw(_ input: ArraySlice<UInt8>, limit: Int, place: Int) throws(ImportError) -> [UInt8] {
    var stream = Stream(
      input: input, position: input.startIndex, end: input.endIndex, limit: limit, place: place - input.startIndex)
    try stream.run()
    return stream.output
  }

  /// The checksum that closes a zlib stream.
  package static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var low: UInt32 = 1
    var high: UInt32 = 0
    var position = 0
    while position < bytes.count {
      let end = min(bytes.count, position + 5552)  // the longest run whose sums stay below 2^32 (RFC 1950's NMAX)
      for index in position..<end {
        low += UInt32(bytes[index])
        high += low
      }
      low %= 65521
      high %= 65521
      position = end
    }
    return high << 16 | low
  }
}

extension Inflate {
  /// A canonical Huffman code: symbols by code length, and a table for codes of up to ten bits.
  struct Code {
    /// Codes of each length.
    private var counts = [Int](repeating: 0, count: 16)

    /// Symbols in code order.
    private var symbols: [UInt16] = []

    /// By the next ten bits of input: symbol << 4 | length; 0 for longer codes.
    private(set) var fast = [UInt16](repeating: 0, count: 1 << Code.fastBits)

    static let fastBits = 10

    /// The code with those lengths, or nil where they claim more codes than there are bit patterns.
    init?(lengths: ArraySlice<UInt8>) {
      for length in lengths { counts[Int(length)] += 1 }
      counts[0] = 0
      var left = 1
      var starts = [Int](repeating: 0, count: 16)
      var codes = [Int](repeating: 0, count: 16)
      for length in 1..<16 {
        left = left * 2 - counts[length]
        guard left >= 0 else { return nil }
        starts[length] = starts[length - 1] + counts[length - 1]
        codes[length] = (codes[length - 1] + counts[length - 1]) * 2
      }
      symbols = [UInt16](repeating: 0, count: lengths.count)
      for (symbol, length) in lengths.enumerated() where length > 0 {
        let length = Int(length)
        symbols[starts[length]] = UInt16(symbol)
        starts[length] += 1
        if length <= Code.fastBits { addFast(code: codes[length], length: length, symbol: symbol) }
        codes[length] += 1
      }
    }

    private mutating func addFast(code: Int, length: Int, symbol: Int) {
      var reversed = 0
      for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
      var index = reversed
      while index < fast.count {
        fast[index] = UInt16(symbol << 4 | length)
        index += 1 << length
      }
    }

    /// The symbol whose code the bits begin with (first bit lowest), and its length; nil if no code matches.
    func slowSymbol(of bits: UInt64) -> (symbol: Int, length: Int)? {
      var code = 0
      var first = 0
      var index = 0
      for length in 1..<16 {
        code |= Int(bits >> UInt64(length - 1) & 1)
        if code - counts[length] < first { return (Int(symbols[index + code - first]), length) }
        index += counts[length]
        first = (first + counts[length]) * 2
        code *= 2
      }
      return nil
    }
  }
}
