import QuillImaging

/// Images of one size, and the class of each.
public struct LabelledImages: Sendable, Equatable {
  /// `count x height x width x channels` samples, row-major, channels innermost.
  public let images: [UInt8]

  /// Rows, columns and samples of a pixel (1 for grey, 3 for RGB).
  public let height: Int, width: Int, channels: Int

  /// The class of each image, a position in `classNames`.
  public let labels: [Int]

  /// The classes, in the order of a network's outputs.
  public let classNames: [String]

  /// Images over their samples; the counts must agree and every label must name a class.
  public init(images: [UInt8], height: Int, width: Int, channels: Int, labels: [Int], classNames: [String]) {
    precondition(images.count == labels.count * height * width * channels, "samples do not fill the images")
    precondition(labels.allSatisfy { classNames.indices.contains($0) }, "a label names no class")
    self.images = images
    self.height = height
    self.width = width
    self.channels = channels
    self.labels = labels
    self.classNames = classNames
  }

  /// The number of images.
  public var count: Int { labels.count }

  /// The samples of one image.
  public var imageByteCount: Int { height * width * channels }

  /// One image's samples.
  public func image(_ index: Int) -> ArraySlice<UInt8> {
    images[index * imageByteCount..<(index + 1) * imageByteCount]
  }

  /// One image on its own.
  public func pixelImage(_ index: Int) -> PixelImage {
    PixelImage(width: width, height: height, channels: channels, pixels: [UInt8](image(index)))
  }

  /// The images at the given positions, in that order.
  public func selecting(_ positions: [Int]) -> LabelledImages {
    var chosen: [UInt8] = []
    chosen.reserveCapacity(positions.count * imageByteCount)
    for position in positions { chosen.append(contentsOf: image(position)) }
    return LabelledImages(
      images: chosen, height: height, width: width, channels: channels, labels: positions.map { labels[$0] },
      classNames: classNames)
  }

  /// The first `limit` images, or all where there are fewer.
  public func prefix(_ limit: Int) -> LabelledImages {
    limit >= count ? self : selecting([Int](0..<max(0, limit)))
  }

  /// A subset that a seed chooses, each image equally likely and at most once, in the order of the whole; all images
  /// where `count` asks for more than there are. The same on every machine (SplitMix64, Fisher and Yates's shuffle).
  public func sample(count wanted: Int, seed: UInt64) -> LabelledImages {
    guard wanted < count else { return self }
    var random = SplitMix64(seed: seed)
    var positions = [Int](0..<count)
    let drawn = max(0, wanted)
    for index in 0..<drawn {
      let other = index + Int(random.below(Int32(clamping: count - index)))
      positions.swapAt(index, other)
    }
    return selecting(positions.prefix(drawn).sorted())
  }

  /// The same images with 1 or 3 samples a pixel (`PixelImage.converted`).
  public func converted(toChannels wanted: Int) -> LabelledImages {
    guard wanted != channels else { return self }
    return mapped { $0.converted(toChannels: wanted) }
  }

  /// The same images in other extents (`PixelImage.resized`).
  public func resized(height newHeight: Int, width newWidth: Int) -> LabelledImages {
    guard newHeight != height || newWidth != width else { return self }
    return mapped { $0.resized(width: newWidth, height: newHeight) }
  }

  /// The same images with rows and columns exchanged.
  public func transposed() -> LabelledImages {
    mapped { image in
      var pixels: [UInt8] = []
      pixels.reserveCapacity(image.pixels.count)
      for row in 0..<image.width {
        for column in 0..<image.height {
          let start = (column * image.width + row) * image.channels
          pixels.append(contentsOf: image.pixels[start..<start + image.channels])
        }
      }
      return PixelImage(width: image.height, height: image.width, channels: image.channels, pixels: pixels)
    }
  }

  /// The same images with other names for their classes, as many.
  public func renamed(_ names: [String]) -> LabelledImages {
    precondition(names.count == classNames.count, "\(names.count) names for \(classNames.count) classes")
    return LabelledImages(
      images: images, height: height, width: width, channels: channels, labels: labels, classNames: names)
  }

  private func mapped(_ transform: (PixelImage) -> PixelImage) -> LabelledImages {
    var samples: [UInt8] = []
    var (height, width, channels) = (self.height, self.width, self.channels)
    for index in 0..<count {
      let image = transform(pixelImage(index))
      (height, width, channels) = (image.height, image.width, image.channels)
      samples.append(contentsOf: image.pixels)
    }
    return LabelledImages(
      images: samples, height: height, width: width, channels: channels, labels: labels, classNames: classNames)
  }
}
