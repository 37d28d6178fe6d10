import Quill
import QuillCamera
import QuillImaging

/// Without a command: a line an answer, for every frame.
struct ClassifyCommand {
  let options: ClassifyOptions

  func run() throws(ProgramError) -> ExitCode {
    var classifier = try FrameClassifier(options.model)
    let source = try FrameInput(options.source)
    var recorder: FrameRecorder?
    if let path = options.record { recorder = try FrameRecorder.open(path) }
    var picture = Picture()
    var writer = AnswerLine(labels: classifier.labels)
    var answered: UInt64 = 0
    var different: UInt64 = 0
    frames: while answered < options.source.frameLimit ?? UInt64.max {
      switch try source.step(into: &picture) {
      case .idle: continue
      case .end: break frames
      case .frame(let facts):
        let answer = try classifier.classify(picture, facts: facts)
        try (options.asText ? writer.text(answer) : writer.json(answer)).write()
        answered += 1
        if options.record != nil { recorder?.record(picture, facts, answer: writer.kept(answer).bytes) }
        if facts.isReplayed && !source.hasRecorded(writer.kept(answer).bytes) { different += 1 }
      }
    }
    if case .replay = options.source.kind, !options.source.isQuiet {
      Program.complain(Self.comparison(answered, different))
    }
    return .success
  }

  /// What a replay came to.
  private static func comparison(_ answered: UInt64, _ different: UInt64) -> Sentence {
    "\(answered) frames replayed; "
      + (different == 0
        ? "every answer is the one recorded" as Sentence : "\(different) answers are not those recorded")
  }
}
