import Foundation
import QuillData

/// A folder of every tensor of a run, all samples stacked, and `index.json`, which says which operator read and wrote
/// which.
final class TensorDump {
  private struct Step: Encodable {
    let `operator`: String
    let name: String
    let inputs: [String]
    let outputs: [String]
  }

  private let folder: String
  private let steps: [Step]
  private var streams: [Int: NumpyStream] = [:]

  /// Makes the folder where there is none, and begins a file for each tensor that is fed or computed.
  init(folder: String, facts: NetworkFacts, element: NumpyArray.Element, count: Int) throws(DataError) {
    self.folder = folder
    try AtomicFile.createFolder(folder)
    var positions = facts.inputs
    for layer in facts.layers where !positions.contains(layer.output) { positions.append(layer.output) }
    var names: [Int: String] = [:]
    for (order, position) in positions.enumerated() {
      let tensor = facts.tensors[position]
      let name = Self.fileName(order: order, tensor: tensor.name)
      names[position] = name
      streams[position] = try NumpyStream(
        path: FileBytes.join(folder, name), element: element, shape: [count] + tensor.sampleShape)
    }
    steps = facts.layers.map { layer in
      Step(
        operator: layer.operator, name: layer.name, inputs: layer.inputs.compactMap { names[$0] },
        outputs: [names[layer.output, default: ""]])
    }
  }

  /// Appends a sample of a float tensor.
  func append(_ values: [Float], to position: Int) throws(DataError) { try streams[position]?.append(values) }

  /// Appends a sample of an int8 tensor.
  func append(_ values: [Int8], to position: Int) throws(DataError) { try streams[position]?.append(values) }

  /// Ends every file, and writes the index last.
  func finish() throws {
    for stream in streams.values { try stream.finish() }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write([UInt8](try encoder.encode(steps)) + [0x0a], to: FileBytes.join(folder, "index.json"))
  }

  /// `012-conv2d_1.npy`: the order in which tensors appear, and the tensor's name as far as a file can bear it.
  private static func fileName(order: Int, tensor: String) -> String {
    let digits = String(order)
    let number = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    let plain = tensor.unicodeScalars.prefix(80).map { scalar -> Character in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      return isPlain || scalar == "_" || scalar == "." ? Character(scalar) : "_"
    }
    return "\(number)-\(String(plain)).npy"
  }
}
