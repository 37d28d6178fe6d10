import QuillFloat

/// A generator of random numbers that a seed replays (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func integer(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func float(_ range: ClosedRange<Float> = -2...2) -> Float { Float.random(in: range, using: &self) }

  mutating func element<Element>(of array: [Element]) -> Element { array[integer(0...(array.count - 1))] }

  mutating func shape(rank: Int, extents: ClosedRange<Int> = 1...4) -> [Int] {
    (0..<rank).map { _ in integer(extents) }
  }

  mutating func tensor(_ shape: [Int], in range: ClosedRange<Float> = -2...2) -> FloatTensor {
    FloatTensor(shape: shape, values: (0..<shape.reduce(1, *)).map { _ in float(range) })
  }
}
