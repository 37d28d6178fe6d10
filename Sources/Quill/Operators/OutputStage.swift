/// From an accumulator to an int8 value, by the channel's numbers.
package struct OutputStage: Sendable {
  package var rounding: Rounding
  package var rowLength: Int
  package var zeroPoint: Int32
  package var range: OutputRange

  package init(rounding: Rounding, rowLength: Int, zeroPoint: Int32, range: OutputRange) {
    self.rounding = rounding
    self.rowLength = rowLength
    self.zeroPoint = zeroPoint
    self.range = range
  }

  /// `accumulator`, which already holds the bias, in steps of the output.
  @inline(__always)
  package func value(of accumulator: Int32, channel: Int, table: Span<Int32>) -> Int8 {
    let scaled: Int32
    switch rounding {
    case .double:
      scaled = Multiplier(quantized: table[2 * rowLength + channel], shift: table[3 * rowLength + channel])
        .applied(to: accumulator)
    case .real:
      let low = UInt64(UInt32(bitPattern: table[2 * rowLength + channel]))
      let high = UInt64(UInt32(bitPattern: table[3 * rowLength + channel]))
      scaled = RealMultiplier(mantissa: high &<< 32 | low, shift: table[4 * rowLength + channel])
        .applied(to: accumulator)
    }
    return range.clamp(scaled &+ zeroPoint)
  }
}
