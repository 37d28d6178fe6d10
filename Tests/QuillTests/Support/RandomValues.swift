import TestSupport

extension SeededGenerator {
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
