import Quill
import QuillConverter
import QuillData
import QuillFloat
import QuillONNX

/// A network file: read by content, with the name as a hint where the content says nothing (ONNX has no magic number).
enum ModelFile {
  private static let quillMagic: [UInt8] = [0x89, 0x51, 0x55, 0x49, 0x4c, 0x4c, 0x0d, 0x0a]

  /// Reads a network, or standard input where the path is `-`.
  /// - Throws: `DataError` or `ToolError`, each with the file's name.
  static func load(_ path: String) throws -> AnyNetwork { try loadFile(path).network }

  /// A network, and the bytes that it was read from.
  struct File {
    let network: AnyNetwork
    let bytes: [UInt8]
  }

  /// Reads a network as `load` does, and keeps its bytes.
  static func loadFile(_ path: String) throws -> File {
    let bytes = try read(path)
    return File(network: try load(bytes, path: path), bytes: bytes)
  }

  /// The bytes of a network's file.
  /// - Throws: `DataError`; `ToolError.savedModel` for TensorFlow's folders.
  private static func read(_ path: String) throws -> [UInt8] {
    do throws(DataError) {
      return try FileBytes.read(path)
    } catch {
      let names = error.problem == .isDirectory ? try? FileBytes.list(path) : nil
      if names?.contains("saved_model.pb") == true { throw ToolError.savedModel(path: path) }
      throw error
    }
  }

  /// The network in bytes that were read from a path. An int8 TensorFlow Lite network is re-hosted in memory, with its
  /// own scales and TensorFlow Lite Micro's arithmetic.
  static func load(_ bytes: [UInt8], path: String) throws -> AnyNetwork {
    if bytes.starts(with: quillMagic) || (path.hasSuffix(".quill") && foreignKind(bytes) == nil) {
      return .quantized(try QuantizedNetwork(bytes, path: FileBytes.displayName(path)))
    }
    switch try loadSource(bytes, path: path) {
    case .float(let network): return .float(network)
    case .integer(let network): return .quantized(try network.rehosted())
    }
  }

  /// Reads a network that is no `.quill` file yet.
  /// - Throws: as `load`; `ToolError.notASource` for a `.quill` file.
  static func loadSource(_ path: String, match: Match = .tensorFlowLiteMicro) throws -> SourceFile {
    let bytes = try read(path)
    let name = FileBytes.displayName(path)
    if bytes.starts(with: quillMagic) { throw ToolError.notASource(path: name) }
    return SourceFile(network: try loadSource(bytes, path: path, match: match), bytes: bytes)
  }

  /// A float network, and the bytes that it was read from.
  struct FloatFile {
    let network: FloatNetwork
    let bytes: [UInt8]
  }

  /// Reads a float network.
  /// - Throws: as `load`; `ToolError.notFloat` for an int8 one.
  static func loadFloat(_ path: String) throws -> FloatFile {
    let source: SourceFile
    do {
      source = try loadSource(path)
    } catch ToolError.notASource(let path) {
      throw ToolError.notFloat(path: path)
    }
    guard case .float(let network) = source.network else {
      throw ToolError.notFloat(path: FileBytes.displayName(path))
    }
    return FloatFile(network: network, bytes: source.bytes)
  }

  private static func loadSource(
    _ bytes: [UInt8], path: String, match: Match = .tensorFlowLiteMicro
  ) throws -> SourceNetwork {
    let name = FileBytes.displayName(path)
    if TensorFlowLiteReader.recognizes(bytes) { return try readTensorFlowLite(bytes, path: name, match) }
    if let network = try readIntegerONNX(bytes, path: path, name: name) { return .integer(network) }
    let graph: Graph
    let format: NetworkFormat
    if KerasReader.recognizes(bytes) {
      (graph, format) = (try readKeras(bytes, path: name), .keras)
    } else {
      if let kind = foreignKind(bytes) { throw ToolError.notANetwork(path: name, found: kind) }
      guard path.hasSuffix(".onnx") || looksLikeONNX(bytes) else {
        throw ToolError.notANetwork(path: name, found: "no file that is known here")
      }
      (graph, format) = (try tidied(try readONNX(bytes, path: path, name: name), name: name), .onnx)
    }
    return .float(try FloatNetwork(graph, path: name, format: format, byteCount: bytes.count))
  }

  private static func readKeras(_ bytes: [UInt8], path: String) throws(ToolError) -> Graph {
    do throws(ImportError) {
      return try KerasReader.read(bytes, named: stem(of: path))
    } catch {
      throw ToolError.importing(path: path, error)
    }
  }

  private static func readTensorFlowLite(
    _ bytes: [UInt8], path: String, _ match: Match
  ) throws(ToolError) -> SourceNetwork {
    let graph: Graph
    do throws(ImportError) {
      let model = try TensorFlowLiteReader.model(bytes)
      if model.isInteger {
        let network = try TensorFlowLiteReader.integerNetwork(of: model, named: stem(of: path), match: match)
        return .integer(
          IntegerNetwork(
            graph: network.graph, path: path, byteCount: bytes.count, format: .integerTensorFlowLite,
            microPaddedCount: network.microPaddedCount, reroundedCount: network.reroundedCount))
      }
      graph = try TensorFlowLiteReader.graph(of: model, named: stem(of: path))
    } catch {
      throw ToolError.importing(path: path, error)
    }
    return .float(try FloatNetwork(graph, path: path, format: .tensorFlowLite, byteCount: bytes.count))
  }

  /// A file's name without its folder and extension.
  private static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }

  /// An ONNX network that computes with integers; `nil` for anything else.
  private static func readIntegerONNX(
    _ bytes: [UInt8], path: String, name: String
  ) throws(ToolError) -> IntegerNetwork? {
    guard path.hasSuffix(".onnx") || looksLikeONNX(bytes), (try? ONNXReader.isQuantized(bytes)) == true else {
      return nil
    }
    let source: QuantizedONNX
    do throws(ONNXError) {
      source = try ONNXReader.readQuantized(bytes, externalData: neighbours(of: path))
    } catch {
      throw ToolError.onnx(path: name, error)
    }
    do throws(ConverterError) {
      let graph = try ONNXRehosting.network(source)
      return IntegerNetwork(graph: graph, path: name, byteCount: bytes.count, format: .integerONNX)
    } catch {
      throw ToolError.converter(path: name, error)
    }
  }

  private static func readONNX(_ bytes: [UInt8], path: String, name: String) throws(ToolError) -> Graph {
    do throws(ONNXError) {
      return try ONNXReader.read(bytes, externalData: neighbours(of: path))
    } catch {
      throw ToolError.onnx(path: name, error)
    }
  }

  /// The files beside a network, each read once: every weight names the one that holds it.
  private static func neighbours(of path: String) -> (_ location: String) -> [UInt8]? {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    var known: [String: [UInt8]] = [:]
    return { location in
      if let bytes = known[location] { return bytes }
      let bytes = try? FileBytes.read(folder + location)
      known[location] = bytes
      return bytes
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
    if begins([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]) { return "a .npy array" }
    if begins([0x89, 0x50, 0x4e, 0x47]) || begins([0xff, 0xd8, 0xff]) { return "an image" }
    if begins(Array("GGUF".utf8)) { return "a GGUF file" }
    if begins([0x1f, 0x8b]) { return "a gzip stream" }
    if begins([0x80]), bytes.count > 1, (2...5).contains(bytes[1]) { return "a Python pickle" }
    if begins(Array("version https://git-lfs".utf8)) {
      return "a Git LFS pointer, not the file that it stands for, which git lfs pull fetches"
    }
    if begins(Array("{".utf8), at: 8) { return "a safetensors file, which holds weights but no network" }
    return nil
  }
}
