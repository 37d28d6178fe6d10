import QuillData
import Synchronization

/// Pictures of folders in which no digit was found, gathered while the others are prepared.
final class LeftOutPictures: Sendable {
  private let paths = Mutex<[String]>([])

  func append(_ path: String) { paths.withLock { $0.append(path) } }

  /// What is said of them; `nil` where there are none.
  var remark: String? {
    let paths = paths.withLock { $0 }
    guard !paths.isEmpty else { return nil }
    return
      "no digit was found in \(Plural.of(paths.count, "picture")), left out: \(paths.prefix(3).joined(separator: ", "))"
      + (paths.count > 3 ? ", ..." : "")
  }
}

extension DataSource {
  /// Loads a part of the data, each picture of a folder as `preparer` makes it, where there is one; those without a digit
  /// are left out.
  func load(
    split: Split, limit: Int?, preparer: ImagePreparer?, leftOut: LeftOutPictures
  ) throws(DataError) -> LabelledImages {
    guard let preparer else { return try load(split: split, limit: limit) }
    return try load(split: split, limit: limit) { image, path throws(DataError) in
      do throws(ToolError) {
        return try preparer.prepareSample(image, path: path)
      } catch {
        guard case .imaging(_, let fault) = error else {
          leftOut.append(path)
          return nil
        }
        throw DataError(path: path, .unfit(reason: "\(fault)"))
      }
    }
  }
}
