/// The real numbers that pixels 0 and 255 stand for.
struct InputRange: Sendable, Equatable {
  let low: Double
  let high: Double

  /// How the user, or a message, writes it.
  let text: String

  init(low: Double, high: Double, text: String) {
    self.low = low
    self.high = high
    self.text = text
  }

  /// A range in one of the two ways to write one: `LOW..HIGH`, or `MEAN/STD`, which stands for
  /// `(pixel / 255 - MEAN) / STD`; `nil` where the text is neither.
  init?(_ text: String) {
    if let dots = text.firstRange(of: "..") {
      guard let low = Self.number(text[..<dots.lowerBound]), let high = Self.number(text[dots.upperBound...]),
        low < high
      else { return nil }
      self.init(low: low, high: high, text: text)
    } else {
      guard let slash = text.firstIndex(of: "/"), let mean = Self.number(text[..<slash]),
        let deviation = Self.number(text[text.index(after: slash)...]), deviation > 0
      else { return nil }
      let (low, high) = ((0 - mean) / deviation, (1 - mean) / deviation)
      guard Float(low).isFinite, Float(high).isFinite, Float(low) < Float(high) else { return nil }
      self.init(low: low, high: high, text: text)
    }
  }

  private static func number(_ text: Substring) -> Double? {
    Double(text).flatMap { $0.isFinite && Float($0).isFinite ? $0 : nil }
  }

  /// Where a network's metadata says which range it was trained on, as text.
  static let metadataKey = "quill.input.range"

  /// 0...1: pixel / 255.
  static let unit = InputRange(low: 0, high: 1, text: "0..1")

  /// The bytes themselves.
  static let bytes = InputRange(low: 0, high: 255, text: "0..255")

  /// MNIST's mean and deviation.
  static let mnist = InputRange(low: -0.1307 / 0.3081, high: (1 - 0.1307) / 0.3081, text: "0.1307/0.3081")

  /// What networks are commonly trained on, the commonest first; for digits also with MNIST's mean and deviation.
  static func plausible(forDigits isDigits: Bool) -> [InputRange] {
    let common = [
      unit, bytes, InputRange(low: -1, high: 1, text: "-1..1"), InputRange(low: -0.5, high: 0.5, text: "-0.5..0.5"),
    ]
    return common + (isDigits ? [mnist] : [])
  }

  /// The float for each byte.
  var table: [Float] { (0..<256).map { Float(Double($0) / 255 * (high - low) + low) } }
}

extension ValueKind where Value == InputRange {
  /// `LOW..HIGH` or `MEAN/STD`.
  static let inputRange = ValueKind(
    expected: "LOW..HIGH such as 0..1, 0..255 or -1..1, or MEAN/STD such as 0.1307/0.3081"
  ) { InputRange($0) }
}
