import QuillFloat
import Testing

/// Augmentations in words, and what they do to images.
@Suite struct AugmentationTests {
  /// A bright cross on black, off the middle, in all channels.
  private static func cross(channels: Int = 1) -> FloatImage {
    var image = FloatImage(height: 20, width: 24, channels: channels)
    image.fill(rows: 4..<16, columns: 10..<13, with: 1)
    image.fill(rows: 8..<11, columns: 5..<19, with: 0.8)
    return image
  }

  private static func changed(_ text: String, sample: UInt64 = 1, _ image: FloatImage = cross()) throws -> FloatImage {
    var (image, random) = (image, TrainingRandom(seed: 3, stream: sample))
    try Augmentation(text: text).apply(to: &image, &random)
    return image
  }

  @Test func wordsAreRead() throws {
    let augmentation = try Augmentation(text: "rotation=10,shift=0.1,zoom=0.1")
    #expect(augmentation == Augmentation(rotation: 10, shift: 0.1, zoom: 0.1))
    for text in ["rotation=10.0,zoom=0.1", "noise=0.2@0.5,inversion=0.1", "clean=0.5,resolution=0.3"] {
      let read = try Augmentation(text: text)
      #expect(try Augmentation(text: read.text) == read)
    }
    #expect(
      try Augmentation(text: "noise=0.2@0.5,rotation=10,inversion=0.1").text
        == "rotation=10.0,noise=0.2@0.5,inversion=0.1")
    for text in ["rotation=0", "resolution=1", "noise=0.5@0", "clean=0.5"] {
      #expect(try Augmentation(text: text).isIdentity)
    }
    #expect(Augmentation().text == "none")
    #expect(Augmentation.Kind.allCases.map(\.position) == Array(Augmentation.Kind.allCases.indices))
  }

  @Test(arguments: [
    (
      "blurr=1",
      "'blurr=1' is no augmentation; expected parts such as rotation=10 or noise=0.2@0.5 with commas between, of clean, rotation, "
        + "shift, zoom, shear, elastic, thickness, resolution, blur, contrast, brightness, erase, drops, noise, inversion"
    ),
    ("shift=0.1,shift=0.2", "shift stands twice among the augmentations"),
    (
      "zoom=1",
      "'zoom=1' is not permitted; expected zoom=SHARE in 0.0...0.95, and after an @ the share of the images, 0...1"
    ),
    ("inversion=2", "'inversion=2' is not permitted; expected inversion=SHARE in 0.0...1.0"),
  ])
  func mistakesAreNamed(text: String, sentence: String) {
    #expect { try Augmentation(text: text) } throws: { "\($0)" == sentence }
  }

  @Test(arguments: [
    "", "rotation", "rotation=", "rotation=x", "rotation=181", "shear=nan", "blur=1@2", "blur=1@", "blur=1@1@1",
    "clean=1@1",
    "noise=-1", "rotation=10,", "resolution=0",
  ])
  func whatMeansNothingIsRefused(text: String) {
    #expect(throws: TrainingError.self) { try Augmentation(text: text) }
  }

  @Test func itFollowsSeedEpochAndSample() {
    let image = (0..<36).map { Float($0 % 7) / 7 }
    let plain = TrainingSource(values: image + image, size: 36, labels: [0, 1])
    func drawn(_ sample: Int, _ epoch: Int?, seed: UInt64 = 1) -> [Float] {
      let source = plain.augmented(
        Augmentation(rotation: 20, shift: 0.2, zoom: 0.2, shear: 10), seed: seed, shape: [6, 6, 1])
      var target = [Float](repeating: 0, count: 36)
      var span = target.mutableSpan
      source.write(sample, epoch, &span)
      return target
    }
    #expect(drawn(0, 3) == drawn(0, 3))
    #expect(drawn(0, nil) == image)
    for other in [drawn(1, 3), drawn(0, 4), drawn(0, 3, seed: 2), image] { #expect(drawn(0, 3) != other) }
    #expect(drawn(0, 3).allSatisfy { (0...1).contains($0) })
  }

  private static let each = [
    "rotation=30", "shift=0.2", "zoom=0.3", "shear=30", "elastic=0.2@1", "thickness=1@1", "resolution=0.2@1",
    "blur=2@1",
    "contrast=0.6@1", "brightness=0.5@1", "erase=0.5@1", "drops=0.4@1", "noise=0.4@1", "inversion=1",
  ]

  @Test(arguments: each) func eachChangesImagesWithinBlackAndWhite(text: String) throws {
    let image = Self.cross()
    let all = try (0..<20).map { try Self.changed(text, sample: $0) }
    #expect(all.count { $0 != image } >= 15)
    #expect(all.allSatisfy { $0.values.allSatisfy { (0...1).contains($0) } })
    #expect(text == "inversion=1" || Set(all.map(\.values)).count >= 15)
  }

  @Test(arguments: each) func aShareOfTheImagesIsChanged(text: String) throws {
    let image = Self.cross()
    let name = text.split(separator: "@")[0]
    let share = text.hasPrefix("inversion") ? "inversion=0.3" : "\(name)@0.3"
    let count = try (0..<400).count { try Self.changed(share, sample: $0) != image }
    #expect((80..<160).contains(count), "\(count)")
    let clean = try (0..<400).count { try Self.changed("clean=0.6,\(text)", sample: $0) == image }
    #expect((200..<300).contains(clean), "\(clean)")
  }

  @Test(arguments: each.filter { !$0.hasPrefix("noise") }) func channelsChangeAlike(text: String) throws {
    let grey = try Self.changed(text)
    let colour = try Self.changed(text, Self.cross(channels: 3))
    #expect(colour.values == grey.values.flatMap { [$0, $0, $0] })
  }

  @Test func oneKindLeavesWhatAnotherDraws() throws {
    let noise = try Self.changed("noise=0.3@1", FloatImage(height: 9, width: 9, channels: 1))
    let both = try Self.changed("rotation=90,noise=0.3@1", FloatImage(height: 9, width: 9, channels: 1))
    #expect(noise == both)
  }

  /// A kind that is added takes a number of its own; with others' numbers, a network that ships could not be trained again.
  @Test func kindsKeepTheirRandomNumbers() {
    #expect(Augmentation.Kind.allCases.map(\.stream) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 12, 13])
  }
}
