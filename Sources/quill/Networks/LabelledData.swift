import QuillData

/// Labelled images, brought to what a classifier takes.
enum LabelledData {
  /// Loads a part of the data in the classifier's size and channels, each image with its class as the network counts.
  ///
  /// - Parameters:
  ///   - data: the source as the user named it, for errors.
  ///   - classNames: the names of the network's classes, where another file than its own tells them.
  /// - Throws: `DataError`, or `ToolError` where a picture does not fit or a label names no class of the network.
  static func load(
    _ source: DataSource, named data: String, split: DataSource.Split, limit: Int?, for classifier: ImageClassifier,
    classNames: [String] = []
  ) throws -> LabelledImages {
    let own = classifier.network.facts.labels
    return try matched(
      try pictures(source, split: split, limit: limit, for: classifier), named: data, to: classifier,
      names: own.isEmpty ? classNames : own)
  }

  /// The same images for a use that can do without their classes: of one nameless class where theirs are not the
  /// network's.
  static func loadLeniently(
    _ source: DataSource, named data: String, split: DataSource.Split, limit: Int?, for classifier: ImageClassifier
  ) throws -> LabelledImages {
    let images = try pictures(source, split: split, limit: limit, for: classifier)
    do throws(ToolError) {
      return try matched(images, named: data, to: classifier, names: classifier.network.facts.labels)
    } catch {
      return images.relabelled([Int](repeating: 0, count: images.count), classNames: [""])
    }
  }

  private static func pictures(
    _ source: DataSource, split: DataSource.Split, limit: Int?, for classifier: ImageClassifier
  ) throws -> LabelledImages {
    let layout = classifier.layout
    let preparer = ImagePreparer(classifier)
    let loaded = try source.load(split: split, limit: limit) { image, path throws(DataError) in
      do throws(ToolError) {
        return try preparer.prepareSample(image, path: path)
      } catch {
        throw error.asDataError(path: path)
      }
    }
    return loaded.converted(toChannels: layout.channels).resized(height: layout.height, width: layout.width)
  }

  /// Classes of the same names are the same. Otherwise a class that is named by its number is that one; and where no name is
  /// the network's, as many classes as it has are taken in their order.
  private static func matched(
    _ images: LabelledImages, named data: String, to classifier: ImageClassifier, names: [String]
  ) throws(ToolError) -> LabelledImages {
    let path = classifier.network.facts.path
    let used = Set(images.labels).sorted()
    let places = images.classNames.map { names.firstIndex(of: $0) }
    if used.allSatisfy({ places[$0] != nil }) {
      return images.relabelled(images.labels.map { places[$0] ?? 0 }, classNames: names)
    }
    let isNumbered = images.classNames == images.classNames.indices.map(String.init)
    let isOrdered = places.allSatisfy { $0 == nil } && images.classNames.count >= classifier.classCount
    if !isNumbered && !isOrdered {
      let stranger = used.first { places[$0] == nil } ?? 0
      throw ToolError.unknownClass(
        data: data, className: images.classNames[stranger], path: path, classes: names,
        outputs: classifier.classCount)
    }
    if let label = used.first(where: { $0 >= classifier.classCount }) {
      throw ToolError.labelPastOutputs(
        data: data, className: images.classNames[label], classes: images.classNames.count, path: path,
        outputs: classifier.classCount)
    }
    return images
  }
}

extension LabelledImages {
  /// The same images with other labels.
  fileprivate func relabelled(_ labels: [Int], classNames: [String]) -> LabelledImages {
    LabelledImages(
      images: images, height: height, width: width, channels: channels, labels: labels, classNames: classNames)
  }
}

extension ToolError {
  /// The same fault as `QuillData` says it.
  fileprivate func asDataError(path: String) -> DataError {
    switch self {
    case .imaging(_, let error): DataError(path: path, .unfit(reason: "\(error)"))
    default: DataError(path: path, .noDigit)
    }
  }
}
