import Quill
import QuillConverter
import QuillFloat
import Testing

/// Element-wise arithmetic on one tensor becomes one table.
@Suite struct ComposedFunctionTests {
  /// `x * sigmoid(x)` between a product and a sum, with `sigmoid(x)` wanted elsewhere or not.
  private func swish(keepsGate: Bool) throws -> Graph {
    var builder = GraphBuilder(name: "swish")
    let input = try builder.input("x", shape: [1, 8])
    let gate = try builder.append(.unary(.sigmoid), [input], name: "gate")
    let swish = try builder.append(.binary(.multiply, .none), [input, gate], name: "swish")
    let third = try builder.constant("third", shape: [], [3])
    builder.output(try builder.append(.binary(.divide, .none), [swish, third], name: "share"))
    if keepsGate { builder.output(gate) }
    return try builder.finish()
  }

  private func converted(_ graph: Graph) throws -> Converter.Result {
    var options = Converter.Options()
    options.addsSoftmax = false
    options.pixelRange = Calibration.Range(low: -4, high: 4)
    // Every 32nd from -4 to 4, so that the range holds the function's least value.
    return try Converter.convert(graph, options, calibrationCount: 33) { image in
      [FloatTensor(shape: [1, 8], values: (0..<8).map { Float($0) - 4 + Float(image) / 32 })]
    }
  }

  @Test(arguments: [false, true]) func functionIsOneTable(keepsGate: Bool) throws {
    let result = try converted(try swish(keepsGate: keepsGate))
    let model = try Model(copying: result.bytes.span)
    #expect(model.operatorCount == (keepsGate ? 2 : 1))
    var engine = Engine(for: model)
    let input = result.quantized.tensors[result.quantized.inputs[0]]
    let output = result.quantized.tensors[result.quantized.outputs[0]]
    let steps: [Int8] = [-128, -90, -30, 0, 20, 60, 100, 120]
    engine.setInput(steps.span, of: model)
    engine.run(model)
    for (position, step) in steps.enumerated() {
      let x = input.scale * Float(Int32(step) - input.zeroPoint)
      let exact = x * FixedMath.sigmoid(x) / 3
      let answer = output.scale * Float(Int32(engine.outputValue(position, of: model)) - output.zeroPoint)
      // One rounding, where three operators would make three.
      #expect(abs(answer - exact) <= output.scale * 0.501)
    }
  }

  @Test func fiveAxesBecomeFewer() throws {
    var builder = GraphBuilder(name: "shuffle")
    let input = try builder.input("x", shape: [1, 3, 2, 4])
    let groups = try builder.append(.reshape, [input], name: "groups", outputShape: [1, 3, 2, 2, 2])
    let turned = try builder.append(.transpose(permutation: [0, 1, 2, 4, 3]), [groups], name: "turned")
    builder.output(try builder.append(.reshape, [turned], name: "y", outputShape: [1, 3, 2, 4]))
    let graph = try builder.finish()
    let lowered = try graph.lowered(addsSoftmax: false)
    #expect(lowered.tensors.allSatisfy { $0.shape.count <= 4 })
    let values = (0..<24).map { Float($0) }
    let tensor = FloatTensor(shape: [1, 3, 2, 4], values: values)
    #expect(try FloatEngine(lowered).run([tensor])[0] == FloatEngine(graph).run([tensor])[0])
  }
}
