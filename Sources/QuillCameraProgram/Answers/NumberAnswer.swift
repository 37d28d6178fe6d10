import QuillImaging

/// Several digits, read as a number.
package struct NumberAnswer: Equatable, Sendable {
  /// One of its digits.
  package struct Digit: Equatable, Sendable {
    package var guess: FrameAnswer.Guess
    package var isUnsure: Bool
    package var box: PixelBox

    package init(guess: FrameAnswer.Guess, isUnsure: Bool, box: PixelBox) {
      self.guess = guess
      self.isUnsure = isUnsure
      self.box = box
    }
  }

  /// The digits' names as one reads them, in UTF-8; a space parts rows. Empty where there is no digit.
  package private(set) var text: [UInt8] = []
  /// Row by row from the top, and from left to right.
  package private(set) var digits: [Digit] = []

  package init() {}

  /// Begins anew; the memory is kept where nobody else holds this answer.
  mutating func clear() {
    text.removeAll(keepingCapacity: true)
    digits.removeAll(keepingCapacity: true)
  }

  /// Adds the next digit. Nothing is allocated while the number is no longer than those before.
  package mutating func append(_ digit: Digit, label: [UInt8], startsRow: Bool) {
    if startsRow && !digits.isEmpty { text.append(0x20) }
    text.append(contentsOf: label)
    digits.append(digit)
  }
}
