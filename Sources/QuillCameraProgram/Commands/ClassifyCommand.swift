import CVideo4Linux
import Quill
import QuillCamera
import QuillImaging

/// Without a command: a line an answer, for every frame or every change, as a service does it.
struct ClassifyCommand {
  let options: ClassifyOptions

  func run() throws(ProgramError) -> ExitCode {
    // What runs for weeks has from its start the memory that it keeps.
    quill_touch_stack()
    try ReloadSignal.install()
    let model = try DefaultModel.path(named: options.model)
    var classifier = try FrameClassifier(model, options)
    let source = try FrameInput(options.source)
    var recorder: FrameRecorder?
    if let path = options.record { recorder = try FrameRecorder.open(path) }
    var steps: StepFolder?
    if let folder = options.explain { steps = try StepFolder(folder, numbersFrames: options.source.frameLimit != 1) }
    var picture = Picture(channels: classifier.channels)
    var output = try AnswerOutput(options, labels: classifier.labels)
    var service = ServiceNotifier()
    service.ready()
    var answered: UInt64 = 0
    var different: UInt64 = 0
    frames: while answered < options.source.frameLimit ?? UInt64.max {
      let step = try source.step(into: &picture)
      service.stepIsDone()
      switch step {
      case .idle: break
      case .end: break frames
      case .frame(let facts):
        let answer = try classifier.classify(picture, facts: facts)
        try output.take(answer, on: picture)
        if options.explain != nil { try steps?.write(try classifier.steps(of: picture)) }
        answered += 1
        if options.record != nil { recorder?.record(picture, facts, answer: output.kept(answer).bytes) }
        if facts.isReplayed && !source.hasRecorded(output.kept(answer).bytes) { different += 1 }
      }
      if ReloadSignal.take(), try reload(model, &classifier, service) {
        picture = Picture(channels: classifier.channels)
        output.use(labels: classifier.labels)
      }
    }
    service.stopping()
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

  /// Reads the model file anew and puts it in the old one's place, between two frames: only once it is open and has
  /// proved itself on its golden inputs. Otherwise the old one stays, and standard error says why; gives which.
  private func reload(
    _ model: SystemPath, _ classifier: inout FrameClassifier, _ service: borrowing ServiceNotifier
  ) throws(ProgramError) -> Bool {
    service.reloading()
    do throws(ProgramError) {
      classifier = try FrameClassifier(model, options, proving: true)
    } catch {
      Program.complain("\(error.sentence); the old model stays in use")
      service.kept()
      return false
    }
    if !options.source.isQuiet { Program.complain("\(model.sentence): in use from the next frame on") }
    service.ready()
    return true
  }
}
