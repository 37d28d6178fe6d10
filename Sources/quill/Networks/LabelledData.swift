import QuillData

/// Labelled images, brought to what a classifier takes.
enum LabelledData {
  /// Loads a part of the data in the classifier's size and channels.
  ///
  /// - Parameter data: the source as the user named it, for errors.
  /// - Throws: `DataError`, or `ToolError` where a picture does not fit or a label names no class of the network.
  static func load(
    _ source: DataSource, named data: String, split: DataSource.Split, limit: Int?, for classifier: ImageClassifier
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
    let images = loaded.converted(toChannels: layout.channels).resized(height: layout.height, width: layout.width)
    if let label = images.labels.first(where: { $0 >= classifier.classCount }) {
      throw ToolError.labelPastOutputs(
        data: data, className: images.classNames[label], classes: images.classNames.count,
        path: classifier.network.facts.path, outputs: classifier.classCount)
    }
    return images
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
