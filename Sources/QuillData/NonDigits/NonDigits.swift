import QuillImaging

/// Pictures in the form of MNIST that show no digit, for a network to be unsure of: letters and signs, strokes at
/// random, digits turned by a quarter or mirrored, and two digits in touch. The same on every machine.
public enum NonDigits {
  private static let side = DigitGenerator.side
  private static let boxSide = 20

  /// Capital letters that look like no digit, as `DrawnScript.digitsAndLetters` counts them.
  private static let capitals = "ACEFHJKMNPRTUVWXY".utf8.map { Int($0) - 55 }

  /// Labels of digits that are none when mirrored, and when turned by a quarter.
  private static let whenMirrored = [3, 4, 6, 7, 9], whenTurned = [2, 3, 4, 5, 6, 7, 9]

  /// Draws `count` pictures of 784 bytes, one after another.
  ///
  /// - Parameter digits: pictures of digits in the form of MNIST, to be mirrored, turned and pushed together; their
  ///   labels are the digits 0...9.
  public static func images(count: Int, seed: UInt64, of digits: LabelledImages) -> [UInt8] {
    precondition(digits.imageByteCount == side * side && digits.count > 0, "digits in the form of MNIST")
    let mirrored = digits.labels.indices.filter { whenMirrored.contains(digits.labels[$0]) }
    let turned = digits.labels.indices.filter { whenTurned.contains(digits.labels[$0]) }
    var images: [UInt8] = []
    images.reserveCapacity(count * side * side)
    for index in 0..<count {
      var random = SplitMix64(seed: seed, item: UInt64(index))
      switch index % 8 {
      case 0, 1: images += letter(capitals[Int(random.below(Int32(capitals.count)))], seed, index)
      case 2, 3: images += glyph(OtherGlyphs.points, Int(random.below(Int32(OtherGlyphs.count))), seed, index)
      case 4: images += glyph(strokes(&random), 0, seed, index)
      case 5 where index % 16 == 5 && !mirrored.isEmpty: images += mirror(pick(mirrored, digits, &random))
      case 5 where !turned.isEmpty:
        let picture = pick(turned, digits, &random)
        images += random.below(2) == 0 ? turn(picture) : turn(turn(turn(picture)))
      default: images += pair(digits, &random)
      }
    }
    return images
  }

  private static func letter(_ label: Int, _ seed: UInt64, _ index: Int) -> [UInt8] {
    var image = [UInt8](repeating: 0, count: side * side)
    var span = image.mutableSpan
    DigitGenerator(seed: seed, script: .digitsAndLetters).draw(sample: UInt64(index), as: label, into: &span)
    return image
  }

  private static func glyph(_ table: [GlyphPoint], _ label: Int, _ seed: UInt64, _ index: Int) -> [UInt8] {
    var image = [UInt8](repeating: 0, count: side * side)
    var span = image.mutableSpan
    DigitGenerator(seed: seed).draw(sample: UInt64(index), as: label, of: table.span, into: &span)
    return image
  }

  /// Two to four strokes from anywhere to anywhere.
  private static func strokes(_ random: inout SplitMix64) -> [GlyphPoint] {
    let place = { (random: inout SplitMix64) in Int8(random.below(101)) }
    var points = [GlyphPoint.glyph(0)]
    for _ in 0...random.uniform(1, 3) {
      points.append(.down(place(&random), place(&random)))
      for _ in 0...random.below(4) {
        let (x, y) = (place(&random), place(&random))
        points.append(random.below(3) == 0 ? .turn(x, y) : .via(x, y))
      }
    }
    return points
  }

  private static func pick(_ from: [Int], _ digits: LabelledImages, _ random: inout SplitMix64) -> [UInt8] {
    [UInt8](digits.image(from[Int(random.below(Int32(clamping: from.count)))]))
  }

  private static func mirror(_ image: [UInt8]) -> [UInt8] {
    moved(image) { row, column in row * side + side - 1 - column }
  }

  private static func turn(_ image: [UInt8]) -> [UInt8] {
    moved(image) { row, column in column * side + side - 1 - row }
  }

  private static func moved(_ image: [UInt8], _ source: (Int, Int) -> Int) -> [UInt8] {
    (0..<side * side).map { image[source($0 / side, $0 % side)] }
  }
}

/// Digits in touch.
extension NonDigits {
  /// Two digits side by side whose ink meets, made small enough to fill the box of one. What is hardly wider than one
  /// digit may be one, as two slender ones make an open 4: then another two are taken.
  private static func pair(_ digits: LabelledImages, _ random: inout SplitMix64) -> [UInt8] {
    var best: PixelImage?
    for _ in 0..<16 {
      let (left, right) = (cut(any(digits, &random)), cut(any(digits, &random)))
      best = pushed(left, right, &random)
      if let best, best.width * 10 >= best.height * 9 { break }
    }
    return best.map(fitted) ?? [UInt8](repeating: 0, count: side * side)
  }

  /// Pushed together until ink lies on ink, then at most two pixels further.
  private static func pushed(
    _ left: PixelImage, _ right: PixelImage, _ random: inout SplitMix64
  ) -> PixelImage? {
    let height = max(left.height, right.height)
    var best: PixelImage?
    let further = Int(random.below(3))
    var met = 0
    for gap in stride(from: 1, through: -min(left.width, right.width) + 2, by: -1) {
      let (image, meets) = joined(left, right, gap: gap, height: height)
      best = image
      met += meets ? 1 : 0
      if met > further { break }
    }
    return best
  }

  private static func any(_ digits: LabelledImages, _ random: inout SplitMix64) -> PixelImage {
    digits.pixelImage(Int(random.below(Int32(clamping: digits.count))))
  }

  /// The part of a picture that holds its ink.
  private static func cut(_ image: PixelImage) -> PixelImage {
    let inked = image.pixels.indices.filter { image.pixels[$0] >= 48 }
    let (rows, columns) = (inked.map { $0 / image.width }, inked.map { $0 % image.width })
    guard let top = rows.min(), let bottom = rows.max(), let left = columns.min(), let right = columns.max() else {
      return image
    }
    return image.cropped(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
  }

  private static func joined(
    _ left: PixelImage, _ right: PixelImage, gap: Int, height: Int
  ) -> (image: PixelImage, meets: Bool) {
    let width = max(left.width + gap + right.width, left.width)
    var pixels = [UInt8](repeating: 0, count: width * height)
    var meets = false
    for (image, first) in [(left, 0), (right, left.width + gap)] {
      let top = (height - image.height) / 2
      for row in 0..<image.height {
        for column in 0..<image.width {
          let value = image.pixels[row * image.width + column]
          let place = (top + row) * width + first + column
          if value >= 96, pixels[place] >= 96 { meets = true }
          pixels[place] = max(pixels[place], value)
        }
      }
    }
    return (PixelImage(width: width, height: height, channels: 1, pixels: pixels), meets)
  }

  /// A picture in the form of MNIST: its longer side 20 pixels, its strongest ink white, its centre of mass in the middle.
  private static func fitted(_ image: PixelImage) -> [UInt8] {
    let longer = max(image.width, image.height)
    let small = image.resized(
      width: max(1, image.width * boxSide / longer), height: max(1, image.height * boxSide / longer))
    let strongest = max(Int(small.pixels.max() ?? 0), 1)
    var (mass, momentX, momentY) = (1, 0, 0)
    for (index, value) in small.pixels.enumerated() {
      mass += Int(value)
      momentX += Int(value) * (index % small.width)
      momentY += Int(value) * (index / small.width)
    }
    let left = min(max(side / 2 - (momentX + mass / 2) / mass, 0), side - small.width)
    let top = min(max(side / 2 - (momentY + mass / 2) / mass, 0), side - small.height)
    var result = [UInt8](repeating: 0, count: side * side)
    for (index, value) in small.pixels.enumerated() {
      result[(top + index / small.width) * side + left + index % small.width] = UInt8(Int(value) * 255 / strongest)
    }
    return result
  }
}
