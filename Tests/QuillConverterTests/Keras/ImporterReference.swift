import Foundation
import QuillConverter
import QuillData
import QuillFloat
import TestSupport
import Testing

/// Reference data that is not in the repository (`QUILL_REFERENCE`, default `../shared/reference`).
enum ImporterReference {
  static var isPresent: Bool { ReferenceData.has("keras") }

  static func array(_ path: String) throws -> NumpyArray { try NumpyArray(ReferenceData.bytes(path)) }

  /// The first MNIST test images as raw pixels, 784 each.
  static func testImages(_ count: Int) throws -> [[Float]] {
    let pixels = try ReferenceData.mnistTestImages(count)
    return (0..<count).map { image in pixels[(image * 784)..<((image + 1) * 784)].map { Float($0) } }
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

/// A `.npy` file as numbers.
struct NumpyArray {
  let shape: [Int]
  let values: [Double]

  init(_ bytes: [UInt8]) throws {
    let array = try NumpyFile.decode(bytes, path: "reference")
    shape = array.shape
    values = array.floats().map { Double($0) }
  }
}
