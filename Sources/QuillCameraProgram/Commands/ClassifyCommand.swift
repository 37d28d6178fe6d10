import Quill
import QuillCamera
import QuillImaging

/// Without a command: a line an answer, for every frame.
struct ClassifyCommand {
  let options: ClassifyOptions

  func run() throws(ProgramError) -> ExitCode {
    var classifier = try FrameClassifier(options.model)
    switch options.source.kind {
    case .camera(let path):
      try answer(CameraSource(path: path, options: options.source), with: &classifier)
    case .standardInput:
      try answer(StreamSource(options.source.wish), with: &classifier)
    }
    return .success
  }

  private func answer<Source: FrameSource & ~Copyable>(
    _ source: consuming Source, with classifier: inout FrameClassifier
  ) throws(ProgramError) {
    var frame = GreyFrame()
    var writer = AnswerLine(labels: classifier.labels)
    var answered: UInt64 = 0
    while answered < options.source.frameLimit ?? UInt64.max, let facts = try source.next(into: &frame) {
      let answer = try classifier.classify(frame, facts: facts)
      try (options.asText ? writer.text(answer) : writer.json(answer)).write()
      answered += 1
    }
  }
}
