import Quill
import QuillCamera

/// Reads model files.
enum ModelLoader {
  /// The most bytes of a `.quill` file: under 2 GiB, by its format.
  private static let byteLimit = Int(Int32.max)

  /// Opens the model at a path, or from standard input for `-`.
  static func load(_ path: SystemPath) throws(ProgramError) -> Classifier {
    let bytes: [UInt8]
    do throws(FileReadError) {
      bytes =
        path.isStandardStream
        ? try WholeFile.read(FileDescriptor.standardInput, limit: byteLimit)
        : try WholeFile.read(path, limit: byteLimit)
    } catch {
      throw .read(path, error)
    }
    let level = try KernelChoice.level()
    do throws(ModelError) {
      return Classifier(try Model(copying: bytes.span), level: level)
    } catch {
      throw .model(path, error)
    }
  }
}
