import QuillConverter
import QuillFloat
import Testing

@Suite("Lowering a float network")
struct LoweringTests {
  /// The largest difference of two networks' outputs on some inputs.
  private func difference(_ a: Graph, _ b: Graph, seed: UInt64 = 1) throws -> Float {
    var state = seed
    func next() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int64(bitPattern: state) >> 40) / 8_388_608
    }
    let inputs = a.inputs.map { id in
      FloatTensor(shape: a[id].shape, values: (0..<a[id].shape.product).map { _ in next() })
    }
    let first = try FloatEngine(a).run(inputs)
    let second = try FloatEngine(b).run(
      zip(b.inputs, inputs).map { FloatTensor(shape: b[$0].shape, values: $1.values) })
    return zip(first, second).flatMap { zip($0.values, $1.values).map { abs($0 - $1) } }.max() ?? .infinity
  }

  private func ramp(_ count: Int, _ scale: Float = 0.1) -> [Float] {
    (0..<count).map { Float(($0 * 7) % 13 - 6) * scale }
  }

  private func convolution(
    _ builder: inout GraphBuilder, _ input: Graph.TensorID, channels: Int
  ) throws -> Graph.TensorID {
    let depth = builder.graph[input].shape[3]
    let weights = try builder.constant("w", shape: [channels, 3, 3, depth], ramp(channels * 9 * depth))
    return try builder.append(.conv2D(Operation.Convolution()), [input, weights], name: "conv")
  }

  @Test("the logarithm of a softmax at the end is left out, in one operation or in two")
  func logarithmOfSoftmax() throws {
    for isTwo in [false, true] {
      var builder = GraphBuilder(name: "log")
      let input = try builder.input("x", shape: [1, 4])
      let weights = try builder.constant("w", shape: [3, 4], ramp(12))
      let scores = try builder.append(.fullyConnected(.none), [input, weights], name: "scores")
      if isTwo {
        let shares = try builder.append(.softmax(axis: 1), [scores], name: "shares")
        builder.output(try builder.append(.unary(.log), [shares], name: "y"))
      } else {
        builder.output(try builder.append(.logSoftmax(axis: 1), [scores], name: "y"))
      }
      let lowered = try builder.finish().lowered(addsSoftmax: true)
      #expect(lowered.nodes.map(\.operation) == [.fullyConnected(.none), .softmax(axis: 1)])
    }
  }

  @Test("a mean of a mean becomes one mean over the axes of both", arguments: [true, false])
  func meanOfMeans(keepsAxes: Bool) throws {
    var builder = GraphBuilder(name: "means")
    let input = try builder.input("x", shape: [1, 4, 5, 3])
    let rows = try builder.append(.mean(axes: [1], keepsAxes: keepsAxes), [input], name: "rows")
    let columns: Operation = .mean(axes: [keepsAxes ? 2 : 1], keepsAxes: keepsAxes)
    builder.output(try builder.append(columns, [rows], name: "y"))
    let graph = try builder.finish()
    let lowered = try graph.lowered(addsSoftmax: false)
    #expect(lowered.nodes.map(\.operation) == [.mean(axes: [1, 2], keepsAxes: keepsAxes)])
    #expect(lowered[lowered.outputs[0]].shape == (keepsAxes ? [1, 1, 1, 3] : [1, 3]))
    #expect(try difference(graph, lowered) <= 1e-6)
  }

  @Test("a mean that something else reads too stays as it is")
  func meanOfMeansReadTwice() throws {
    var builder = GraphBuilder(name: "means")
    let input = try builder.input("x", shape: [1, 4, 5, 3])
    let rows = try builder.append(.mean(axes: [1], keepsAxes: true), [input], name: "rows")
    let columns = try builder.append(.mean(axes: [2], keepsAxes: true), [rows], name: "columns")
    builder.output(try builder.append(.binary(.add, .none), [columns, rows], name: "y"))
    let graph = try builder.finish()
    let lowered = try graph.lowered(addsSoftmax: false)
    #expect(lowered.nodes.count == 3)
    #expect(try difference(graph, lowered) <= 1e-6)
  }

  @Test(
    "a transpose of many runs of axes becomes several of few",
    arguments: [[0, 1, 4, 2, 5, 3], [0, 3, 4, 1, 5, 2], [0, 5, 3, 1, 4, 2]])
  func manyRuns(permutation: [Int]) throws {
    var builder = GraphBuilder(name: "shuffle")
    let input = try builder.input("x", shape: [1, 2 * 3 * 4, 5 * 6])
    let apart = try builder.append(.reshape, [input], name: "apart", outputShape: [1, 2, 3, 4, 5, 6])
    let moved = try builder.append(.transpose(permutation: permutation), [apart], name: "moved")
    builder.output(try builder.append(.reshape, [moved], name: "y", outputShape: [1, 720]))
    let graph = try builder.finish()
    let lowered = try graph.lowered(addsSoftmax: false)
    #expect(lowered.tensors.allSatisfy { $0.shape.count <= 4 })
    #expect(try difference(graph, lowered) == 0)
  }

  @Test("batch normalisation goes into the convolution before it")
  func batchNormalization() throws {
    var builder = GraphBuilder(name: "bn")
    let input = try builder.input("x", shape: [1, 6, 6, 2])
    let sum = try convolution(&builder, input, channels: 3)
    let parts = try ["scale", "shift", "mean", "variance"].map {
      try builder.constant($0, shape: [3], [0.5, 1.5, 2])
    }
    let normal = try builder.append(.batchNormalization(epsilon: 1e-3), [sum] + parts, name: "bn")
    builder.output(try builder.append(.unary(.activation(.relu)), [normal], name: "relu"))
    let graph = try builder.finish()
    let lowered = try graph.lowered(addsSoftmax: false)
    #expect(lowered.nodes.count == 1)
    guard case .conv2D(let parameters) = lowered.nodes[0].operation else {
      Issue.record("\(lowered.nodes[0].operation)")
      return
    }
    #expect(parameters.activation == .relu)
    #expect(lowered[lowered.outputs[0]].name == "relu")
    #expect(try difference(graph, lowered) < 1e-5)
  }

  @Test("a chain of products and sums with constants goes into the layer before it")
  func arithmetic() throws {
    var builder = GraphBuilder(name: "arithmetic")
    let input = try builder.input("x", shape: [1, 5, 5, 2])
    var value = try convolution(&builder, input, channels: 4)
    let channels = try builder.constant("c", shape: [4], [1, -2, 3, 0.5])
    let one = try builder.constant("one", shape: [], [2])
    value = try builder.append(.binary(.multiply, .none), [value, channels], name: "mul")
    value = try builder.append(.binary(.add, .none), [one, value], name: "add")
    value = try builder.append(.binary(.divide, .none), [value, one], name: "div")
    value = try builder.append(.binary(.subtract, .none), [value, channels], name: "sub")
    builder.output(value)
    let graph = try builder.finish()
    let lowered = try graph.lowered(addsSoftmax: false)
    #expect(lowered.nodes.count == 1)
    #expect(try difference(graph, lowered) < 1e-5)
  }

  /// `scale * x + shift` a channel as batch normalisation, appended.
  private func normalization(
    _ builder: inout GraphBuilder, _ input: Graph.TensorID, scale: [Float], name: String
  ) throws -> Graph.TensorID {
    let channels = scale.count
    let parts = try [scale, ramp(channels), ramp(channels, 0.3), [Float](repeating: 1, count: channels)].enumerated()
      .map { try builder.constant("\(name)\($0)", shape: [channels], $1) }
    return try builder.append(.batchNormalization(epsilon: 0), [input] + parts, name: name)
  }

  /// Convolution, ReLU, normalisation, greatest of 2 x 2, convolution, ReLU, flatten, normalisation, dense.
  private func normalizedBehindActivations(
    scale: [Float], flatScale: [Float], padding: Operation.Padding = .none
  ) throws -> Graph {
    var builder = GraphBuilder(name: "behind")
    let input = try builder.input("x", shape: [1, 10, 10, 2])
    var value = try convolution(&builder, input, channels: 4)
    value = try builder.append(.unary(.activation(.relu)), [value], name: "relu")
    value = try normalization(&builder, value, scale: scale, name: "normal")
    let pooling = Operation.Pooling(windowHeight: 2, windowWidth: 2, strideHeight: 2, strideWidth: 2)
    value = try builder.append(.maxPool2D(pooling), [value], name: "pool")
    let weights = try builder.constant("v", shape: [3, 3, 3, 4], ramp(108))
    value = try builder.append(.conv2D(Operation.Convolution(padding: padding)), [value, weights], name: "second")
    value = try builder.append(.unary(.activation(.relu)), [value], name: "relu2")
    let count = builder.graph[value].shape.reduce(1, *)
    value = try builder.append(.reshape, [value], name: "flat", outputShape: [1, count])
    value = try normalization(&builder, value, scale: (0..<count).map { flatScale[$0 % flatScale.count] }, name: "last")
    let dense = try builder.constant("d", shape: [5, count], ramp(5 * count))
    builder.output(try builder.append(.fullyConnected(.none), [value, dense], name: "dense"))
    return try builder.finish()
  }

  @Test(
    "batch normalisation behind an activation goes into the layer after it, past pools and reshapes; a channel that it drops too",
    arguments: [2, 0])
  func normalizationBehindActivations(second: Float) throws {
    let graph = try normalizedBehindActivations(scale: [1, second, 0.75, 1.5], flatScale: [1, 0.75, 1.5, 1.25, -1])
    let lowered = try graph.lowered(addsSoftmax: false)
    #expect(lowered.nodes.map(\.operation.name) == ["Conv2D", "MaxPool2D", "Conv2D", "Reshape", "FullyConnected"])
    #expect(!lowered.nodes.contains { lowered[$0.output].name == "pool" }, "it holds other numbers than pool did")
    #expect(try difference(graph, lowered) < 1e-4)
  }

  @Test("batch normalisation stays where the layer after it cannot take it in exactly, or at what it would cost")
  func normalizationThatStays() throws {
    let narrow: [Float] = [1, 0.75, 1.5]
    let sides = Operation.Padding(top: 1, left: 1, bottom: 1, right: 1)
    let cases = [
      (
        try normalizedBehindActivations(scale: [1, -2, 0.75, 1.5], flatScale: narrow), "a greatest and a negative scale"
      ),
      (try normalizedBehindActivations(scale: [1, 2, 1, 1], flatScale: narrow, padding: sides), "padding"),
      (try normalizedBehindActivations(scale: [1, 300, 1, 1], flatScale: narrow), "one channel drowns the others"),
    ]
    for (graph, reason) in cases {
      let lowered = try graph.lowered(addsSoftmax: false)
      #expect(lowered.nodes.count { $0.operation.name == "DepthwiseConv2D" } == 1, "\(reason)")
      #expect(try difference(graph, lowered) < 1e-3, "\(reason)")
    }
    var learnt = try normalizedBehindActivations(scale: [1, 2, 0.75, 1.5], flatScale: narrow)
    learnt.metadata["quill.range.pool"] = "0 1"
    #expect(try learnt.lowered(addsSoftmax: false).nodes.count { $0.operation.name == "DepthwiseConv2D" } == 2)
  }

  @Test("a chain of arithmetic that no layer takes in becomes one", arguments: [[1, 4, 4, 3], [1, 3]])
  func mergedArithmetic(shape: [Int]) throws {
    var builder = GraphBuilder(name: "merged")
    let input = try builder.input("x", shape: shape)
    let scale = try builder.constant("s", shape: [3], [2, 0.5, -1])
    let shift = try builder.constant("t", shape: [3], [0.25, -0.5, 1])
    let two = try builder.constant("two", shape: [], [2])
    var value = try builder.append(.binary(.multiply, .none), [input, scale], name: "mul")
    value = try builder.append(.binary(.add, .none), [value, shift], name: "add")
    value = try builder.append(.binary(.divide, .none), [value, two], name: "div")
    builder.output(try builder.append(.unary(.activation(.relu)), [value], name: "relu"))
    let graph = try builder.finish()
    let lowered = try graph.lowered(addsSoftmax: false)
    #expect(lowered.nodes.map(\.operation.name).filter { $0 != "Reshape" && $0 != "ReLU" } == ["DepthwiseConv2D"])
    #expect(try difference(graph, lowered) < 1e-6)
  }

  @Test("arithmetic with nothing before it becomes a depthwise layer", arguments: [[1, 4, 4, 3], [1, 3], [1, 5, 3]])
  func standalone(shape: [Int]) throws {
    var builder = GraphBuilder(name: "standalone")
    let input = try builder.input("x", shape: shape)
    let scale = try builder.constant("s", shape: [3], [2, 0.5, -1])
    builder.output(try builder.append(.binary(.multiply, .none), [input, scale], name: "mul"))
    let graph = try builder.finish()
    let lowered = try graph.lowered(addsSoftmax: false)
    #expect(lowered.nodes.contains { if case .depthwiseConv2D = $0.operation { true } else { false } })
    #expect(try difference(graph, lowered) < 1e-6)
  }

  @Test("padding merges into the convolution, and counted padding becomes a pad")
  func padding() throws {
    var builder = GraphBuilder(name: "padding")
    let input = try builder.input("x", shape: [1, 5, 5, 2])
    let padded = try builder.append(
      .pad(before: [0, 1, 2, 0], after: [0, 0, 1, 0], value: 0), [input], name: "pad")
    let sum = try convolution(&builder, padded, channels: 2)
    let pooling = Operation.Pooling(
      windowHeight: 2, windowWidth: 2, strideHeight: 1, strideWidth: 1,
      padding: Operation.Padding(top: 1, left: 1, bottom: 0, right: 0))
    builder.output(try builder.append(.averagePool2D(pooling, countsPadding: true), [sum], name: "pool"))
    let graph = try builder.finish()
    let lowered = try graph.lowered(addsSoftmax: false)
    #expect(lowered.nodes.map(\.operation.name).count == 3)
    #expect(try difference(graph, lowered) < 1e-5)
  }

  @Test("a classifier that ends in logits gets a softmax, once")
  func softmax() throws {
    var builder = GraphBuilder(name: "classifier")
    let input = try builder.input("x", shape: [1, 6])
    let weights = try builder.constant("w", shape: [6, 3], ramp(18))
    builder.output(try builder.append(.matrixMultiply, [input, weights], name: "logits"))
    let graph = try builder.finish()
    let with = try graph.lowered(addsSoftmax: true)
    #expect(with.nodes.count == 2)
    #expect(with.nodes.last?.operation == .softmax(axis: 1))
    #expect(try with.lowered(addsSoftmax: true).nodes.count == 2)
    #expect(try graph.lowered(addsSoftmax: false).nodes.count == 1)
  }

  @Test("nodes on constants alone are computed")
  func constants() throws {
    var builder = GraphBuilder(name: "constants")
    let input = try builder.input("x", shape: [1, 2])
    let a = try builder.constant("a", shape: [2], [1, 2])
    let b = try builder.constant("b", shape: [2], [3, 4])
    let sum = try builder.append(.binary(.add, .none), [a, b], name: "sum")
    builder.output(try builder.append(.binary(.maximum, .none), [input, sum], name: "max"))
    let lowered = try builder.finish().lowered(addsSoftmax: false)
    #expect(lowered.nodes.count == 1)
    #expect(lowered[lowered.nodes[0].inputs[1]].constant == [4, 6])
  }
}
