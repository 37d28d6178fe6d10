import QuillImaging

/// What a network makes of one picture.
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
    let polarity: String
    let contrast: Int
    let quality: Int
    let isUnsure: Bool
  }

  let image: String
  let label: String
  let index: Int
  let probability: Float

  /// The classes by falling probability.
  let distribution: [Candidate]
  let digit: Digit?

  init(path: String, digit: FoundDigit?, answer: ImageClassifier.Answer, facts: NetworkFacts) {
    image = path
    index = answer.classIndex
    label = facts.label(answer.classIndex)
    probability = answer.probabilities[answer.classIndex]
    // The class that was decided on comes first, also where a rounded probability ties.
    let order = answer.probabilities.indices.sorted { first, second in
      let (a, b) = (answer.probabilities[first], answer.probabilities[second])
      return a != b ? a > b : first == answer.classIndex || (second != answer.classIndex && first < second)
    }
    distribution = order.map { Candidate(index: $0, label: facts.label($0), probability: answer.probabilities[$0]) }
    self.digit = digit.map(Digit.init)
  }

  private init(_ whole: Classification, distribution: [Candidate]) {
    image = whole.image
    label = whole.label
    index = whole.index
    probability = whole.probability
    digit = whole.digit
    self.distribution = distribution
  }

  /// The same with the first `count` classes of the distribution only.
  func limited(to count: Int?) -> Classification {
    Classification(self, distribution: count.map { Array(distribution.prefix($0)) } ?? distribution)
  }

  /// One line for people.
  func text(top: Int, _ console: Console) -> String {
    let candidates = distribution.prefix(top).enumerated().map { place, candidate in
      let text = "\(Console.oneLine(candidate.label)) (\(percent(Double(candidate.probability))))"
      return place == 0 ? console.bold(text) : text
    }
    let doubt = digit?.isUnsure == true ? "  unsure: perhaps no single whole digit" : ""
    return "\(Console.oneLine(image)): \(candidates.joined(separator: ", "))\(doubt)"
  }
}

extension Classification.Digit {
  fileprivate init(_ found: FoundDigit) {
    left = Int(found.box.left)
    top = Int(found.box.top)
    right = Int(found.box.right)
    bottom = Int(found.box.bottom)
    polarity = "\(found.polarity)"
    contrast = Int(found.contrast)
    quality = Int(found.quality)
    isUnsure = found.quality < FoundDigit.unsureQuality
  }
}
