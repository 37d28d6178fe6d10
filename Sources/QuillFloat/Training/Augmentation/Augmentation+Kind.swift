extension Augmentation {
  /// The kinds of change, in the order in which an image undergoes them.
  public enum Kind: String, Sendable, CaseIterable {
    case clean, rotation, shift, zoom, shear, elastic, thickness, resolution, blur, contrast, brightness, erase, drops,
      noise
    case inversion
  }
}

extension Augmentation.Kind {
  /// Its place among all kinds.
  package var position: Int {
    switch self {
    case .clean: 0
    case .rotation: 1
    case .shift: 2
    case .zoom: 3
    case .shear: 4
    case .elastic: 5
    case .thickness: 6
    case .resolution: 7
    case .blur: 8
    case .contrast: 9
    case .brightness: 10
    case .erase: 11
    case .drops: 12
    case .noise: 13
    case .inversion: 14
    }
  }

  /// The number of its random sequence. It never changes, so that runs repeat that were made before a kind was added.
  package var stream: UInt64 {
    switch self {
    case .noise: 12
    case .inversion: 13
    case .drops: 14
    default: UInt64(position)
    }
  }

  /// The amount that changes nothing.
  var identity: Double { self == .resolution ? 1 : 0 }

  /// The amounts that are permitted.
  public var permitted: ClosedRange<Double> {
    switch self {
    case .clean, .inversion: 0...1
    case .rotation: 0...180
    case .shift, .zoom: 0...0.95
    case .shear: 0...60
    case .elastic, .drops: 0...0.5
    case .thickness: 0...3
    case .resolution: 0.1...1
    case .blur: 0...5
    case .contrast, .brightness, .erase: 0...0.9
    case .noise: 0...1
    }
  }

  /// The share of the images that a change is for where none is given. `clean` and `inversion` are shares themselves.
  var usualProbability: Double {
    switch self {
    case .clean, .rotation, .shift, .zoom, .shear, .inversion: 1
    case .elastic, .thickness: 0.5
    case .resolution, .blur, .contrast, .brightness, .erase, .drops, .noise: 0.25
    }
  }

  /// The unit of the amount, in capitals.
  public var unit: String {
    switch self {
    case .rotation, .shear: "DEGREES"
    case .thickness, .blur: "PIXELS"
    case .contrast, .brightness, .drops, .noise: "LEVEL"
    case .clean, .shift, .zoom, .elastic, .resolution, .erase, .inversion: "SHARE"
    }
  }

  /// What an amount of A does.
  public var meaning: String {
    switch self {
    case .clean: "A of the images stay as they are"
    case .rotation: "turned by up to A, either way"
    case .shift: "moved by up to A of the height and of the width"
    case .zoom: "height and width scaled by 1 - A to 1 + A each"
    case .shear: "rows slanted by up to A, either way"
    case .elastic: "bent: the knots of a net over the image move by up to A of its side"
    case .thickness: "edges of bright strokes moved outwards by up to A or inwards by half"
    case .resolution: "shrunk to between A and 1 of its side, and enlarged again"
    case .blur: "a Gaussian blur whose deviation is up to A"
    case .contrast: "distances from mid-grey scaled by 1 - A to 1 + A; white is 1"
    case .brightness: "up to A added or taken; white is 1"
    case .erase: "a rectangle of up to A of height and width painted over in an even grey"
    case .drops: "bright drops, where a random field of -1 to 1 passes a threshold of 0.5 - A to 0.5"
    case .noise: "Gaussian noise of a deviation up to A; white is 1"
    case .inversion: "A of the images have bright and dark exchanged"
    }
  }
}
