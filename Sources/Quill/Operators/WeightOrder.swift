/// The order of a linear operator's weights: `[groups][blocks of 16 outputs][runs][groups of 4 taps][16][4]`.
///
/// A run is a stretch of input bytes that lie one after the other: a kernel row of `KW x I` taps, or a single tap of
/// `I` where taps are apart (column dilation, groups). The last group of taps of a run, and the last block of outputs,
/// are filled with zeros.
package struct WeightOrder: Sendable, Equatable {
  package var groups: Int
  package var channelsPerGroup: Int
  package var runCount: Int
  package var runByteCount: Int

  package init(groups: Int, channelsPerGroup: Int, runCount: Int, runByteCount: Int) {
    self.groups = groups
    self.channelsPerGroup = channelsPerGroup
    self.runCount = runCount
    self.runByteCount = runByteCount
  }

  /// Blocks of 16 output channels in a group.
  package var blocks: Int { (channelsPerGroup + 15) / 16 }
  /// Groups of 4 taps in a run.
  package var quads: Int { (runByteCount + 3) / 4 }
  /// Output channels of all groups, each padded to a multiple of 16: the length of a channel table's row.
  package var paddedChannels: Int { groups * blocks * 16 }
  /// Bytes of one block of 16 output channels.
  package var blockByteCount: Int { runCount * quads * 64 }
  /// Bytes of all weights; numbers that no file can hold saturate.
  package var byteCount: UInt64 {
    let (taps, overflow) = (UInt64(runCount) * UInt64(quads)).multipliedReportingOverflow(by: 64)
    let (bytes, overflows) = taps.multipliedReportingOverflow(by: UInt64(groups) * UInt64(blocks))
    return overflow || overflows ? .max : bytes
  }

  /// Where a weight lies: tap `tap` of run `run` for output `channel` of `group`.
  package func offset(group: Int, channel: Int, run: Int, tap: Int) -> Int {
    let block = group * blocks + channel / 16
    return ((block * runCount + run) * quads + tap / 4) * 64 + channel % 16 * 4 + tap % 4
  }
}
