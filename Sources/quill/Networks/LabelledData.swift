import QuillData

/// Labelled images, brought to what a classifier takes.
enum LabelledData {
  /// Loads a part of the data in the classifier's size and channels, each image with its class as the network counts.
  ///
  /// - Parameters:
  ///   - data: the source as the user named it, for errors.
  ///   - classNames: the names of the network's classes, where another file than its own tells them.
  ///   - remark: is told of pictures that were left out, and where classes had to be taken in their order, which names
  ///     cannot confirm.
  /// - Throws: `DataError`, or `ToolError` where a label names no class of the network.
  static func load(
    _ source: DataSource, named data: String, split: DataSource.Split, limit: Int?, for classifier: ImageClassifier,
    classNames: [String] = [], remark: (String) -> Void
  ) throws -> LabelledImages {
    let facts = classifier.network.facts
    let leftOut = LeftOutPictures()
    let images = try pictures(source, split: split, limit: limit, for: classifier, leftOut: leftOut)
    if let sentence = leftOut.remark { remark("\(data): \(sentence)") }
    let match = try ClassMatch(
      images, named: data, to: facts.labels.isEmpty ? classNames : facts.labels, count: classifier.classCount,
      path: facts.path)
    if let doubt = match.doubt { remark(doubt) }
    return match.applied(to: images)
  }

  /// Says that data has no test images of its own, where such are measured: all its images are taken for them, and a
  /// network may have learnt from those.
  static func remarkUnlessTestImages(
    _ source: DataSource, named data: String, split: DataSource.Split, remark: (String) -> Void
  ) throws {
    guard split == .test, try !source.hasOwnTestImages() else { return }
    remark(
      "\(data) has no test images of its own, so all its images are measured; a network that learnt from them is better "
        + "here than on new ones")
  }

  /// The same images for a use that can do without their classes: of one nameless class where theirs are not the
  /// network's.
  static func loadLeniently(
    _ source: DataSource, named data: String, split: DataSource.Split, limit: Int?, for classifier: ImageClassifier
  ) throws -> LabelledImages {
    let images = try pictures(source, split: split, limit: limit, for: classifier, leftOut: LeftOutPictures())
    let facts = classifier.network.facts
    let match = try? ClassMatch(
      images, named: data, to: facts.labels, count: classifier.classCount, path: facts.path)
    return match?.applied(to: images)
      ?? LabelledImages(
        images: images.images, height: images.height, width: images.width, channels: images.channels,
        labels: [Int](repeating: 0, count: images.count), classNames: [""])
  }

  private static func pictures(
    _ source: DataSource, split: DataSource.Split, limit: Int?, for classifier: ImageClassifier,
    leftOut: LeftOutPictures
  ) throws -> LabelledImages {
    let layout = classifier.layout
    let loaded = try source.load(split: split, limit: limit, preparer: ImagePreparer(classifier), leftOut: leftOut)
    return loaded.converted(toChannels: layout.channels).resized(height: layout.height, width: layout.width)
  }
}
