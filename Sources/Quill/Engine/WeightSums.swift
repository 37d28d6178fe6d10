/// The sums of the weights, and of their magnitudes, of a block of 16 output channels.
struct WeightSums {
  private(set) var total = InlineArray<16, Int64>(repeating: 0)
  private(set) var magnitude = InlineArray<16, Int64>(repeating: 0)

  /// Whether a weight that was added in a whole group is -128.
  private(set) var holdsMinus128 = false

  /// Groups of four taps whose sums of magnitudes surely fit 32 bits: 4 x 128 x 2^20 < 2^30.
  private static let groupsPerPass = 1 << 20

  /// Adds one weight of a channel.
  mutating func add(_ weight: Int8, lane: Int) {
    total[lane] += Int64(weight)
    magnitude[lane] += Int64(weight.magnitude)
  }

  /// Adds whole groups, `[groups][16][4]`.
  mutating func add(_ groups: Span<UInt8>) {
    var done = 0
    while done < groups.count {
      let end = min(groups.count, done + Self.groupsPerPass * 64)
      for quarter in 0..<4 { addQuarter(groups.extracting(done..<end), firstLane: quarter * 4) }
      done = end
    }
  }

  /// Adds four channels of each group: a vector's element holds a channel's four taps.
  private mutating func addQuarter(_ groups: Span<UInt8>, firstLane: Int) {
    let raw = unsafe groups.bytes
    var totals = SIMD4<Int32>.zero
    var magnitudes = SIMD4<Int32>.zero
    var minus128 = SIMD4<Int32>.zero
    var position = firstLane * 4
    while position < groups.count {
      // `groups` holds whole groups of 64 bytes, of which these 16 are a quarter.
      let taps = unsafe raw.unsafeLoadUnaligned(fromByteOffset: position, as: SIMD4<Int32>.self)
      var left: Int32 = 24
      while left >= 0 {
        let weight = (taps &<< left) &>> 24
        let sign = weight &>> 31
        totals &+= weight
        magnitudes &+= (weight ^ sign) &- sign
        // Negative for -128 alone.
        minus128 |= weight &+ 127
        left -= 8
      }
      position += 64
    }
    for lane in 0..<4 {
      total[firstLane + lane] += Int64(totals[lane])
      magnitude[firstLane + lane] += Int64(magnitudes[lane])
      if minus128[lane] < 0 { holdsMinus128 = true }
    }
  }
}
