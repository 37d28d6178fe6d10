import Quill
import QuillCamera
import QuillImaging

/// Without a command: a line an answer, for every frame.
struct ClassifyCommand {
  let options: ClassifyOptions

  func run() throws(ProgramError) -> ExitCode {
    var classifier = try FrameClassifier(options.model)
    let source = try FrameInput(options.source)
    var picture = Picture()
    var writer = AnswerLine(labels: classifier.labels)
    var answered: UInt64 = 0
    while answered < options.source.frameLimit ?? UInt64.max {
      switch try source.step(into: &picture) {
      case .idle: continue
      case .end: return .success
      case .frame(let facts):
        let answer = try classifier.classify(picture, facts: facts)
        try (options.asText ? writer.text(answer) : writer.json(answer)).write()
        answered += 1
      }
    }
    return .success
  }
}
