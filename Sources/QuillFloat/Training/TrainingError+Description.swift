extension TrainingError: CustomStringConvertible {
  /// One line: where, what was found, what was expected.
  public var description: String {
    switch self {
    case .layerUnknown(let layer, let word):
      "layer \(layer) '\(word)' is unknown; expected conv32x3, depthwise3, dense128, pool, avgpool, globalpool, norm, "
        + "drop0.5, flatten, squeeze8, res(layers), an activation, or last a number of classes"
    case .layerNumber(let layer, let word, let form): "layer \(layer) '\(word)' has not its numbers; expected \(form)"
    case .layerModifier(let layer, let word, let modifier):
      "layer \(layer) '\(word)': ':\(modifier)' does not fit it; expected :same, :s2 (a stride), :norm or an activation: "
        + "\(NetworkText.activationNames), linear"
    case .layerUnfit(let layer, let word, let problem): "layer \(layer) '\(word)' does not fit there: \(problem)"
    case .tooFewOutputs(let found, let classCount):
      "the network answers \(found) scores, but the data has \(classCount) classes; end it in 'classes'"
    case .endsInImage(let shape):
      "the network ends in an image of shape \(shape); expected a last layer such as 'classes'"
    case .notTrainable(let node, let operation, let reason):
      "node \"\(node)\" (\(operation)) cannot be trained: \(reason)"
    case .lastLayerNotDense(let name):
      "the last layer \"\(name)\" is not dense without activation; its classes cannot be changed"
    case .layerToFreeze(let name, let layers):
      "there is no layer '\(name)' to freeze; expected a number of layers or names among \(layers.joined(separator: ", "))"
    case .normalizationUnfolded(let name):
      "layer \"\(name)\" is a batch normalisation, which int8 folds into weights; train the network first, then go on "
        + "from its file with --from"
    case .spacePart(let part):
      "'\(part)' is no choice; expected filters=8,16, dense=32,64, rate=0.001..0.01, batch=32,64, activation=relu,tanh, "
        + "dropout=0,0.5 or norm=on,off, with blanks between"
    case .augmentationPart(let part):
      "'\(part)' is no augmentation; expected parts such as rotation=10 or noise=0.2@0.5 with commas between, of "
        + Augmentation.Kind.allCases.map(\.rawValue).joined(separator: ", ")
    case .augmentationRepeated(let kind): "\(kind) stands twice among the augmentations"
    case .augmentationNumber(let part, let kind):
      "'\(part)' is not permitted; expected \(kind.rawValue)=\(kind.unit) in "
        + "\(kind.permitted.lowerBound)...\(kind.permitted.upperBound)"
        + (kind == .clean || kind == .inversion ? "" : ", and after an @ the share of the images, 0...1")
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
