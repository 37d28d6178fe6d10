/// A network with the settings of a published digit system, so that its figures can be reproduced by name.
///
/// Labels are integers throughout: the cross-entropy of a one-hot label is the same number, with the same gradients.
public struct Recipe: Sendable, Equatable {
  /// What users call it.
  public let name: String

  /// The network in words (`NetworkDescription.init(text:inputShape:classCount:)`).
  public let network: String

  /// Passes over the training samples.
  public let epochCount: Int

  /// Samples of a step.
  public let batchSize: Int

  /// The share of the training samples, the last ones, that validates.
  public let validationShare: Double

  /// Changes of the training images.
  public let augmentation: Augmentation

  /// The accuracy on MNIST's test images that the system's authors reported.
  public let reported: String

  /// The recipes. All train with Adam at a rate of 0.001 (Keras's defaults).
  public static let all = [
    Recipe(
      name: "mlp-128", network: "flatten-dense128-classes", epochCount: 5, batchSize: 32, validationShare: 0,
      augmentation: Augmentation(), reported: "about 97 %"),
    Recipe(
      name: "mlp-128-64", network: "flatten-dense128-dense64-classes", epochCount: 5, batchSize: 32,
      validationShare: 0.2, augmentation: Augmentation(), reported: "97.4 %"),
    Recipe(
      name: "cnn", network: convolutional + "-classes", epochCount: 5, batchSize: 32, validationShare: 0.1,
      augmentation: Augmentation(), reported: "98.89 %"),
    Recipe(
      name: "cnn-augmented", network: convolutional + "-classes", epochCount: 10, batchSize: 128, validationShare: 0,
      augmentation: Augmentation(rotation: 10, shift: 0.1, zoom: 0.1), reported: "98.78 - 99 %"),
    Recipe(
      name: "cnn-dropout", network: convolutional + "-drop0.5-classes", epochCount: 10, batchSize: 128,
      validationShare: 0.1, augmentation: Augmentation(), reported: "98 - 99 %"),
  ]

  private static let convolutional = "conv32x3-pool-conv64x3-pool-dense128"

  /// The recipe of a name.
  public static func named(_ name: String) -> Recipe? { all.first { $0.name == name } }
}
