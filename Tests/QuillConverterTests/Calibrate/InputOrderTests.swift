import Quill
import QuillConverter
import QuillFloat
import Testing

/// Networks that take images with channels first are calibrated on the images as they take them.
@Suite struct InputOrderTests {
  /// A convolution on NCHW images of three channels that passes the first channel on.
  private func network() throws -> Graph {
    var builder = GraphBuilder(name: "first")
    let input = try builder.input("x", shape: [1, 3, 2, 2])
    let turned = try builder.append(.transpose(permutation: [0, 2, 3, 1]), [input], name: "turned")
    let weights = try builder.constant("w", shape: [1, 1, 1, 3], [1, 0, 0])
    let result = try builder.append(.conv2D(.init()), [turned, weights], name: "y")
    builder.output(try builder.append(.transpose(permutation: [0, 3, 1, 2]), [result], name: "out"))
    return try builder.finish()
  }

  /// The first channel is small, the others large.
  private let image = FloatTensor(shape: [1, 3, 2, 2], values: [0.1, 0.2, 0.3, 0.4, 9, 9, 9, 9, -9, -9, -9, -9])

  @Test func channelsAreCalibratedEachByItself() throws {
    let image = image
    var options = Converter.Options()
    options.pixelRange = Calibration.Range(low: -9, high: 9)
    let result = try Converter.convert(try network(), options, calibrationCount: 1) { _ in [image] }
    #expect(result.lowered[result.lowered.inputs[0]].shape == [1, 2, 2, 3])
    let answer = try #require(result.quantized.outputs.first.map { result.quantized.tensors[$0] })
    #expect(answer.scale * 255 <= 0.5)
  }

  @Test func imagesAreTurnedForTheLoweredNetwork() throws {
    let lowered = try network().lowered(addsSoftmax: false)
    let arranged = lowered.arranged([image])
    #expect(arranged[0].shape == [1, 2, 2, 3])
    #expect(arranged[0].values == [0.1, 9, -9, 0.2, 9, -9, 0.3, 9, -9, 0.4, 9, -9])
    #expect(try FloatEngine(lowered).run(arranged)[0].values == [0.1, 0.2, 0.3, 0.4])
  }

  /// PyTorch's `Flatten` and `Linear` alone: no convolution asks for another order, but the board does.
  @Test(arguments: [1, 3]) func flattenedPicturesHaveChannelsLastToo(channels: Int) throws {
    var builder = GraphBuilder(name: "flat")
    builder.note("onnx.opset", "17")
    let count = channels * 16
    let input = try builder.input("x", shape: [1, channels, 4, 4])
    let flat = try builder.append(.reshape, [input], name: "flat", outputShape: [1, count])
    let weights = try builder.constant("w", shape: [2, count], (0..<2 * count).map { Float($0 * 7 % 11) - 5 })
    builder.output(try builder.append(.fullyConnected(.none), [flat, weights], name: "y"))
    let graph = try builder.finish()
    let image = FloatTensor(shape: [1, channels, 4, 4], values: (0..<count).map { Float($0 * 5 % 13) / 13 })
    let result = try Converter.convert(graph, Converter.Options(), calibrationCount: 1) { _ in [image] }
    #expect(result.lowered[result.lowered.inputs[0]].shape == [1, 4, 4, channels])
    let model = try Model(copying: result.bytes.span)
    #expect(model.preprocessing != nil)
    let lowered = try graph.lowered(addsSoftmax: false)
    let answers = try FloatEngine(lowered).run(lowered.arranged([image]))[0].values
    for (one, other) in zip(answers, try FloatEngine(graph).run([image])[0].values) { #expect(abs(one - other) < 1e-4) }
  }

  @Test func channelsLastStayLast() throws {
    var builder = GraphBuilder(name: "columns")
    let input = try builder.input("x", shape: [1, 4, 4, 1])
    let turned = try builder.append(.transpose(permutation: [0, 2, 3, 1]), [input], name: "turned")
    let weights = try builder.constant("w", shape: [2, 4], [1, 0, 0, 0, 0, 1, 0, 0])
    builder.output(try builder.append(.fullyConnected(.none), [turned, weights], name: "y"))
    let graph = try builder.finish()
    let lowered = try graph.lowered(addsSoftmax: false)
    #expect(lowered[lowered.inputs[0]].shape == [1, 4, 4, 1])
    let image = FloatTensor(shape: [1, 4, 4, 1], values: (0..<16).map(Float.init))
    #expect(
      try FloatEngine(lowered).run(lowered.arranged([image]))[0].values == FloatEngine(graph).run([image])[0].values)
  }
}
