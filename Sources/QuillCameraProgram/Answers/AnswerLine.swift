import QuillImaging

/// Writes answers as lines of JSON or of text, without allocating.
package struct AnswerLine: Sendable {
  private var line = TextLine()
  private let labels: [[UInt8]]

  /// A writer for classes with these names in UTF-8.
  package init(labels: [[UInt8]]) {
    self.labels = labels
  }

  /// One JSON object and a line feed.
  package mutating func json(_ answer: FrameAnswer) -> TextLine {
    line.clear()
    line.append("{")
    if let number = answer.number {
      append(number)
    } else {
      appendGuess(answer.best)
      line.append(",\"runnerUp\":{")
      appendGuess(answer.runnerUp)
      line.append("}")
    }
    append(isUnsure: answer.isUnsure, box: answer.box)
    if let held = answer.held { append(held: held) }
    if !answer.facts.name.isEmpty {
      line.append(",\"file\":")
      line.append(quoted: answer.facts.name)
    }
    if let drawn = answer.facts.drawn { append(",\"drawn\":", Int64(drawn)) }
    append(",\"sequence\":", Int64(clamping: answer.facts.sequence))
    append(",\"timestampNanoseconds\":", answer.facts.timestampNanoseconds)
    if !answer.facts.isReplayed { appendMeasured(answer) }
    append(",\"dropped\":", Int64(clamping: answer.facts.dropped))
    append(",\"lost\":", Int64(clamping: answer.facts.lost))
    line.append("}\n")
    return line
  }

  /// The answer as a recording keeps it: JSON without the times measured now.
  package mutating func kept(_ answer: FrameAnswer) -> TextLine {
    var kept = answer
    kept.facts.isReplayed = true
    return json(kept)
  }

  /// The digits read as one, and each by itself.
  private mutating func append(_ number: NumberAnswer) {
    line.append("\"number\":")
    line.append(quoted: number.text)
    line.append(",\"digits\":[")
    for index in number.digits.indices {
      let digit = number.digits[index]
      line.append(index == 0 ? "{" : ",{")
      appendGuess(digit.guess)
      append(isUnsure: digit.isUnsure, box: digit.box)
      line.append("}")
    }
    line.append("]")
  }

  private mutating func append(isUnsure: Bool, box: PixelBox?) {
    line.append(",\"unsure\":")
    line.append(isUnsure ? "true" : "false")
    line.append(",\"box\":")
    guard let box else { return line.append("null") }
    append("{\"x\":", Int64(box.left))
    append(",\"y\":", Int64(box.top))
    append(",\"width\":", Int64(box.width))
    append(",\"height\":", Int64(box.height))
    line.append("}")
  }

  private mutating func appendMeasured(_ answer: FrameAnswer) {
    append(",\"ageMicroseconds\":", answer.ageNanoseconds / 1_000)
    append(",\"captureMicroseconds\":", answer.facts.captureNanoseconds / 1_000)
    append(",\"preprocessMicroseconds\":", answer.preprocessNanoseconds / 1_000)
    append(",\"inferenceMicroseconds\":", answer.inferenceNanoseconds / 1_000)
  }

  /// A line to read: class, probability, runner-up, box, age; `-` where there is no digit.
  package mutating func text(_ answer: FrameAnswer) -> TextLine {
    line.clear()
    if let best = answer.best {
      appendReadable(best)
      if let runnerUp = answer.runnerUp {
        line.append(" (")
        appendReadable(runnerUp)
        line.append(")")
      }
    } else if let number = answer.number, !number.text.isEmpty {
      line.append(number.text)
    } else {
      line.append("-")
    }
    if answer.isUnsure { line.append(" unsure") }
    if let box = answer.box {
      append("  at ", Int64(box.left))
      append(",", Int64(box.top))
      append(" ", Int64(box.width))
      append("x", Int64(box.height))
    }
    if let held = answer.held {
      line.append("  held ")
      switch held {
      case .classIndex(let index): appendLabel(index)
      case .number(let text): line.append(text)
      case .unknown, .nothing: line.append("-")
      }
    }
    append("  frame ", Int64(clamping: answer.facts.sequence))
    if !answer.facts.isReplayed {
      line.append("  ")
      line.append(fraction: UInt64(max(0, answer.ageNanoseconds)) / 1_000, over: 1_000, digits: 1)
      line.append(" ms")
    }
    if !answer.facts.name.isEmpty {
      line.append("  ")
      line.append(answer.facts.name)
    }
    line.append("\n")
    return line
  }

  /// What is held over several frames: a class, a number, or null.
  private mutating func append(held: HeldAnswer.Belief) {
    switch held {
    case .classIndex(let index):
      append(",\"held\":{\"class\":", Int64(index))
      line.append(",\"label\":")
      line.append(quoted: index < labels.count ? labels[index] : [])
      line.append("}")
    case .number(let text):
      line.append(",\"held\":{\"number\":")
      line.append(quoted: text)
      line.append("}")
    case .unknown, .nothing: line.append(",\"held\":{\"class\":null,\"label\":null}")
    }
  }

  private mutating func appendLabel(_ index: Int) {
    line.append(index < labels.count ? labels[index] : [])
  }

  private mutating func append(_ key: StaticString, _ number: Int64) {
    line.append(key)
    line.append(number)
  }

  private mutating func appendGuess(_ guess: FrameAnswer.Guess?) {
    guard let guess else {
      line.append("\"class\":null,\"label\":null,\"probability\":null")
      return
    }
    append("\"class\":", Int64(guess.classIndex))
    line.append(",\"label\":")
    line.append(quoted: guess.classIndex < labels.count ? labels[guess.classIndex] : [])
    line.append(",\"probability\":")
    if let probability = guess.probabilityIn256ths {
      line.append(fraction: UInt64(max(0, probability)), over: 256, digits: 4)
    } else {
      line.append("null")
    }
  }

  private mutating func appendReadable(_ guess: FrameAnswer.Guess) {
    appendLabel(guess.classIndex)
    guard let probability = guess.probabilityIn256ths else { return }
    line.append(" ")
    line.append(fraction: UInt64(max(0, probability)) * 100, over: 256, digits: 1)
    line.append(" %")
  }
}
