import Foundation
import QuillFloat

extension ONNXReader {
  /// Reads the network in a file, with weights in other files of its folder where it names some.
  ///
  /// - Throws: `.unreadable` where there is no file or it may not be read; else as `read(_:options:externalData:)`.
  public static func read(contentsOf path: String, options: Options = Options()) throws(ONNXError) -> Graph {
    let file = URL(fileURLWithPath: path)
    let bytes = try bytes(of: file)
    let folder = file.deletingLastPathComponent()
    return try read(bytes, options: options) { location in
      try? Self.bytes(of: folder.appendingPathComponent(location))
    }
  }

  private static func bytes(of file: URL) throws(ONNXError) -> [UInt8] {
    let place = ONNXError.Place.path(file.relativePath)
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
      if let size = (attributes[.size] as? NSNumber)?.intValue, size > ONNXModel.maximumByteCount {
        throw ONNXError(at: place, .tooLarge(byteCount: size))
      }
      return [UInt8](try Data(contentsOf: file))
    } catch let error as ONNXError {
      throw error
    } catch {
      let isThere = FileManager.default.fileExists(atPath: file.path)
      throw ONNXError(at: place, .unreadable(isThere ? .notPermitted : .notFound))
    }
  }
}
