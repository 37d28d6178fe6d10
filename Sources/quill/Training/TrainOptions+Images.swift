import QuillData
import QuillFloat

/// Options on the images of a run beside their source.
extension TrainOptions {
  static let labels = Option(
    "--labels", "FILE", .input, help: "names of the classes in the order of their labels, one a line, UTF-8")
  static let validationData = Option(
    "--validation-data", "DATA", .input,
    help: "images that validate: a source of its own (its test images, where it has some)")
  static let classWeights = Option<ClassWeighting>(
    "--class-weights", "HOW", .choice,
    help: "balanced: the loss of an image counts the more the fewer its class has;\nby default none: all count alike")
  static let nonDigits = Option(
    "--non-digits", "N", .integer(0...1_000_000),
    help: "learn to be unsure of N drawn pictures that show no digit: letters, signs, strokes,\n"
      + "turned digits, two in touch; for digits of 28x28 pixels; by default 0")

  static let size = Option(
    "--size", "HxWxC", .imageShape,
    help: "the network's pictures, such as 32x32x3 or 28x28x1: those of folders are brought to it\n"
      + "as classify does it (of 28x28x1, the digit in them); by default as they are")

  /// How much the classes count.
  enum ClassWeighting: String, CaseIterable {
    case none, balanced

    /// A factor for each class: the images of all, by classes and by the class's own (scikit-learn's `balanced`); `nil` for 1.
    func factors(_ labels: [Int], classCount: Int) -> [Float]? {
      guard self == .balanced else { return nil }
      var counts = [Int](repeating: 0, count: classCount)
      for label in labels where label >= 0 { counts[label] += 1 }
      return counts.map { $0 == 0 ? 1 : Float(labels.count) / Float(classCount * $0) }
    }
  }
}

extension ValueKind where Value == ImageLayout {
  /// Height, width and channels of a picture.
  static let imageShape = ValueKind(expected: "height x width x channels, such as 28x28x1 or 32x32x3") { text in
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    let extents = parts.compactMap { Int($0) }
    guard parts.count == 3, extents.count == 3, extents.prefix(2).allSatisfy({ (1...1024).contains($0) }),
      [1, 3].contains(extents[2])
    else { return nil }
    return ImageLayout(shape: [1] + extents)
  }
}

extension LabelledImages {
  /// The classes under the names of a file, of which there must be as many.
  func renamed(byFile path: String, data: String) throws -> LabelledImages {
    let names = try LabelFile.read(path)
    guard names.count >= classNames.count, Set(names).count == names.count else {
      throw TrainFault.labelNames(path: path, found: Set(names).count, classes: classNames.count, data: data)
    }
    return LabelledImages(
      images: images, height: height, width: width, channels: channels, labels: labels, classNames: names)
  }
}
