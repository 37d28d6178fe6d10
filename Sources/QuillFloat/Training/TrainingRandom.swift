/// Random numbers that depend on a seed and a position alone, so that threads cannot change them (SplitMix64's mixing
/// function, Steele, Lea and Flood, 2014).
package struct TrainingRandom: Sendable, RandomNumberGenerator {
  private var state: UInt64

  /// The sequence of a seed and a stream.
  package init(seed: UInt64, stream: UInt64 = 0) {
    state = Self.mix(seed &+ Self.mix(stream &+ Self.increment))
  }

  /// The next number of the sequence.
  package mutating func next() -> UInt64 {
    state &+= Self.increment
    return Self.mix(state)
  }

  /// A float from 0 up to, but not including, 1.
  package mutating func unit() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// The number at a position of the sequence, counted from here.
  func number(at position: Int) -> UInt64 {
    Self.mix(state &+ Self.increment &* (UInt64(position) &+ 1))
  }

  private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

  private static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

// Streams of one seed. Layers take the small numbers for their initial weights; dropout takes the step, counted from 1,
// times 2^20, plus the layer.
extension TrainingRandom {
  /// With the epoch: the order of samples.
  static let orderStream: UInt64 = 1 << 63

  /// With the epoch times 2^32 and the sample: augmentation.
  static let augmentationStream: UInt64 = 1 << 62

  /// With the class: which samples validate.
  static let validationStream: UInt64 = 1 << 61

  /// The positions `0..<count` in an order that a seed and a stream fix (Fisher and Yates).
  static func shuffled(_ count: Int, seed: UInt64, stream: UInt64) -> [Int] {
    var random = TrainingRandom(seed: seed, stream: stream)
    var order = Array(0..<count)
    for index in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(index, Int(random.next() % UInt64(index + 1)))
    }
    return order
  }
}
