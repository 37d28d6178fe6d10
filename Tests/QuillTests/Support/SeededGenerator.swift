/// Random numbers that a printed seed replays (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func integer(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func chance(_ count: Int) -> Bool { integer(1...count) == 1 }

  /// A scale between 2^-10 and 2^1, evenly by magnitude.
  mutating func scale() -> Float {
    let exponent = Double(integer(-1000...100)) / 100
    var power = 1.0
    for _ in 0..<Int(exponent.magnitude) { power *= 2 }
    let fraction = 1 + Double(integer(0...999)) / 1000
    return Float(exponent < 0 ? fraction / power : fraction * power)
  }

  mutating func int8s(_ count: Int) -> [Int8] { (0..<count).map { _ in Int8(integer(-128...127)) } }

  mutating func weights(_ count: Int) -> [Int8] { (0..<count).map { _ in Int8(integer(-127...127)) } }
}

/// The number of cases of a random test: QUILL_FUZZ_CASES raises it.
func caseCount(_ usual: Int) -> Int {
  guard let text = environmentValue("QUILL_FUZZ_CASES"), let count = Int(text) else { return usual }
  return max(usual, count)
}
