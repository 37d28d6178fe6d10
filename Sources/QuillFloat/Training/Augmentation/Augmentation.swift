/// Changes of training images that leave their class: each sample is changed anew in each epoch, within ranges, as the
/// seed, the epoch and the sample's position say.
///
/// Pixels are 0...1 and stay so. All moves, turns and bends of an image are one step, so that it is blurred once at most;
/// the other changes follow in the order of `Kind`.
public struct Augmentation: Sendable, Equatable {
  /// A change by at most `amount`, drawn evenly, which a share of the images undergoes.
  public struct Change: Sendable, Equatable {
    /// The range of what is drawn, in the kind's unit (`Kind.meaning`).
    public var amount: Double

    /// The share of the images, 0...1.
    public var probability: Double

    /// A change of a share of the images.
    public init(_ amount: Double, probability: Double) {
      self.amount = amount
      self.probability = probability
    }
  }

  private var changes: [Change] = Kind.allCases.map { Change($0.identity, probability: $0.usualProbability) }

  /// Images as they are.
  public init() {}

  /// Moves and turns of every image, within ranges: degrees, shares of the side, differences from 1, degrees.
  public init(rotation: Double = 0, shift: Double = 0, zoom: Double = 0, shear: Double = 0) {
    for (kind, amount) in [(Kind.rotation, rotation), (.shift, shift), (.zoom, zoom), (.shear, shear)] {
      self[kind].amount = amount
    }
  }

  /// Changes of several kinds; each amount within its `permitted`.
  init(_ changes: [(kind: Kind, change: Change)]) {
    for (kind, change) in changes { self[kind] = change }
  }

  /// One kind's change. Its amount lies within `kind.permitted`.
  public subscript(kind: Kind) -> Change {
    get { changes[kind.position] }
    set {
      precondition(kind.permitted.contains(newValue.amount), "\(kind) of \(newValue.amount)")
      precondition((0...1).contains(newValue.probability), "a share of the images")
      changes[kind.position] = newValue
    }
  }

  /// Whether a kind changes anything.
  func has(_ kind: Kind) -> Bool { self[kind].amount != kind.identity && self[kind].probability > 0 }

  /// Whether images stay as they are.
  public var isIdentity: Bool { !Kind.allCases.contains { $0 != .clean && has($0) } }
}

extension TrainingSource {
  /// The same samples, images of `shape` `[H, W, C]` with pixels 0...1, changed in each epoch; as they are where they are
  /// measured.
  public func augmented(_ augmentation: Augmentation, seed: UInt64, shape: [Int]) -> TrainingSource {
    precondition(shape.count == 3, "augmentation is for images")
    if augmentation.isIdentity { return self }
    let write = write
    return TrainingSource(labels: labels) { sample, epoch, target in
      guard let epoch else { return write(sample, nil, &target) }
      let stream = TrainingRandom.augmentationStream | UInt64(epoch) << 32 | UInt64(sample)
      var random = TrainingRandom(seed: seed, stream: stream)
      var image = FloatImage(height: shape[0], width: shape[1], channels: shape[2])
      var span = image.values.mutableSpan
      write(sample, epoch, &span)
      augmentation.apply(to: &image, &random)
      for index in 0..<image.values.count { target[index] = image.values[index] }
    }
  }
}
