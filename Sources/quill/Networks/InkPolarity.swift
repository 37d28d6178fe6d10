import Quill
import QuillData
import QuillFloat

extension Preprocessing.Polarity {
  /// Where a network's metadata says that it has learnt dark ink on light paper.
  static let metadataKey = "quill.input.polarity"

  /// How it says so; Quill's networks that do not have learnt light ink.
  static let darkOnLightText = "dark on light"

  /// Where a network's metadata name the version of Quill that has trained it.
  static let toolKey = "quill.tool"
}

extension FloatNetwork {
  /// Which of ink and paper is bright in what the network says that it has learnt; `nil` where it says nothing, as all
  /// networks that Quill has not trained.
  var learntPolarity: Preprocessing.Polarity? {
    let metadata = program.graph.metadata
    if metadata[Preprocessing.Polarity.metadataKey] == Preprocessing.Polarity.darkOnLightText { return .darkOnLight }
    return metadata[Preprocessing.Polarity.toolKey] == nil ? nil : .lightOnDark
  }
}

extension Graph {
  /// Notes what whoever takes a network on must know of the images that it has learnt from: their classes, and what they
  /// look like.
  mutating func note(learntFrom data: TrainingData) throws {
    try note(classNames: data.classNames)
    metadata[Preprocessing.Polarity.toolKey] = "quill \(QuillTool.version)"
    metadata[InputRange.metadataKey] = InputRange.unit.text
    if data.showsDarkInk { metadata[Preprocessing.Polarity.metadataKey] = Preprocessing.Polarity.darkOnLightText }
  }
}
