import QuillImaging

/// What `quill classify` says about one picture.
enum PictureReport {
  /// The picture as one; nil where no digit was found in it.
  case single(path: String, Classification?)
  /// Its digits in reading order.
  case number(path: String, [Classification])

  /// The digits as one reads them: rows apart by a space.
  static func number(_ digits: [Classification]) -> String {
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, digit.digit?.row != digits[index - 1].digit?.row { text += " " }
      text += digit.label
    }
    return text
  }

  /// Whether the picture may hold more digits than these.
  private static func mayLackDigits(_ digits: [Classification]) -> Bool { digits.count == DigitFinder.mostDigits }

  /// The same with the first `count` classes of each distribution only.
  func limited(to count: Int?) -> PictureReport {
    guard let count else { return self }
    func limit(_ answer: Classification) -> Classification {
      var limited = answer
      limited.distribution = Array(answer.distribution.prefix(count))
      return limited
    }
    return switch self {
    case .single(let path, let answer): .single(path: path, answer.map(limit))
    case .number(let path, let digits): .number(path: path, digits.map(limit))
    }
  }

  /// One line for people.
  func text(top: Int, _ console: Console) -> String {
    switch self {
    case .single(let path, let answer):
      return "\(Console.oneLine(path)): \(answer?.text(top: top, console) ?? "no digit")"
    case .number(let path, let digits):
      guard let least = digits.min(by: { $0.margin < $1.margin }) else { return "\(Console.oneLine(path)): no digit" }
      let doubted = digits.filter(\.isUnsure).count
      return "\(Console.oneLine(path)): \(console.bold(Self.number(digits)))"
        + " (least sure: \(Console.oneLine(least.label)), \(percent(Double(least.probability))))"
        + (doubted == 0 ? "" : "  unsure: \(doubted) of \(digits.count)")
        + (Self.mayLackDigits(digits) ? "  \(digits.count) digits are the most that are read: there may be more" : "")
    }
  }
}

extension PictureReport: Encodable {
  private enum Key: String, CodingKey {
    case index = "class", isUnsure = "unsure"
    case image, label, probability, margin, distribution, box, digit, number, digits
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    switch self {
    case .single(let path, let answer):
      try object.encode(path, forKey: .image)
      // What was not found is null, not absent.
      try object.encode(answer?.label, forKey: .label)
      try object.encode(answer?.index, forKey: .index)
      try object.encode(answer?.probability, forKey: .probability)
      try object.encode(answer?.margin, forKey: .margin)
      try object.encode(answer?.isUnsure ?? false, forKey: .isUnsure)
      try object.encode(answer?.distribution ?? [], forKey: .distribution)
      try object.encode(answer?.box, forKey: .box)
      try object.encodeIfPresent(answer?.digit, forKey: .digit)
    case .number(let path, let digits):
      try object.encode(path, forKey: .image)
      try object.encode(Self.number(digits), forKey: .number)
      try object.encode(digits.contains(where: \.isUnsure) || Self.mayLackDigits(digits), forKey: .isUnsure)
      try object.encode(digits, forKey: .digits)
    }
  }
}
