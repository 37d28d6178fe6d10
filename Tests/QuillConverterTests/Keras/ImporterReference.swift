import Foundation
import QuillConverter
import QuillFloat
import Testing

/// Reference data that is not in the repository (`QUILL_REFERENCE`, default `../shared/reference`).
enum ImporterReference {
  static let folder: URL = {
    let path = ProcessInfo.processInfo.environment["QUILL_REFERENCE"]
    let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return path.map { URL(fileURLWithPath: $0) } ?? project.appendingPathComponent("../shared/reference")
  }()

  static var isPresent: Bool { FileManager.default.fileExists(atPath: folder.appendingPathComponent("keras").path) }

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(path)))
  }

  static func array(_ path: String) throws -> NumpyArray { try NumpyArray(bytes(path)) }

  /// The first MNIST test images as raw pixels, 784 each.
  static func testImages(_ count: Int) throws -> [[Float]] {
    let file = try bytes("mnist/t10k-images-idx3-ubyte.gz")
    var start = 10
    if file[3] & 8 != 0 { while file[start] != 0 { start += 1 }; start += 1 }
    let pixels = try Inflate.raw(file[start..<(file.count - 8)], limit: 16 + 784 * 10_000, place: start)
    return (0..<count).map { image in pixels[(16 + image * 784)..<(16 + (image + 1) * 784)].map { Float($0) } }
  }

  /// The largest difference between a network's outputs for the images and the rows of an array.
  static func difference(
    _ graph: Graph, _ images: [[Float]], _ expected: NumpyArray, scaling: (Float) -> Float
  ) throws -> Float {
    let engine = try FloatEngine(graph)
    var largest: Float = 0
    let width = expected.values.count / expected.shape[0]
    for (index, image) in images.enumerated() {
      let input = FloatTensor(shape: graph[graph.inputs[0]].shape, values: image.map(scaling))
      let output = engine.run([input])[0].values
      try #require(output.count == width)
      for (position, value) in output.enumerated() {
        let difference = abs(value - Float(expected.values[index * width + position]))
        largest = difference.isNaN ? .infinity : max(largest, difference)
      }
    }
    return largest
  }
}

/// A `.npy` file (version 1 or 2, little-endian, C order) as numbers.
struct NumpyArray {
  let shape: [Int]
  let values: [Double]

  init(_ bytes: [UInt8]) throws {
    let isLong = bytes[6] > 1
    let length = Int(bytes[8]) | Int(bytes[9]) << 8 | (isLong ? Int(bytes[10]) << 16 : 0)
    let start = (isLong ? 12 : 10) + length
    let header = String(decoding: bytes[..<start].dropFirst(isLong ? 12 : 10), as: UTF8.self)
    let parts = header.split(separator: "(")[1].split(separator: ")")[0].split(separator: ",")
    shape = parts.compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    let count = shape.reduce(1, *)
    try #require(header.contains("'fortran_order': False"))
    let type = ["<f4", "<f8", "|i1", "|u1", "<i4", "<i8"].first { header.contains($0) }
    let widths = ["<f4": 4, "<f8": 8, "|i1": 1, "|u1": 1, "<i4": 4, "<i8": 8]
    let width = try #require(type.flatMap { widths[$0] }, "unknown type in \(header)")
    values = (0..<count).map { index in
      var raw: UInt64 = 0
      for byte in 0..<width { raw |= UInt64(bytes[start + index * width + byte]) << UInt64(8 * byte) }
      return switch type {
      case "<f4": Double(Float(bitPattern: UInt32(raw)))
      case "<f8": Double(bitPattern: raw)
      case "|i1": Double(Int8(truncatingIfNeeded: raw))
      case "|u1": Double(raw)
      case "<i4": Double(Int32(truncatingIfNeeded: raw))
      default: Double(Int64(bitPattern: raw))
      }
    }
  }
}
