import QuillImaging

/// What the program says about a frame.
package struct FrameAnswer: Equatable, Sendable {
  /// A class and its probability in steps of 1/256, nil where the network answers with other numbers.
  package struct Guess: Equatable, Sendable {
    package var classIndex: Int
    package var probabilityIn256ths: Int?

    package init(classIndex: Int, probabilityIn256ths: Int?) {
      self.classIndex = classIndex
      self.probabilityIn256ths = probabilityIn256ths
    }
  }

  package var best: Guess?
  package var runnerUp: Guess?
  /// Whether what was found is hardly a digit (touching the frame's edge, faint, several in one), or two classes are close;
  /// of a number: whether that holds for one of its digits.
  package var isUnsure = false
  /// The number that the digits make, where that was asked for; `best` and `runnerUp` are then nil.
  package var number: NumberAnswer?
  package var box: PixelBox?
  /// What is held to be there over several frames; nil where that was not asked for.
  package var held: HeldAnswer.Belief?
  package var facts: FrameFacts
  package var preprocessNanoseconds: Int64 = 0
  package var inferenceNanoseconds: Int64 = 0
  /// From the frame's timestamp to the answer.
  package var ageNanoseconds: Int64 = 0

  package init(facts: FrameFacts) {
    self.facts = facts
  }
}
