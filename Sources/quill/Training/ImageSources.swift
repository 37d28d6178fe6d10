import QuillData

/// Where a run's images come from: each picture of a folder as the network takes it, and each class under the name that
/// the user gives it.
struct ImageSources {
  private let sources: [(name: String, source: DataSource)]
  private let limit: Int?
  private let labelFile: String?
  private let preparer: ImagePreparer?

  /// Pictures in which no digit was found.
  let leftOut = LeftOutPictures()

  /// - Parameters:
  ///   - names: the sources as the user named them.
  ///   - limit: the most images of each.
  ///   - preparer: brings the pictures of folders to one size; `nil` where they have it.
  init(_ names: [String], limit: Int?, labelFile: String?, _ preparer: ImagePreparer?) throws {
    sources = try names.map { ($0, try DataSource(argument: $0)) }
    (self.limit, self.labelFile, self.preparer) = (limit, labelFile, preparer)
  }

  /// The training images of each source.
  func training() throws -> [LabelledImages] { try sources.map { try load($0.source, .train, named: $0.name) } }

  /// The test images of each source that has some beside those that teach.
  func test() throws -> [(name: String, images: LabelledImages)] {
    var sets: [(name: String, images: LabelledImages)] = []
    for (name, source) in sources where try source.hasOwnTestImages() {
      do {
        sets.append((name, try load(source, .test, named: name)))
      } catch let error as DataError {
        guard case .splitAbsent = error.problem else { throw error }
      }
    }
    return sets
  }

  /// The images of another source, to measure on: its test images, where it has some.
  func measuring(_ name: String) throws -> LabelledImages {
    let source = try DataSource(argument: name)
    return try load(source, try source.hasOwnTestImages() ? .test : .train, named: name)
  }

  private func load(_ source: DataSource, _ split: DataSource.Split, named name: String) throws -> LabelledImages {
    let images = try source.load(split: split, limit: limit, preparer: preparer, leftOut: leftOut)
    return try labelFile.map { try images.renamed(byFile: $0, data: name) } ?? images
  }
}
