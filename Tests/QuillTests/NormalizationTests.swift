import Quill
import QuillConverter
import QuillFloat
import TestSupport
import Testing

@Suite("Normalize")
struct NormalizationTests {
  /// The rule of `quill-format.md` in wide integers: the factor of a group of that squared length.
  private func factor(_ square: Int128, _ inverse: (quantized: Int, shift: Int)) -> (quantized: Int, shift: Int) {
    var scaled = max(square, 1)
    var halvings = 0
    while scaled < Int128(1) << 62 {
      scaled *= 4
      halvings += 1
    }
    var (low, high): (Int128, Int128) = (0, 1 << 32)
    while high - low > 1 {
      let middle = (low + high) / 2
      if middle * middle <= scaled { low = middle } else { high = middle }
    }
    return (Int((Int128(inverse.quantized) << 31) / low), inverse.shift - 31 + halvings)
  }

  /// What a group of values becomes, by the rule, and as real numbers.
  private func normalized(
    _ group: [Int], centers: Bool, epsilon: Float, _ input: QuantizedGraph.Tensor, _ output: QuantizedGraph.Tensor
  ) -> (exact: [Int8], real: [Double]) {
    let steps = group.map { $0 - Int(input.zeroPoint) }
    let count = steps.count
    let sum = centers ? steps.reduce(0, +) : 0
    let squares = steps.reduce(0) { $0 + $1 * $1 }
    let scale = Double(input.scale)
    let added = Double(count * count) * Double(epsilon) / (scale * scale)
    let square = Int128(count) * Int128(squares) - Int128(sum) * Int128(sum)
    let (quantized, shift) = factor(
      square + Int128(added.rounded(.toNearestOrAwayFromZero)), WideArithmetic.quantize(1 / Double(output.scale)))
    let exact = steps.map {
      WideArithmetic.clamp(WideArithmetic.multiply(count * $0 - sum, quantized, shift) + Int(output.zeroPoint))
    }
    let deviation = (Double(square) * scale * scale / Double(count * count) + Double(epsilon)).squareRoot()
    let real = steps.map {
      let value = deviation > 0 ? (Double($0) - Double(sum) / Double(count)) * scale / deviation : 0
      return max(-128, min(127, value / Double(output.scale) + Double(output.zeroPoint)))
    }
    return (exact, real)
  }

  private static let axes = [[1], [2], [3], [1, 2], [1, 3], [2, 3], [1, 2, 3]]

  @Test("over each set of axes, on every level", arguments: axes, [true, false])
  func everySet(axes: [Int], centers: Bool) throws {
    var random = SeededGenerator(seed: 9000)
    for epsilon: Float in [0, 1e-5, 0.3] {
      let image = PlainImage(random: &random, channels: 1...12)
      var values = image.values
      // Groups without spread, and with values at both ends.
      if epsilon == 0 { values = values.map { _ in 5 } }
      if epsilon == 0.3 { values = values.indices.map { $0 % 2 == 0 ? -128 : 127 } }
      let extents = [1, image.height, image.width, image.channels]
      let input = QuantizedGraph.Tensor(
        name: "input", shape: extents, scale: random.scale(), zeroPoint: Int32(random.integer(-128...127)))
      let output = QuantizedGraph.Tensor(
        name: "output", shape: extents, scale: Float(random.integer(1...80)) / 1000,
        zeroPoint: Int32(random.integer(-128...127)))
      var places: [[Int]: [Int]] = [:]
      for index in values.indices {
        let at = [index / image.channels / image.width, index / image.channels % image.width, index % image.channels]
        places[(0..<3).map { axes.contains($0 + 1) ? 0 : at[$0] }, default: []].append(index)
      }
      var expected = values
      var real = [Double](repeating: 0, count: values.count)
      for group in places.values {
        let result = normalized(
          group.map { Int(values[$0]) }, centers: centers, epsilon: epsilon, input, output)
        for (place, index) in group.enumerated() {
          (expected[index], real[index]) = (result.exact[place], result.real[place])
        }
      }
      let bytes = try Flat.bytes(
        Flat.graph(.normalize(axes: axes, centers: centers, epsilon: epsilon), [input], output))
      for level in Flat.levels {
        #expect(try Flat.run(bytes, [values], level: level, stepwise: false) == [expected], "\(level.name)")
      }
      // The two roundings of a multiplier at the end are all that separates it from real numbers.
      for index in expected.indices { #expect(abs(Double(expected[index]) - real[index]) <= 0.76) }
    }
  }

  /// A convolution whose result a normalisation turns in place, and one with padding that reads it.
  private func network(_ random: inout SeededGenerator) -> QuantizedGraph {
    func layer(_ channels: Int, _ depth: Int, activation: Operation.Activation) -> QuantizedOperation {
      .conv2D(
        Operation.Convolution(
          padding: Operation.Padding(top: 1, left: 1, bottom: 1, right: 1), activation: activation),
        QuantizedWeights(
          values: random.weights(channels * 9 * depth), shape: [channels, 3, 3, depth],
          scales: [Float](repeating: 0.002, count: channels), bias: nil))
    }
    var graph = QuantizedGraph(name: "normalised")
    let tensors = [2, 8, 8, 3].enumerated().map { index, channels in
      graph.addTensor(
        QuantizedGraph.Tensor(
          name: "t\(index)", shape: [1, 5, 6, channels], scale: index == 2 ? 0.02 : 0.05, zeroPoint: Int32(index)))
    }
    graph.inputs = [tensors[0]]
    graph.outputs = [tensors[3]]
    let operations: [QuantizedOperation] = [
      layer(8, 2, activation: .none), .normalize(axes: [3], centers: true, epsilon: 1e-3),
      layer(3, 8, activation: .relu),
    ]
    graph.nodes = operations.enumerated().map { index, operation in
      QuantizedGraph.Node(
        name: "n\(index)", operation: operation, inputs: [tensors[index]], output: tensors[index + 1])
    }
    return graph
  }

  @Test("in the middle of a network, whole and step by step")
  func inNetwork() throws {
    var random = SeededGenerator(seed: 9100)
    let graph = network(&random)
    let bytes = try Flat.bytes(graph)
    let image = random.int8s(60)
    let first = try Flat.run(bytes, [image], level: .plain, stepwise: true)
    for level in Flat.levels {
      for stepwise in [false, true] {
        #expect(try Flat.run(bytes, [image], level: level, stepwise: stepwise) == first, "\(level.name)")
      }
    }
    let before = try Flat.run(
      try Flat.bytes(Flat.graph(graph.nodes[0].operation, [graph.tensors[0]], graph.tensors[1])), [image],
      level: .plain, stepwise: false)[0]
    let after = stride(from: 0, to: before.count, by: 8).flatMap { start in
      normalized(
        before[start..<start + 8].map { Int($0) }, centers: true, epsilon: 1e-3, graph.tensors[1], graph.tensors[2]
      ).exact
    }
    let rest = Flat.graph(graph.nodes[2].operation, [graph.tensors[2]], graph.tensors[3])
    #expect(try Flat.run(try Flat.bytes(rest), [after], level: .plain, stepwise: false) == first)
  }

  @Test("a file whose numbers could leave the integers is refused")
  func refused() throws {
    let tensor = QuantizedGraph.Tensor(name: "x", shape: [1, 2, 2, 2], scale: 0.1, zeroPoint: 0)
    var other = tensor
    other.name = "y"
    let bytes = try Flat.bytes(
      Flat.graph(.normalize(axes: [3], centers: true, epsilon: 0.1), [tensor], other))
    let record = try Model(copying: bytes.span).sections[.operators].offset
    /// The fault of the file with a byte of the record changed.
    func fault(_ offset: Int, _ byte: UInt8) -> ModelError? {
      var changed = bytes
      changed[record + offset] = byte
      FlatFileSeal.seal(&changed)
      do throws(ModelError) {
        _ = try Model(copying: changed.span)
        return nil
      } catch {
        return error
      }
    }
    let start = UInt64(record)
    #expect(
      fault(44, 2)
        == ModelError(offset: start + 44, subject: .operator(0), fault: .field("centers", found: 2, low: 0, high: 1)))
    #expect(
      fault(54, 0x20)
        == ModelError(
          offset: start + 48, subject: .operator(0),
          fault: .field("epsilon", found: 1 << 53 | 40, low: 0, high: 1 << 52)))
    #expect(fault(40, 17) == ModelError(offset: start, subject: .operator(0), fault: .accumulator(channel: 0)))
  }

  @Test("more values in a group than the integers hold are refused when written")
  func tooMany() throws {
    let tensor = QuantizedGraph.Tensor(name: "x", shape: [1, 512, 513, 1], scale: 0.1, zeroPoint: 0)
    var other = tensor
    other.name = "y"
    let graph = Flat.graph(.normalize(axes: [1, 2], centers: true, epsilon: 0.1), [tensor], other)
    #expect(throws: ConverterError.self) { try Flat.bytes(graph) }
  }
}
