import QuillImaging

/// What a network makes of one picture, or of one of its digits.
struct Classification: Encodable {
  /// A class and its probability.
  struct Candidate: Encodable {
    let index: Int
    let label: String
    let probability: Float

    private enum CodingKeys: String, CodingKey {
      case index = "class"
      case label, probability
    }
  }

  /// Where something was found, in pixels of the picture; the board's program writes the same.
  struct Box: Encodable {
    let x: Int, y: Int, width: Int, height: Int
  }

  /// How the digit was found.
  struct Digit: Encodable {
    let row: Int
    let polarity: String
    let contrast: Int
    let quality: Int

    /// Whether it is hardly one whole digit.
    var isUnsure: Bool { quality < FoundDigit.unsureQuality }
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

  /// Of the digit, or the part of the picture that the network was fed.
  let box: Box
  let digit: Digit?

  enum CodingKeys: String, CodingKey {
    case index = "class", isUnsure = "unsure"
    case label, probability, margin, distribution, box, digit
  }

  init(_ prepared: ImagePreparer.Prepared, isShaped: Bool, answer: ImageClassifier.Answer, facts: NetworkFacts) {
    index = answer.classIndex
    label = facts.label(answer.classIndex)
    probability = answer.probabilities[answer.classIndex]
    margin = answer.margin
    self.isShaped = isShaped
    isUnsure =
      prepared.found.map {
        $0.quality < FoundDigit.unsureQuality || !isShaped || answer.margin * 256 < Float(FoundDigit.leastMargin)
      }
      ?? false
    // The class that was decided on comes first, also where a rounded probability ties.
    let order = answer.probabilities.indices.sorted { first, second in
      let (a, b) = (answer.probabilities[first], answer.probabilities[second])
      return a != b ? a > b : first == answer.classIndex || (second != answer.classIndex && first < second)
    }
    distribution = order.map { Candidate(index: $0, label: facts.label($0), probability: answer.probabilities[$0]) }
    box = Box(prepared.box)
    digit = prepared.found.map(Digit.init)
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

extension Classification.Box {
  fileprivate init(_ box: PixelBox) {
    (x, y, width, height) = (Int(box.left), Int(box.top), Int(box.width), Int(box.height))
  }
}

extension Classification.Digit {
  fileprivate init(_ found: FoundDigit) {
    row = found.row
    polarity = "\(found.polarity)"
    contrast = Int(found.contrast)
    quality = Int(found.quality)
  }
}
