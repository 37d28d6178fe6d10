/// A generator of random numbers that a seed replays (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: Int) { state = UInt64(seed) &* 0xD134_2543_DE82_EF95 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func integer(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// True once in `count` times.
  mutating func once(in count: Int) -> Bool { integer(1...count) == 1 }

  mutating func element<Element>(of array: [Element]) -> Element {
    array[integer(0...array.count - 1)]
  }

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
