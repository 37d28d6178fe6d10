/// What can be wrong with a picture, at five strengths: how far a network can be trusted outside the data that it was
/// tested on.
///
/// In the manner of MNIST-C (Mu and Gilmer, 2019), with strengths of our own. Everything drawn at random follows from the
/// kind and the image's position alone, so that the strengths of a kind move an image the same way, further each time, and every
/// network sees the same pictures. Lengths are for 28 pixels a side and grow with the image.
package enum Corruption: String, Sendable, CaseIterable {
  case noise, blur, shift, rotation, scale, shear, contrast, brightness, thickness, resolution, fog, stripes, spatter

  /// The strengths, weakest first.
  package static let strengths = 1...5

  /// Damages an image at a strength of 1...5; `sample` is its position in its set.
  package func apply(strength: Int, to image: inout FloatImage, sample: Int) {
    precondition(Self.strengths.contains(strength), "a strength of \(strength)")
    var random = TrainingRandom(seed: Self.seed, stream: position << 32 | UInt64(sample))
    let level = strength - 1
    let unit = Float(min(image.height, image.width)) / 28
    switch self {
    case .noise: image.addNoise(deviation: [0.1, 0.2, 0.3, 0.45, 0.6][level], &random)
    case .blur: image.blur(deviation: [0.6, 1, 1.5, 2, 2.5][level] * unit)
    case .shift, .rotation, .scale, .shear: move(&image, level, &random)
    case .contrast:
      let mean = image.values.reduce(0, +) / Float(image.values.count)
      image.scaleContrast(by: [0.6, 0.45, 0.3, 0.2, 0.1][level], about: mean)
    case .brightness: image.brighten(by: [0.1, 0.2, 0.3, 0.4, 0.5][level])
    case .thickness:
      let isThin = random.unit() < 0.5
      image.thicken(by: unit * (isThin ? [-0.3, -0.5, -0.7, -0.85, -1][level] : [0.5, 1, 1.5, 2, 2.5][level]))
    case .resolution: image.coarsen(to: [0.6, 0.45, 0.35, 0.28, 0.22][level])
    case .fog: image.addFog(density: [0.3, 0.5, 0.8, 1.1, 1.5][level], &random)
    case .stripes: image.addStripes(strength: [0.2, 0.35, 0.5, 0.65, 0.8][level], &random)
    case .spatter: image.addSpatter(threshold: [0.42, 0.36, 0.3, 0.25, 0.2][level], &random)
    }
  }

  private static let seed: UInt64 = 0x5175_696c_6c00_0003

  /// Its place among all, counted from 1; the random numbers follow from it.
  private var position: UInt64 {
    switch self {
    case .noise: 1
    case .blur: 2
    case .shift: 3
    case .rotation: 4
    case .scale: 5
    case .shear: 6
    case .contrast: 7
    case .brightness: 8
    case .thickness: 9
    case .resolution: 10
    case .fog: 11
    case .stripes: 12
    case .spatter: 13
    }
  }

  private func move(_ image: inout FloatImage, _ level: Int, _ random: inout TrainingRandom) {
    var place = ImagePlacement()
    let sign = random.unit() < 0.5 ? -1.0 : 1.0
    switch self {
    case .rotation: place.rotation = sign * [10, 20, 30, 40, 50][level]
    case .shear: place.shear = sign * [8, 16, 24, 32, 40][level]
    case .scale:
      let size = sign < 0 ? [0.85, 0.7, 0.6, 0.5, 0.4][level] : [1.1, 1.2, 1.3, 1.4, 1.5][level]
      (place.stepDown, place.stepRight) = (1 / size, 1 / size)
    default:
      let reach = [0.04, 0.08, 0.12, 0.16, 0.2][level]
      let cosine = FixedMath.cosine(ofHalfTurns: Double(random.unit()))
      place.down = reach * Double(image.height) * cosine
      place.right = reach * Double(image.width) * sign * (1 - cosine * cosine).squareRoot()
    }
    image.warp(ImageWarp(place, image))
  }
}

extension FloatImage {
  /// Fog of two sizes of clouds, over which white stays white.
  fileprivate mutating func addFog(density: Float, _ random: inout TrainingRandom) {
    let coarse = SplineNet(height: height, width: width, meshCount: 2).field(reach: 0.6, &random)
    let fine = SplineNet(height: height, width: width, meshCount: 6).field(reach: 0.3, &random)
    for pixel in 0..<height * width {
      let fog = density * clamped(0.5 + coarse[pixel] + fine[pixel])
      for index in pixel * channels..<(pixel + 1) * channels { values[index] = (values[index] + fog) / (1 + density) }
    }
  }

  /// Stripes along rows or columns in which bright and dark are exchanged by a share; a quarter of the side from one to the
  /// next, a third of that wide.
  fileprivate mutating func addStripes(strength: Float, _ random: inout TrainingRandom) {
    let alongRows = random.unit() < 0.5
    let period = max(2, (alongRows ? height : width) / 4)
    let start = Int(random.unit() * Float(period))
    let broad = max(1, period / 3)
    for pixel in 0..<height * width {
      let place = (alongRows ? pixel / width : pixel % width) + start
      guard place % period < broad else { continue }
      for index in pixel * channels..<(pixel + 1) * channels {
        values[index] += strength * (1 - 2 * values[index])
      }
    }
  }

  /// Bright drops where a random field passes a threshold.
  mutating func addSpatter(threshold: Float, _ random: inout TrainingRandom) {
    let field = SplineNet(height: height, width: width, meshCount: 9).field(reach: 1, &random)
    for pixel in 0..<height * width {
      let drop = min(max((field[pixel] - threshold) * 8, 0), 1) * 0.9
      for index in pixel * channels..<(pixel + 1) * channels { values[index] = max(values[index], drop) }
    }
  }
}
