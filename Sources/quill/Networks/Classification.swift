import QuillImaging

/// What a network makes of one picture, or of one of its digits.
struct Classification: Encodable {
  /// A class and its probability.
  struct Candidate: Encodable {
    let index: Int
    let label: String
    let probability: Float
  }

  /// Where the digit was found.
  struct Digit: Encodable {
    let left: Int, top: Int, right: Int, bottom: Int
    let row: Int
    let polarity: String
    let contrast: Int
    let quality: Int
    let isUnsure: Bool
  }

  let label: String
  let index: Int
  let probability: Float

  /// How far the class is ahead of the next, in logits.
  let margin: Float

  /// Whether the answer should not be trusted: hardly a digit, not of that digit's shape, or two classes are nearly as
  /// likely.
  let isUnsure: Bool

  /// Whether the picture has the shape of the class, where that is a digit.
  private let isShaped: Bool

  /// The classes by falling probability.
  var distribution: [Candidate]
  let digit: Digit?

  private enum CodingKeys: String, CodingKey {
    case label, index, probability, margin, isUnsure, distribution, digit
  }

  init(digit: FoundDigit?, isShaped: Bool, answer: ImageClassifier.Answer, facts: NetworkFacts) {
    index = answer.classIndex
    label = facts.label(answer.classIndex)
    probability = answer.probabilities[answer.classIndex]
    margin = answer.margin
    self.isShaped = isShaped
    isUnsure =
      digit.map {
        $0.quality < FoundDigit.unsureQuality || !isShaped || answer.margin * 256 < Float(FoundDigit.leastMargin)
      }
      ?? false
    // The class that was decided on comes first, also where a rounded probability ties.
    let order = answer.probabilities.indices.sorted { first, second in
      let (a, b) = (answer.probabilities[first], answer.probabilities[second])
      return a != b ? a > b : first == answer.classIndex || (second != answer.classIndex && first < second)
    }
    distribution = order.map { Candidate(index: $0, label: facts.label($0), probability: answer.probabilities[$0]) }
    self.digit = digit.map(Digit.init)
  }

  /// The likeliest classes, on one line for people, and what makes the answer unsure.
  func text(top: Int, _ console: Console) -> String {
    let candidates = distribution.prefix(top).enumerated().map { place, candidate in
      let text = "\(Console.oneLine(candidate.label)) (\(percent(Double(candidate.probability))))"
      return place == 0 ? console.bold(text) : text
    }
    return candidates.joined(separator: ", ") + doubt
  }

  /// Why the answer is unsure; empty where it is not.
  var doubt: String {
    guard isUnsure else { return "" }
    if digit?.isUnsure == true || !isShaped { return "  unsure: perhaps no single whole digit" }
    return "  unsure: two classes are nearly as likely"
  }
}

extension Classification.Digit {
  fileprivate init(_ found: FoundDigit) {
    left = Int(found.box.left)
    top = Int(found.box.top)
    right = Int(found.box.right)
    bottom = Int(found.box.bottom)
    row = found.row
    polarity = "\(found.polarity)"
    contrast = Int(found.contrast)
    quality = Int(found.quality)
    isUnsure = found.quality < FoundDigit.unsureQuality
  }
}
