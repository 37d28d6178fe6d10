import TestSupport

extension SeededGenerator {
  /// Activations: any value, or only the extremes, which overflow first.
  mutating func activations(_ count: Int) -> [Int8] {
    let kind = integer(0...7)
    return (0..<count).map { _ in
      kind == 0 ? -128 : kind == 1 ? element(of: [-128, 127]) : Int8(integer(-128...127))
    }
  }

  /// A multiplier: any, zero, or an end of its range.
  mutating func quantizedMultiplier() -> Int32 {
    switch integer(0...15) {
    case 0: 0
    case 1...2: 1 << 30
    case 3...4: .max
    default: Int32(integer(1 << 30...Int(Int32.max)))
    }
  }
}
