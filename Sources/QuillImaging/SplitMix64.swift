/// The module's own integer generator, so that a seed draws the same bytes on every machine.
///
/// SplitMix64, as specified in Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (OOPSLA 2014):
/// the state advances by 0x9E3779B97F4A7C15; the output is the state mixed by two xor-shift-multiply rounds.
/// All arithmetic wraps modulo 2^64 by definition. Not for secrets.
package struct SplitMix64: Sendable {
  private var state: UInt64

  /// Starts the sequence of one seed.
  package init(seed: UInt64) {
    state = seed
  }

  /// Starts the sequence of item `index` of a seed; two items share no visible pattern.
  package init(seed: UInt64, item index: UInt64) {
    var outer = SplitMix64(seed: seed)
    state = outer.next() &+ index &* 0xD1B5_4A32_D192_ED03
    state = next()
  }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number in 0..<`bound`, by the high half of a 32 x 32 bit product (bias below 2^-32 x bound).
  ///
  /// `bound` is 1...Int32.max.
  package mutating func below(_ bound: Int32) -> Int32 {
    precondition(bound > 0, "a bound is at least 1")
    return Int32(truncatingIfNeeded: ((next() >> 32) &* UInt64(bound)) >> 32)
  }

  /// A number in `low`...`high`, all equally likely; the two lie less than 2^31 - 1 apart.
  package mutating func uniform(_ low: Int32, _ high: Int32) -> Int32 {
    low + below(high - low + 1)
  }

  /// A number in -`reach`...`reach`, the middle most likely: the mean of two uniform numbers, rounded towards zero.
  package mutating func centred(_ reach: Int32) -> Int32 {
    (uniform(-reach, reach) + uniform(-reach, reach)) / 2
  }
}
