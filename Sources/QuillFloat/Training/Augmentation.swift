/// Changes of training images that leave their class: each sample is turned, moved, scaled and sheared anew in each epoch,
/// within ranges, as the seed, the epoch and the sample's position say.
public struct Augmentation: Sendable, Equatable {
  /// The most degrees that an image is turned by, either way; 0...180.
  public var rotation: Double

  /// The most that an image is moved by, as a share of its height and, drawn apart, of its width; 0..<1.
  public var shift: Double

  /// The most that height and, drawn apart, width are scaled by, as a difference from 1; 0..<1.
  public var zoom: Double

  /// The most degrees that an image is sheared by along its rows, either way; 0...60.
  public var shear: Double

  /// Changes within ranges.
  public init(rotation: Double = 0, shift: Double = 0, zoom: Double = 0, shear: Double = 0) {
    self.rotation = rotation
    self.shift = shift
    self.zoom = zoom
    self.shear = shear
  }

  /// Changes in words: `rotation=10,shift=0.1,zoom=0.1,shear=5`, each of them once at most.
  /// - Throws: `augmentationPart`.
  public init(text: String) throws(TrainingError) {
    self.init()
    var seen: Set<Substring> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard words.count == 2, let value = Double(words[1]), value >= 0, seen.insert(words[0]).inserted else {
        throw TrainingError.augmentationPart(String(part))
      }
      switch words[0] {
      case "rotation" where value <= 180: rotation = value
      case "shift" where value < 1: shift = value
      case "zoom" where value < 1: zoom = value
      case "shear" where value <= 60: shear = value
      default: throw TrainingError.augmentationPart(String(part))
      }
    }
  }

  /// The changes in words, as `init(text:)` reads them; `none` where there are none.
  public var text: String {
    let parts = [("rotation", rotation), ("shift", shift), ("zoom", zoom), ("shear", shear)]
      .filter { $0.1 > 0 }.map { "\($0.0)=\($0.1)" }
    return parts.isEmpty ? "none" : parts.joined(separator: ",")
  }
}

extension TrainingSource {
  /// The same samples, images of `shape` `[H, W, C]`, changed in each epoch; as they are where they are measured.
  public func augmented(_ augmentation: Augmentation, seed: UInt64, shape: [Int]) -> TrainingSource {
    precondition(shape.count == 3, "augmentation is for images")
    if augmentation == Augmentation() { return self }
    let write = write
    return TrainingSource(labels: labels) { sample, epoch, target in
      guard let epoch else { return write(sample, nil, &target) }
      let stream = TrainingRandom.augmentationStream | UInt64(epoch) << 32 | UInt64(sample)
      var random = TrainingRandom(seed: seed, stream: stream)
      let map = AffineMap(augmentation, height: shape[0], width: shape[1], &random)
      var image = [Float](repeating: 0, count: shape[0] * shape[1] * shape[2])
      var span = image.mutableSpan
      write(sample, epoch, &span)
      map.resample(image, height: shape[0], width: shape[1], channels: shape[2], into: &target)
    }
  }
}

/// Where in the original each pixel of a changed image lies: a linear map about the middle, and a shift.
private struct AffineMap {
  /// The steps in the original, down and right, of a step down and of a step right.
  private let downDown: Float, rightDown: Float, downRight: Float, rightRight: Float

  /// The place in the original of the first pixel.
  private let top: Float, left: Float

  /// A map drawn within an augmentation's ranges: rotation, then shear, then zoom, each drawn evenly.
  init(_ ranges: Augmentation, height: Int, width: Int, _ random: inout TrainingRandom) {
    func draw(_ range: Double) -> Double { (Double(random.unit()) * 2 - 1) * range }
    let turn = draw(ranges.rotation) / 180
    let (shiftDown, shiftRight) = (draw(ranges.shift) * Double(height), draw(ranges.shift) * Double(width))
    let (zoomDown, zoomRight) = (1 + draw(ranges.zoom), 1 + draw(ranges.zoom))
    let lean = draw(ranges.shear) / 180
    let (cosine, sine) = (Self.cosine(turn), Self.sine(turn))
    let slope = Self.sine(lean) / Self.cosine(lean)
    // [down, right] -> rotation * shear * zoom * [down, right].
    let map = (
      downDown: (cosine - sine * slope) * zoomDown, rightDown: (sine + cosine * slope) * zoomDown,
      downRight: -sine * zoomRight, rightRight: cosine * zoomRight
    )
    let (middleDown, middleRight) = (Double(height - 1) / 2, Double(width - 1) / 2)
    downDown = Float(map.downDown)
    rightDown = Float(map.rightDown)
    downRight = Float(map.downRight)
    rightRight = Float(map.rightRight)
    top = Float(middleDown - map.downDown * middleDown - map.downRight * middleRight + shiftDown)
    left = Float(middleRight - map.rightDown * middleDown - map.rightRight * middleRight + shiftRight)
  }

  /// Interpolates between the four nearest pixels; beyond an edge lies what lies on it.
  func resample(
    _ image: [Float], height: Int, width: Int, channels: Int, into target: inout MutableSpan<Float>
  ) {
    let (lastRow, lastColumn) = (Float(height - 1), Float(width - 1))
    for row in 0..<height {
      for column in 0..<width {
        let y = min(max(top + downDown * Float(row) + downRight * Float(column), 0), lastRow)
        let x = min(max(left + rightDown * Float(row) + rightRight * Float(column), 0), lastColumn)
        let (y0, x0) = (Int(y), Int(x))
        let (y1, x1) = (min(y0 + 1, height - 1), min(x0 + 1, width - 1))
        let (down, right) = (y - Float(y0), x - Float(x0))
        for channel in 0..<channels {
          func pixel(_ y: Int, _ x: Int) -> Float { image[(y * width + x) * channels + channel] }
          let upper = pixel(y0, x0) + (pixel(y0, x1) - pixel(y0, x0)) * right
          let lower = pixel(y1, x0) + (pixel(y1, x1) - pixel(y1, x0)) * right
          target[(row * width + column) * channels + channel] = upper + (lower - upper) * down
        }
      }
    }
  }

  /// Of half turns, -1...1.
  private static func cosine(_ halfTurns: Double) -> Double { FixedMath.cosine(ofHalfTurns: abs(halfTurns)) }

  private static func sine(_ halfTurns: Double) -> Double {
    let sine = FixedMath.cosine(ofHalfTurns: abs(0.5 - abs(halfTurns)))
    return halfTurns < 0 ? -sine : sine
  }
}
