import CQuillKernels
import Quill
import TestSupport
import Testing

/// Some levels requantise with one product where they have proved that it gives every byte (`requantise_once.h`): here every
/// sum from far below the first output to far above the last one.
@Suite struct SingleProductTests {
  /// Six channels in, so that 508 a + 127 c + b is each sum of -64,500...64,500 once.
  private static let weights: [Int8] = [127, 127, 127, 127, 127, 1]
  private static let side = 360

  /// Channels with the multipliers that a seed draws, and shifts of `shift`.
  private static func drawn(seed: Int, shift: Int, bias: Int32) -> ConvolutionCase {
    var drawn = ConvolutionCase(seed: seed)
    var random = SeededGenerator(seed: seed)
    drawn.convolution = Convolution()
    drawn.convolution.kernelHeight = 1
    drawn.convolution.kernelWidth = 1
    drawn.convolution.strideHeight = 1
    drawn.convolution.strideWidth = 1
    drawn.convolution.dilationHeight = 1
    drawn.convolution.dilationWidth = 1
    drawn.convolution.groups = 1
    drawn.convolution.range = .all
    drawn.pool = Pool()
    drawn.input = RandomImage(height: side, width: side, channels: 6, halo: (0, 0, 0, 0), &random)
    for position in 0..<side * side {
      // Sums from -64,500 on; those after the last are the last.
      let sum = min(position, 129_000) - 64_500
      let large = Int((Double(sum) / 508).rounded())
      let middle = Int((Double(sum - 508 * large) / 127).rounded())
      let first = Int(drawn.input.record.rowPitch) * (position / side) + position % side * 6
      for channel in 0..<4 { drawn.input.values[first + channel] = Int8(large) }
      drawn.input.values[first + 4] = Int8(middle)
      drawn.input.values[first + 5] = Int8(sum - 508 * large - 127 * middle)
    }
    drawn.output = TensorRecord(
      height: side, width: side, channels: 16, rank: 4, scaleBits: 0x3F80_0000, zeroPoint: -128)
    let order = drawn.convolution.runs(input: drawn.input.record, output: drawn.output)
    drawn.weights = [Int8](repeating: 0, count: Int(order.byteCount))
    drawn.table = ChannelTable(rowLength: 16, rounding: .double)
    for channel in 0..<16 {
      for tap in 0..<6 {
        drawn.weights[order.offset(group: 0, channel: channel, run: 0, tap: tap)] = weights[tap]
      }
      drawn.table.setChannel(
        channel, weights: weights, inputZeroPoint: 0, shifts: shift...shift, &random)
      drawn.table.values[channel] = bias
      // Multipliers of 0 are tested with random shapes.
      drawn.table.values[32 + channel] = Int32(random.integer(1 << 30...Int(Int32.max)))
    }
    return drawn
  }

  @Test(arguments: -8 ... -2)
  func everySumGivesThePlainOperatorsByte(shift: Int) {
    var isMeasured = false
    let bias: Int32 = shift < -7 ? 60_000 : 300
    let drawn = Self.drawn(seed: 2 - shift, shift: shift, bias: bias)
    let expected = drawn.expected()
    #expect(expected.contains(-128) && expected.contains(-127) && expected.contains(126) && expected.contains(127))
    for kernels in KernelLevels.present {
      let found = drawn.run(kernels)
      #expect(
        difference(found.bytes, expected + [Int8](repeating: 55, count: 64)) == nil,
        "shift \(shift), level \(KernelLevels.name(kernels))")
      guard KernelLevels.name(kernels) == "avx512vnni" else { continue }
      // After 64 bytes of what there is come starts and scales of 16 channels, and then the addends: 0 for nothing proved.
      isMeasured = true
      #expect(found.form[96] != 0 || found.form[97] != 0, "shift \(shift) is not served")
    }
    if !isMeasured { print("no level of this machine requantises with one product: not measured") }
  }
}
