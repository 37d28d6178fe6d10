import Quill
import TestSupport

/// Random numbers of a linear operator's channels, within what opening a model proves.
struct ChannelTable {
  /// Rows of bias, sum of weights, multiplier and shift; or of the mantissa's halves and the divisor.
  var values: [Int32]
  let rowLength: Int
  let rounding: Rounding

  init(rowLength: Int, rounding: Rounding) {
    self.rowLength = rowLength
    self.rounding = rounding
    // Lanes without a channel may hold anything.
    values = (0..<5 * rowLength).map { Int32(truncatingIfNeeded: $0 &* 0x5851_F42D) }
  }

  /// Shifts as networks have them, to the right: any, or so near to each other that they can be rounded in float; or
  /// none in particular.
  static func shifts(_ random: inout SeededGenerator) -> ClosedRange<Int>? {
    switch random.integer(0...3) {
    case 0: return nil
    case 1: return -23 ... -1
    default:
      let least = random.integer(-16 ... -3)
      return least...least + 2
    }
  }

  /// Sets one channel's numbers from its weights. `shifts`: which it may have, `nil` for any.
  mutating func setChannel(
    _ row: Int, weights: [Int8], inputZeroPoint: Int, shifts: ClosedRange<Int>?,
    _ random: inout SeededGenerator
  ) {
    let sum = weights.reduce(0) { $0 + Int($1) }
    let reach = weights.reduce(0) { $0 + Int($1.magnitude) } * 255
    let limit = Int(Int32.max) - reach
    let bias =
      random.once(in: shifts == nil ? 8 : 64) ? random.element(of: [limit, -limit]) : random.integer(-20_000...20_000)
    var room = 0
    while room < 30 && (reach + abs(bias)) << (room + 1) < 1 << 31 { room += 1 }
    let shift =
      shifts.map { random.integer($0) }
      ?? random.element(of: [room, random.integer(0...room), random.integer(-31...0)])
    values[row] = Int32(bias - inputZeroPoint * sum)
    values[rowLength + row] = Int32(sum)
    let quantized = random.quantizedMultiplier()
    switch rounding {
    case .double:
      values[2 * rowLength + row] = quantized
      values[3 * rowLength + row] = Int32(shift)
    case .real:
      // Few bits make exact ties.
      let bits = random.once(in: 4) ? 0 : UInt64(random.integer(0...(1 << 22) - 1))
      let mantissa = UInt64(quantized) << 22 | (quantized == 0 ? 0 : bits)
      values[2 * rowLength + row] = Int32(truncatingIfNeeded: mantissa)
      values[3 * rowLength + row] = Int32(truncatingIfNeeded: mantissa >> 32)
      values[4 * rowLength + row] = Int32(53 - shift)
    }
  }
}

/// A random input image with its halo.
struct RandomImage {
  var record: TensorRecord
  var values: [Int8]

  init(
    height: Int, width: Int, channels: Int, halo: (top: Int, left: Int, bottom: Int, right: Int),
    _ random: inout SeededGenerator
  ) {
    let zeroPoint = random.integer(-128...127)
    record = TensorRecord(
      height: height, width: width, channels: channels, rank: 4, scaleBits: 0x3F80_0000,
      zeroPoint: Int32(zeroPoint))
    record.haloTop = UInt16(halo.top)
    record.haloLeft = UInt16(halo.left)
    record.haloBottom = UInt16(halo.bottom)
    record.haloRight = UInt16(halo.right)
    let pitch = (halo.left + width + halo.right) * channels + random.integer(0...5)
    record.rowPitch = UInt32(pitch)
    values = [Int8](repeating: Int8(zeroPoint), count: Int(record.storedByteCount))
    let image = random.activations(height * width * channels)
    for row in 0..<height {
      for column in 0..<width * channels {
        values[record.origin + row * pitch + column] = image[row * width * channels + column]
      }
    }
  }
}

extension OutputRange {
  /// Any range, most often a sensible one.
  static func random(_ random: inout SeededGenerator) -> OutputRange {
    if random.once(in: 2) { return .all }
    return OutputRange(
      minimum: Int32(random.integer(-128...0)), maximum: Int32(random.integer(-100...127)))
  }
}
