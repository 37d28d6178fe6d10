import QuillData
import TestSupport

/// A folder with the tiny network and a few inputs.
struct Workspace {
  let folder: TemporaryFolder
  let network: String

  init() throws {
    folder = try TemporaryFolder()
    network = try folder.write("coarse.onnx", CoarseDigits.onnx)
  }

  func path(_ name: String) -> String { folder.path + "/" + name }

  /// Writes an array and answers its path.
  func array(_ name: String, _ array: NumpyArray) throws -> String {
    try folder.write(name, NumpyFile.encode(array))
  }

  /// A batch of pictures whose rows brighten downwards.
  func ramp(_ name: String, count: Int, shape: [Int] = [28, 28, 1]) throws -> String {
    let size = shape.reduce(1, *)
    let floats = (0..<count * size).map { Float($0 % 784 / 28) / 28 }
    return try array(name, NumpyArray(shape: [count] + shape, floats: floats))
  }
}
