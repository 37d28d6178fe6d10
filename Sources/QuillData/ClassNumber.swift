/// The number that a class's name speaks of.
public enum ClassNumber {
  /// `7` for `7`, `07`, `seven`, `Seven` and `७`; `nil` for other names.
  public static func number(of name: String) -> Int? {
    if let number = Int(name), (0..<1000).contains(number) { return number }
    let word = name.lowercased()
    if let place = words.firstIndex(of: word) { return place }
    guard name.count == 1, let value = name.first?.wholeNumberValue, (0...9).contains(value) else { return nil }
    return value
  }

  /// Whether two names mean the same class: the same number, or the same letters in either case.
  public static func areSame(_ first: String, _ second: String) -> Bool {
    if let number = number(of: first) { return number == self.number(of: second) }
    return first.lowercased() == second.lowercased()
  }

  private static let words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
}
