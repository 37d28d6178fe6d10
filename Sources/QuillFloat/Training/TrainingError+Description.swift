extension TrainingError: CustomStringConvertible {
  /// One line: where, what was found, what was expected.
  public var description: String {
    switch self {
    case .layerUnknown(let layer, let word):
      "layer \(layer) '\(word)' is unknown; expected conv32x3, depthwise3, dense128, pool, avgpool, globalpool, norm, "
        + "drop0.5, flatten, an activation, or last a number of classes"
    case .layerNumber(let layer, let word, let form): "layer \(layer) '\(word)' has not its numbers; expected \(form)"
    case .layerModifier(let layer, let word, let modifier):
      "layer \(layer) '\(word)': ':\(modifier)' does not fit it; expected :same, :s2 (a stride) or an activation: "
        + "\(NetworkText.activationNames), linear"
    case .layerUnfit(let layer, let word, let problem): "layer \(layer) '\(word)' does not fit there: \(problem)"
    case .tooFewOutputs(let found, let classCount):
      "the network answers \(found) scores, but the data has \(classCount) classes; end it in 'classes'"
    case .endsInImage(let shape):
      "the network ends in an image of shape \(shape); expected a last layer such as 'classes'"
    case .augmentationPart(let part):
      "'\(part)' is no augmentation; expected rotation=DEGREES (to 180), shift=SHARE, zoom=SHARE or shear=DEGREES (to 60), "
        + "with commas between; shares are below 1"
    case .notACheckpoint: "is not a checkpoint of quill train"
    case .checkpointVersion(let found, let expected): "is a checkpoint of version \(found); expected \(expected)"
    case .checkpointCut(let offset): "the checkpoint ends too early, at byte \(offset)"
    case .checkpointDamaged: "the checkpoint is damaged: its checksum or its parts do not fit its bytes"
    case .checkpointSetting(let name, let found, let expected):
      "the checkpoint is of a run with another \(name): \(found); this one has \(expected)"
    case .checkpointUnfit(let found, let expected):
      "the checkpoint holds \(found) numbers where the network has \(expected)"
    }
  }
}
