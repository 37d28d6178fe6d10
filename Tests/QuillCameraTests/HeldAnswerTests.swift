import QuillCameraProgram
import QuillImaging
import Testing

@Suite struct HeldAnswerTests {
  private func answer(_ classIndex: Int?, unsure: Bool = false) -> FrameAnswer {
    var answer = FrameAnswer(facts: FrameFacts(sequence: 0, timestampNanoseconds: 0))
    answer.best = classIndex.map { FrameAnswer.Guess(classIndex: $0, probabilityIn256ths: 250) }
    answer.isUnsure = unsure
    return answer
  }

  @Test func aChangeTakesFramesInARow() {
    var held = HeldAnswer(frameCount: 3)
    var changes: [Bool] = []
    for index in [7, 7, 1, 7, 7, 7, 7, 1, 1, 1] { changes.append(held.take(answer(index))) }
    #expect(changes == [false, false, false, false, false, true, false, false, false, true])
    #expect(held.belief == .classIndex(1))
  }

  @Test func unsureFramesNeitherChangeNorBreakARow() {
    var held = HeldAnswer(frameCount: 2)
    var changes: [Bool] = []
    for frame in [answer(4), answer(9, unsure: true), answer(4)] { changes.append(held.take(frame)) }
    #expect(changes == [false, false, true])
  }

  @Test func noDigitIsHeldToo() {
    var held = HeldAnswer(frameCount: 1)
    var beliefs: [HeldAnswer.Belief] = []
    var changes: [Bool] = []
    for frame in [answer(nil), answer(nil), answer(0)] {
      changes.append(held.take(frame))
      beliefs.append(held.belief)
    }
    #expect(changes == [true, false, true])
    #expect(beliefs == [.nothing, .nothing, .classIndex(0)])
  }

  @Test func aNumberIsHeldAsAWhole() {
    func number(_ digits: [Int]) -> FrameAnswer {
      var number = NumberAnswer()
      for digit in digits {
        let guess = FrameAnswer.Guess(classIndex: digit, probabilityIn256ths: 250)
        let box = PixelBox(left: 0, top: 0, right: 1, bottom: 1)
        number.append(.init(guess: guess, isUnsure: false, box: box), label: [UInt8(0x30 + digit)], startsRow: false)
      }
      var seen = answer(nil)
      seen.number = number
      return seen
    }
    var held = HeldAnswer(frameCount: 2)
    var changes: [Bool] = []
    for digits in [[4, 2], [4, 2], [4, 7], [4, 2], [], []] { changes.append(held.take(number(digits))) }
    #expect(changes == [false, true, false, false, false, true])
    #expect(held.belief == .nothing)
  }

  @Test func whatIsHeldStandsInTheLine() {
    var writer = AnswerLine(labels: [Array("zero".utf8), Array("one".utf8)])
    var some = answer(1)
    some.held = .classIndex(1)
    #expect(
      String(decoding: writer.json(some).bytes, as: UTF8.self).contains(#""held":{"class":1,"label":"one"},"sequence""#)
    )
    #expect(String(decoding: writer.text(some).bytes, as: UTF8.self).contains("  held one  frame 0"))
    some.held = .unknown
    #expect(String(decoding: writer.json(some).bytes, as: UTF8.self).contains(#""held":{"class":null,"label":null}"#))
    #expect(!String(decoding: writer.json(answer(1)).bytes, as: UTF8.self).contains("held"))
  }
}
