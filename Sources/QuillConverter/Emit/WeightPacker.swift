import Quill

/// Collects what operators keep in the weights section: weights in the order in which the kernels read them, channel
/// tables, lookup tables.
struct WeightPacker {
  private(set) var bytes: [UInt8] = []

  /// Appends bytes at the next multiple of `alignment` and answers where they begin.
  mutating func append(_ more: [UInt8], alignment: Int) -> UInt32 {
    bytes.append(contentsOf: [UInt8](repeating: 0, count: (alignment - bytes.count % alignment) % alignment))
    let offset = UInt32(bytes.count)
    bytes.append(contentsOf: more)
    return offset
  }

  /// Appends int8 values.
  mutating func append(_ values: [Int8], alignment: Int = 64) -> UInt32 {
    append(values.map { UInt8(bitPattern: $0) }, alignment: alignment)
  }

  /// Appends little-endian numbers.
  mutating func append(_ numbers: [Int32]) -> UInt32 {
    append(numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }, alignment: 64)
  }

  /// Weights `[O, KH, KW, I / groups]` in the order of the runs; `kernelWidth` is 1 where each tap is a run.
  static func packed(_ values: [Int8], _ order: WeightOrder) -> [Int8] {
    var result = [Int8](repeating: 0, count: Int(order.byteCount))
    let perChannel = order.runCount * order.runByteCount
    for group in 0..<order.groups {
      for channel in 0..<order.channelsPerGroup {
        let base = (group * order.channelsPerGroup + channel) * perChannel
        for run in 0..<order.runCount {
          for tap in 0..<order.runByteCount {
            result[order.offset(group: group, channel: channel, run: run, tap: tap)] =
              values[base + run * order.runByteCount + tap]
          }
        }
      }
    }
    return result
  }

  /// Weights `[1, KH, KW, C]` in blocks of 16 channels.
  static func packedDepthwise(_ values: [Int8], _ convolution: Convolution, channels: Int) -> [Int8] {
    let byteCount = DepthwiseConv2D.weightByteCount(convolution, outputChannels: channels)
    var result = [Int8](repeating: 0, count: Int(byteCount))
    for row in 0..<Int(convolution.kernelHeight) {
      for column in 0..<Int(convolution.kernelWidth) {
        for channel in 0..<channels {
          let offset = DepthwiseConv2D.weightOffset(convolution, channel: channel, row: row, column: column)
          result[offset] = values[(row * Int(convolution.kernelWidth) + column) * channels + channel]
        }
      }
    }
    return result
  }
}
