import Quill
import QuillData
import QuillFloat
import QuillONNX

/// A network file: read by content, with the name as a hint where the content says nothing (ONNX has no magic number).
enum ModelFile {
  private static let quillMagic: [UInt8] = [0x89, 0x51, 0x55, 0x49, 0x4c, 0x4c, 0x0d, 0x0a]

  /// Reads a network, or standard input where the path is `-`.
  /// - Throws: `DataError` or `ToolError`, each with the file's name.
  static func load(_ path: String) throws -> AnyNetwork { try load(try FileBytes.read(path), path: path) }

  /// The network in bytes that were read from a path.
  static func load(_ bytes: [UInt8], path: String) throws -> AnyNetwork {
    let name = FileBytes.displayName(path)
    if bytes.starts(with: quillMagic) || (path.hasSuffix(".quill") && foreignKind(bytes) == nil) {
      return .quantized(try QuantizedNetwork(bytes, path: name))
    }
    if let kind = foreignKind(bytes) { throw ToolError.notANetwork(path: name, found: kind) }
    guard path.hasSuffix(".onnx") || looksLikeONNX(bytes) else {
      throw ToolError.notANetwork(path: name, found: "no file that is known here")
    }
    let graph = try tidied(try readONNX(bytes, path: path, name: name), name: name)
    return .float(try FloatNetwork(graph, path: name, byteCount: bytes.count))
  }

  /// A float network, and the bytes that it was read from.
  struct FloatFile {
    let network: FloatNetwork
    let bytes: [UInt8]
  }

  /// Reads a float network.
  /// - Throws: as `load`; `ToolError.notFloat` for a `.quill` file.
  static func loadFloat(_ path: String) throws -> FloatFile {
    let bytes = try FileBytes.read(path)
    guard case .float(let network) = try load(bytes, path: path) else {
      throw ToolError.notFloat(path: FileBytes.displayName(path))
    }
    return FloatFile(network: network, bytes: bytes)
  }

  private static func readONNX(_ bytes: [UInt8], path: String, name: String) throws(ToolError) -> Graph {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    do throws(ONNXError) {
      return try ONNXReader.read(bytes) { location in try? FileBytes.read(folder + location) }
    } catch {
      throw ToolError.onnx(path: name, error)
    }
  }

  /// The graph without the transposes that reading made, unless that would turn an input of several channels round: its
  /// arrays are to be given as the file says.
  private static func tidied(_ graph: Graph, name: String) throws(ToolError) -> Graph {
    do throws(GraphError) {
      let tidy = try graph.withFewestTransposes()
      let keepsInputs = zip(graph.inputs, tidy.inputs).allSatisfy { before, after in
        graph[before].shape == tidy[after].shape || tidy[after].shape.last == 1
      }
      return keepsInputs ? tidy : graph
    } catch {
      throw ToolError.graph(path: name, error)
    }
  }

  /// A protobuf message that begins with ONNX's `ir_version` (field 1, a small number).
  private static func looksLikeONNX(_ bytes: [UInt8]) -> Bool {
    bytes.count > 2 && bytes[0] == 0x08 && (1...20).contains(bytes[1])
  }

  /// What a file is that is known but no network of ours.
  private static func foreignKind(_ bytes: [UInt8]) -> String? {
    func begins(_ prefix: [UInt8], at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: prefix) }
    if begins([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]) { return "an HDF5 file (Keras .h5)" }
    if begins(Array("TFL3".utf8), at: 4) { return "a TensorFlow Lite network" }
    if begins([0x50, 0x4b, 3, 4]) { return "a zip archive (.keras, .pt or .npz)" }
    if begins([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]) { return "a .npy array" }
    if begins([0x89, 0x50, 0x4e, 0x47]) || begins([0xff, 0xd8, 0xff]) { return "an image" }
    if begins(Array("GGUF".utf8)) { return "a GGUF file" }
    if begins([0x1f, 0x8b]) { return "a gzip stream" }
    if begins([0x80]), bytes.count > 1, (2...5).contains(bytes[1]) { return "a Python pickle" }
    if begins(Array("{".utf8), at: 8) { return "a safetensors file, which holds weights but no network" }
    return nil
  }
}
