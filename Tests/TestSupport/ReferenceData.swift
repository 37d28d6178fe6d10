import Foundation
import QuillArchive

/// The reference data, which is not in the repository: `QUILL_REFERENCE`, or the repository's neighbour
/// `../shared/reference`.
package enum ReferenceData {
  package static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["QUILL_REFERENCE"] { return URL(fileURLWithPath: path) }
    return URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("../../../shared/reference").standardizedFileURL
  }()

  /// Whether a part of the data is there; prints a line where it is not.
  package static func has(_ path: String) -> Bool {
    let place = folder.appendingPathComponent(path).path
    let isThere = FileManager.default.fileExists(atPath: place)
    if !isThere { print("skipped: no reference data at \(place)") }
    return isThere
  }

  /// The bytes of a file.
  package static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(path)))
  }

  /// The first MNIST test images, 784 bytes each.
  package static func mnistTestImages(_ count: Int) throws -> [UInt8] {
    let file = try Gzip.expand(try bytes("mnist/t10k-images-idx3-ubyte.gz"), limit: 1 << 24)
    return Array(file[16..<(16 + 784 * count)])
  }

  /// The first MNIST test images' digits.
  package static func mnistTestLabels(_ count: Int) throws -> [UInt8] {
    let file = try Gzip.expand(try bytes("mnist/t10k-labels-idx1-ubyte.gz"), limit: 1 << 24)
    return Array(file[8..<(8 + count)])
  }
}
