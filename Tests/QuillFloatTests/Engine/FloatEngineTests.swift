import QuillFloat
import TestSupport
import Testing

/// Whole networks: planning, observing, threads, levels.
struct FloatEngineTests {
  /// A small network with a residual, branches and every kind of memory traffic.
  static func network(seed: UInt64) throws -> Graph {
    var g = SeededGenerator(seed: seed)
    var b = GraphBuilder(name: "residual")
    func constant(_ name: String, _ shape: [Int]) throws -> Graph.TensorID {
      let tensor = g.tensor(shape, in: -0.5...0.5)
      return try b.constant(name, shape: shape, tensor.values)
    }
    let same = QuillFloat.Operation.Convolution(
      padding: .init(top: 1, left: 1, bottom: 1, right: 1), activation: .relu)
    let x = try b.input("x", shape: [1, 12, 12, 1])
    let stem = try b.append(.conv2D(same), [x, constant("w1", [24, 3, 3, 1]), constant("b1", [24])], name: "stem")
    var depthwise = same
    depthwise.groups = 24
    let left = try b.append(.depthwiseConv2D(depthwise), [stem, constant("w2", [1, 3, 3, 24])], name: "left")
    let right = try b.append(.conv2D(.init()), [stem, constant("w3", [24, 1, 1, 24])], name: "right")
    let sum = try b.append(.binary(.add, .relu6), [left, right], name: "sum")
    let gate = try b.append(.mean(axes: [1, 2], keepsAxes: true), [sum], name: "squeeze")
    let open = try b.append(.unary(.sigmoid), [gate], name: "gate")
    let scaled = try b.append(.binary(.multiply, .none), [sum, open], name: "scaled")
    let pooled = try b.append(.mean(axes: [1, 2], keepsAxes: false), [scaled], name: "pooled")
    let dense = try b.append(.fullyConnected(.none), [pooled, constant("w4", [10, 24])], name: "logits")
    b.output(try b.append(.softmax(axis: 1), [dense], name: "probabilities"))
    b.output(dense)
    return try b.finish()
  }

  static func sample(_ index: Int) -> FloatTensor {
    var generator = SeededGenerator(seed: UInt64(index))
    return generator.tensor([1, 12, 12, 1], in: 0...1)
  }

  @Test func observesEveryTensorOnceAndInOrder() throws {
    let graph = try Self.network(seed: 1)
    var seen: [Graph.TensorID] = []
    var last: [Float] = []
    let outputs = try FloatEngine(graph).run([Self.sample(0)]) { id, values in
      seen.append(id)
      #expect(values.count == graph[id].shape.reduce(1, *))
      last = values.indices.map { values[$0] }
    }
    #expect(seen == graph.inputs + graph.nodes.map(\.output))
    #expect(outputs.map(\.shape) == [[1, 10], [1, 10]])
    #expect(outputs[0].values == last)
  }

  /// Each tensor, seen while the engine runs, equals the plain loops over the operands seen before: no operand is
  /// overwritten before its time.
  @Test func memoryPlanKeepsOperandsAlive() throws {
    let graph = try Self.network(seed: 2)
    var values: [Graph.TensorID: FloatTensor] = [:]
    for (index, tensor) in graph.tensors.enumerated() {
      if let constant = tensor.constant {
        values[Graph.TensorID(index)] = FloatTensor(shape: tensor.shape, values: constant)
      }
    }
    let nodes = Dictionary(uniqueKeysWithValues: graph.nodes.map { ($0.output, $0) })
    try FloatEngine(graph).run([Self.sample(0)]) { id, span in
      let tensor = FloatTensor(shape: graph[id].shape, values: span.indices.map { span[$0] })
      if let node = nodes[id] {
        let operands = node.inputs.map { values[$0]! }
        #expect(tensor.bits == Naive.run(node.operation, operands, outputShape: tensor.shape).bits, "\(node.name)")
      }
      values[id] = tensor
    }
  }

  @Test func threadsAndLevelsChangeNothing() throws {
    let graph = try Self.network(seed: 3)
    var results: [[[UInt32]]] = []
    for level in KernelLevel.allCases where level.isAvailable {
      let program = try FloatProgram(graph, level: level)
      for threadCount in [1, 2, 5] {
        results.append(
          program.mapSamples(count: 150, threadCount: threadCount) { engine, sample in
            engine.run([Self.sample(sample)])[1].bits
          })
      }
    }
    for result in results.dropFirst() { #expect(result == results[0]) }
  }

  @Test func foldsInOrderWhateverTheThreads() throws {
    let program = try FloatProgram(Self.network(seed: 4))
    let sums = [1, 2, 3].map { threadCount in
      program.foldSamples(count: 200, threadCount: threadCount, initial: 0 as Float) { sum, engine, sample in
        sum += engine.run([Self.sample(sample)])[0].values[3]
      } combine: {
        $0 += $1
      }
    }
    #expect(sums[1] == sums[0] && sums[2] == sums[0])
    #expect(program.mapSamples(count: 0) { _, sample in sample } == [])
  }

  /// The bits of one network's output, which every machine must give: calibration depends on it.
  @Test func givesTheSameBitsOnEveryMachine() throws {
    let engine = try FloatEngine(Self.network(seed: 5))
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a over the words.
    for index in 0..<20 {
      for tensor in engine.run([Self.sample(index)]) {
        for word in tensor.bits { digest = (digest ^ UInt64(word)) &* 0x100_0000_01B3 }
      }
    }
    #expect(digest == 3_613_070_256_234_720_252)
  }
}
