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
