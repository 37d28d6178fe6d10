extension Augmentation {
  /// Changes in words, each of them once at most: `rotation=10,shift=0.1,noise=0.2@0.5`. What follows the `@` is the share of
  /// the images that undergo the change, by default 1 for rotation, shift, zoom and shear, 0.5 for elastic and
  /// thickness and 0.25 for the rest.
  /// - Throws: `augmentationPart`, `augmentationRepeated` or `augmentationNumber`.
  public init(text: String) throws(TrainingError) {
    self.init()
    var seen: Set<Kind> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard words.count == 2, let kind = Kind(rawValue: String(words[0])) else {
        throw TrainingError.augmentationPart(String(part))
      }
      guard seen.insert(kind).inserted else { throw TrainingError.augmentationRepeated(kind.rawValue) }
      guard let change = Self.change(words[1], of: kind) else {
        throw TrainingError.augmentationNumber(String(part), kind)
      }
      self[kind] = change
    }
  }

  private static func change(_ text: Substring, of kind: Kind) -> Change? {
    let numbers = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let amount = Double(numbers[0]), kind.permitted.contains(amount) else { return nil }
    if numbers.count == 1 { return Change(amount, probability: kind.usualProbability) }
    // Both are shares already.
    if kind == .clean || kind == .inversion { return nil }
    guard let probability = Double(numbers[1]), (0...1).contains(probability) else { return nil }
    return Change(amount, probability: probability)
  }

  /// The changes in words, as `init(text:)` reads them; `none` where there are none.
  public var text: String {
    if isIdentity { return "none" }
    return Kind.allCases.filter(has).map { kind in
      let change = self[kind]
      return "\(kind.rawValue)=\(change.amount)"
        + (change.probability == kind.usualProbability ? "" : "@\(change.probability)")
    }.joined(separator: ",")
  }

  /// What may be given, a line a kind, for a tool's help.
  public static var help: String {
    Kind.allCases.map { kind in
      let range = kind.permitted
      return "\(kind.rawValue)=A, \(kind.unit) \(range.lowerBound)...\(range.upperBound): \(kind.meaning)"
    }.joined(separator: "\n")
  }
}
