import Quill
import QuillConverter
import QuillFloat
import Testing

@Suite("Conversion")
struct ConversionTests {
  private func dense(_ weights: [Float], bias: [Float], inputs: Int) throws -> Graph {
    var builder = GraphBuilder(name: "dense")
    let input = try builder.input("x", shape: [1, inputs])
    let outputs = bias.count
    let constant = try builder.constant("w", shape: [outputs, inputs], weights)
    let shift = try builder.constant("b", shape: [outputs], bias)
    builder.output(try builder.append(.fullyConnected(.none), [input, constant, shift], name: "y"))
    return try builder.finish()
  }

  private func convert(_ graph: Graph, count: Int = 4, value: Float = 1) throws -> Converter.Result {
    let shape = graph[graph.inputs[0]].shape
    return try Converter.convert(graph, Converter.Options(), calibrationCount: count) { index in
      [FloatTensor(shape: shape, repeating: value * Float(index) / Float(max(count - 1, 1)))]
    }
  }

  @Test("no calibration images, and values that are not finite, are refused")
  func badCalibration() throws {
    let graph = try dense([1, 2, 3, 4], bias: [0, 0], inputs: 2)
    #expect(throws: ConverterError.noCalibrationImages) { try convert(graph, count: 0) }
    #expect(throws: ConverterError.notFinite(tensor: "x", image: 1)) {
      try Converter.convert(graph, Converter.Options(), calibrationCount: 3) { index in
        [FloatTensor(shape: [1, 2], values: [0, index == 1 ? .infinity : 1])]
      }
    }
  }

  @Test("means of rounding errors, and scores that are all alike, are quantised with steps that integers can serve")
  func fineSteps() throws {
    var builder = GraphBuilder(name: "noise")
    let input = try builder.input("x", shape: [1, 49, 3])
    let mean = try builder.append(.mean(axes: [1], keepsAxes: true), [input], name: "mean")
    let centred = try builder.append(.binary(.subtract, .none), [input, mean], name: "centred")
    let noise = try builder.append(.mean(axes: [1], keepsAxes: false), [centred], name: "noise")
    builder.output(try builder.append(.softmax(axis: 1), [noise], name: "shares"))
    let result = try Converter.convert(try builder.finish(), Converter.Options(), calibrationCount: 3) { image in
      [FloatTensor(shape: [1, 49, 3], values: (0..<147).map { Float(($0 &* 37 &+ image) % 101) / 101 })]
    }
    let scales = result.quantized.tensors.map(\.scale)
    #expect(scales.allSatisfy { $0 >= 0x1p-20 })
  }

  @Test("a network of nothing is refused")
  func nothing() {
    #expect(throws: ConverterError.interface(inputs: 0, outputs: 0)) {
      try Converter.rehost(QuantizedGraph(name: "nothing"), Converter.Options())
    }
  }

  @Test("weights that are not finite are refused with their place")
  func badWeights() throws {
    var graph = try dense([1, 2, 3, 4], bias: [0, 0], inputs: 2)
    graph.tensors[1].constant = [1, .nan, 3, 4]
    #expect(throws: ConverterError.self) { try convert(graph) }
  }

  @Test("a channel of zeros, a large bias and tiny weights convert and answer as float does")
  func extremeChannels() throws {
    let graph = try dense([0, 0, 1e-12, 2e-12, 1, -1], bias: [5, 1e-3, -400], inputs: 2)
    let result = try convert(graph)
    let model = try Model(copying: result.bytes.span)
    #expect(model.outputMeaning == .probabilities)
  }

  @Test("constants as operands, and functions without an operator of their own, become tables and tensors")
  func functions() throws {
    var builder = GraphBuilder(name: "functions")
    let input = try builder.input("x", shape: [1, 4])
    let offsets = try builder.constant("c", shape: [1, 4], [0.1, 0.9, 0.4, 0.6])
    let greatest = try builder.append(.binary(.maximum, .none), [input, offsets], name: "max")
    let gate = try builder.append(.unary(.sigmoid), [greatest], name: "sigmoid")
    let power = try builder.append(.unary(.exp), [gate], name: "exp")
    builder.output(try builder.append(.concatenate(axis: 1), [power, gate, input], name: "join"))
    let graph = try builder.finish()
    let result = try convert(graph, count: 20)
    let found = try answer(result.bytes, [0.5, 0.25, 1, 0])
    let expected = try FloatEngine(graph).run([FloatTensor(shape: [1, 4], values: [0.5, 0.25, 1, 0])])[0].values
    for (x, y) in zip(expected, found) { #expect(abs(x - y) < 0.03, "\(expected) \(found)") }
  }

  private func answer(_ bytes: [UInt8], _ values: [Float]) throws -> [Float] {
    let model = try Model(copying: bytes.span)
    var engine = Engine(for: model)
    let input = model.tensors[model.inputTensor()]
    let steps = values.map { quantize($0, scale: input.scale, zeroPoint: input.zeroPoint) }
    engine.setInput(steps.span, of: model)
    engine.run(model)
    let output = model.tensors[model.outputTensor()]
    return (0..<output.count).map {
      dequantize(engine.outputValue($0, of: model), scale: output.scale, zeroPoint: output.zeroPoint)
    }
  }

  @Test("exact sentences")
  func sentences() {
    #expect(
      ConverterError.noCalibrationImages.description
        == "the calibration set has no images; name a folder that holds some, or `synthetic`")
    #expect(
      ConverterError.notFinite(tensor: "t", image: 3).description
        == "tensor \"t\" takes a value that is not finite on calibration image 3; check the network's weights and the input range"
    )
    #expect(
      ConverterError.unsupported(node: "n", operation: "Softmax", reason: "it runs along axis 1, not the last")
        .description
        == "node \"n\" (Softmax): it runs along axis 1, not the last")
    #expect(
      ConverterError.labelCount(found: 3, expected: 10).description
        == "3 labels for 10 classes; name one label a class")
    #expect(
      ConverterError.interface(inputs: 0, outputs: 5).description
        == "the network has 0 inputs and 5 outputs; expected 1 to 4 of each")
    #expect(
      ConverterError.weightMinus128(node: "n", position: 9).description
        == "node \"n\": weight 9 is -128; expected -127...127: quantise the network with symmetric weights")
  }
}
