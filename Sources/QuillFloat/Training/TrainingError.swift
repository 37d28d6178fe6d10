/// What keeps a training run from its start: texts that describe no network or augmentation, and checkpoints that do
/// not fit. The wording stands in `TrainingError+Description.swift`.
public enum TrainingError: Error, Sendable, Equatable {
  // Networks in words. Layers are counted from 1.

  /// A word that names no layer.
  case layerUnknown(layer: Int, word: String)

  /// A layer's number that is missing, unreadable or outside what is permitted.
  case layerNumber(layer: Int, word: String, form: String)

  /// Something after a colon that the layer does not know.
  case layerModifier(layer: Int, word: String, modifier: String)

  /// A layer that cannot follow those before it.
  case layerUnfit(layer: Int, word: String, GraphError.Problem)

  /// A last layer that answers fewer scores than there are classes.
  case tooFewOutputs(found: Int, classCount: Int)

  /// A network that ends in an image instead of one score a class.
  case endsInImage(shape: [Int])

  // Networks that go on learning.

  /// A node that no trainable layer computes.
  case notTrainable(node: String, operation: String, reason: String)

  /// A network whose last layer cannot be replaced.
  case lastLayerNotDense(name: String)

  /// A layer to freeze that the network does not have.
  case layerToFreeze(name: String, layers: [String])

  /// A normalisation in a network that is to be trained as int8.
  case normalizationUnfolded(name: String)

  // Searches.

  /// A part of a space that is none.
  case spacePart(String)

  // Augmentation in words.

  /// A part that is not `kind=number`.
  case augmentationPart(String)

  /// A kind that stands twice.
  case augmentationRepeated(String)

  /// A part whose number is not permitted.
  case augmentationNumber(String, Augmentation.Kind)

  // Checkpoints. Offsets count bytes from the beginning of the file.

  /// Bytes that do not begin as a checkpoint does.
  case notACheckpoint

  /// A checkpoint of another version.
  case checkpointVersion(found: UInt32, expected: UInt32)

  /// A checkpoint that ends too early.
  case checkpointCut(offset: Int)

  /// A checkpoint whose bytes are not those that were written.
  case checkpointDamaged

  /// A checkpoint of a run with another setting.
  case checkpointSetting(name: String, found: String, expected: String)

  /// A checkpoint of a network or optimiser of another size.
  case checkpointUnfit(found: Int, expected: Int)
}
