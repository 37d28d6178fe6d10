/// Where a linear operator's weights and channel table lie in the weights section, and how it rounds.
///
/// A channel table has rows of one Int32 a channel, each `paddedChannels` long: bias (with `-zeroPoint * sum(w)` folded
/// in), sum of weights, then for `Rounding.double` multiplier and shift, for `Rounding.real` the low and the high half
/// of the mantissa, and the shift.
package struct LinearWeights: Sendable {
  package var weightsOffset: UInt32 = 0
  package var channelsOffset: UInt32 = 0
  package var roundingNumber: UInt32 = 0

  package init() {}

  package var rounding: Rounding { roundingNumber == 0 ? .double : .real }
  /// Rows of the channel table.
  package var rowCount: Int { rounding == .double ? 4 : 5 }

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&weightsOffset, "weights offset", 0...FileHeader.maximumByteCount)
    try coder.field(&channelsOffset, "channel table offset", 0...FileHeader.maximumByteCount)
    try coder.field(&roundingNumber, "rounding", 0...1)
  }
}
