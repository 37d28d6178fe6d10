import Quill
import QuillCamera

/// `verify`: runs the inputs that a model carries and holds every operator's output against the converter's.
struct VerifyCommand {
  /// The model; nil for the one beside the program.
  let model: SystemPath?

  func run() throws(ProgramError) -> ExitCode {
    let path = try DefaultModel.path(named: model)
    var classifier = try ModelLoader.load(path)
    guard let difference = GoldenVectors.verify(classifier.model, with: &classifier.engine) else {
      var line = TextLine()
      line.append(Array(path.bytes))
      line.append(": ")
      line.append(GoldenVectors.caseCount)
      line.append(" golden inputs, ")
      line.append(classifier.model.operatorCount)
      line.append(" operators: equal\n")
      try line.write()
      return .success
    }
    throw .different(path, VerifyDifference(difference, in: classifier.model))
  }
}
