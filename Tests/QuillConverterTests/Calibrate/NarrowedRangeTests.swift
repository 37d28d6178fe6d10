import QuillConverter
import QuillFloat
import TestSupport
import Testing

/// Rare values against fine steps.
@Suite("Ranges that cut rare values off")
struct NarrowedRangeTests {
  private static let shape = [1, 16, 16, 16]

  /// A sum of two pictures, and a layer that reads it, but not its fifth channel. The first holds -1...1, the second
  /// zeros; but one value of one picture, in that channel, is `peak`.
  private static func convert(peak: Float) throws -> Converter.Result {
    var random = SeededGenerator(seed: 7)
    let weights = (0..<128).map { $0 % 16 == 4 ? 0 : Float.random(in: -1...1, using: &random) }
    var builder = GraphBuilder(name: "layers")
    let inputs = [try builder.input("x", shape: shape), try builder.input("y", shape: shape)]
    let sum = try builder.append(.binary(.add, .none), inputs, name: "sum")
    let kernels = try builder.constant("kernels", shape: [8, 1, 1, 16], weights)
    builder.output(try builder.append(.conv2D(Operation.Convolution()), [sum, kernels], name: "answer"))
    var options = Converter.Options()
    options.pixelRange = Calibration.Range(low: -1, high: 1)
    return try Converter.convert(try builder.finish(), options, calibrationCount: 80) { image in
      var random = SeededGenerator(seed: UInt64(image))
      let values = (0..<shape.product).map { _ in Float.random(in: -1...1, using: &random) }
      var rare = FloatTensor(shape: shape, repeating: 0)
      if image == 3 { rare.values[100] = peak }
      return [FloatTensor(shape: shape, values: values), rare]
    }
  }

  private static func scale(_ name: String, _ result: Converter.Result) throws -> Float {
    try #require(result.quantized.tensors.first { $0.name == name }).scale
  }

  @Test("a value in 300,000 does not take the steps of all others; inputs and answers keep what was seen")
  func rareValue() throws {
    let result = try Self.convert(peak: 8)
    #expect(result.narrowedTensorCount == 1)
    #expect(try Self.scale("sum", result) < 10 / 255 * 0.6)
    #expect(try Self.scale("y", result) == 8 / 255)
    #expect(try Self.scale("answer", result) == Self.scale("answer", Self.convert(peak: 0)))
  }

  @Test("where nothing is rare, every range is what was seen")
  func nothingRare() throws {
    let result = try Self.convert(peak: 0)
    #expect(result.narrowedTensorCount == 0)
    #expect(try Self.scale("sum", result) > 1.99 / 255)
  }
}
