extension Augmentation {
  /// Changes an image as the random sequence says. Each kind draws from a sequence of its own, so that one kind's settings
  /// leave what the others draw.
  package func apply(to image: inout FloatImage, _ random: inout TrainingRandom) {
    let seed = random.next()
    if draws(.clean, seed) != nil { return }
    warp(&image, seed)
    for kind in Kind.allCases {
      guard var own = draws(kind, seed) else { continue }
      let amount = Float(self[kind].amount)
      switch kind {
      case .clean, .rotation, .shift, .zoom, .shear, .elastic: continue
      case .thickness:
        let pixels = own.signed() * amount
        image.thicken(by: pixels < 0 ? pixels / 2 : pixels)
      case .resolution: image.coarsen(to: amount + own.unit() * (1 - amount))
      case .blur: image.blur(deviation: own.unit() * amount)
      case .contrast: image.scaleContrast(by: 1 + own.signed() * amount, about: 0.5)
      case .brightness: image.brighten(by: own.signed() * amount)
      case .erase: erase(&image, amount, &own)
      case .drops: image.addSpatter(threshold: 0.5 - own.unit() * amount, &own)
      case .noise: image.addNoise(deviation: own.unit() * amount, &own)
      case .inversion: image.invert()
      }
    }
  }

  /// The sequence of a kind for an image that undergoes it.
  private func draws(_ kind: Kind, _ seed: UInt64) -> TrainingRandom? {
    guard has(kind) else { return nil }
    var own = TrainingRandom(seed: seed, stream: kind.stream)
    let isShare = kind == .clean || kind == .inversion
    return own.unit() < Float(isShare ? self[kind].amount : self[kind].probability) ? own : nil
  }

  private func warp(_ image: inout FloatImage, _ seed: UInt64) {
    var place = ImagePlacement()
    if var own = draws(.rotation, seed) { place.rotation = Double(own.signed()) * self[.rotation].amount }
    if var own = draws(.shear, seed) { place.shear = Double(own.signed()) * self[.shear].amount }
    if var own = draws(.zoom, seed) {
      place.stepDown = 1 + Double(own.signed()) * self[.zoom].amount
      place.stepRight = 1 + Double(own.signed()) * self[.zoom].amount
    }
    if var own = draws(.shift, seed) {
      place.down = Double(own.signed()) * self[.shift].amount * Double(image.height)
      place.right = Double(own.signed()) * self[.shift].amount * Double(image.width)
    }
    var bend: ImageBend?
    if var own = draws(.elastic, seed) {
      bend = ImageBend(height: image.height, width: image.width, amount: Float(self[.elastic].amount), &own)
    }
    if place != ImagePlacement() || bend != nil { image.warp(ImageWarp(place, image), bend) }
  }

  private func erase(_ image: inout FloatImage, _ amount: Float, _ random: inout TrainingRandom) {
    func side(_ whole: Int) -> Int { max(1, Int((random.unit() * amount * Float(whole)).rounded())) }
    let (height, width) = (side(image.height), side(image.width))
    let top = Int(random.unit() * Float(image.height - height + 1))
    let left = Int(random.unit() * Float(image.width - width + 1))
    image.fill(rows: top..<top + height, columns: left..<left + width, with: random.unit())
  }
}

extension TrainingRandom {
  /// A float from -1 up to, but not including, 1.
  package mutating func signed() -> Float { unit() * 2 - 1 }

  /// About normally distributed with mean 0 and deviation 1: the sum of four even numbers of 16 bits (Irwin and Hall).
  mutating func normal() -> Float {
    let bits = next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    // Four even numbers on 0...1 have a deviation of the root of 4 / 12.
    return (Float(Int32(truncatingIfNeeded: sum)) * 0x1p-16 - 2) * 1.7320508
  }
}
