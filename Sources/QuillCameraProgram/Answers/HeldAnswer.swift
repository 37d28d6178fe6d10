/// Keeps the answer to a scene from flickering: it changes only after a number of frames in a row that agree. Unsure
/// frames neither change it nor break a row.
package struct HeldAnswer: Equatable, Sendable {
  /// What is held to be in front of the camera.
  package enum Belief: Equatable, Sendable {
    /// Too few frames yet.
    case unknown
    case nothing
    case classIndex(Int)
    /// A number of several digits, as text.
    case number([UInt8])
  }

  /// Frames in a row that change it, 1 and more.
  package let frameCount: UInt32
  package private(set) var belief = Belief.unknown
  private var candidate = Belief.unknown
  private var votes: UInt32 = 0

  package init(frameCount: UInt32) {
    self.frameCount = frameCount
  }

  /// Takes a frame's answer; gives whether what is held has changed.
  package mutating func take(_ answer: FrameAnswer) -> Bool {
    if answer.isUnsure { return false }
    let seen = Self.belief(in: answer)
    if seen != candidate {
      candidate = seen
      votes = 0
    }
    votes = min(votes + 1, frameCount)
    if votes < frameCount || candidate == belief { return false }
    belief = candidate
    return true
  }

  private static func belief(in answer: FrameAnswer) -> Belief {
    if let number = answer.number { return number.text.isEmpty ? .nothing : .number(number.text) }
    return answer.best.map { Belief.classIndex($0.classIndex) } ?? .nothing
  }
}
