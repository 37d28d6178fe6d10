import Quill
import QuillConverter
import QuillFloat
import TestSupport
import Testing

@Suite("Operators other than the linear ones, on every level")
struct OperatorTests {
  private func expect(
    _ graph: QuantizedGraph, _ inputs: [[Int8]], _ expected: [Int8], _ comment: String
  ) throws {
    let bytes = try Flat.bytes(graph)
    for level in Flat.levels {
      #expect(
        try Flat.run(bytes, inputs, level: level, stepwise: false) == [expected], "\(level.name), \(comment)")
    }
  }

  private func tensor(
    _ name: String, _ shape: [Int], _ scale: Float = 0.25, _ zeroPoint: Int32 = 3
  )
    -> QuantizedGraph.Tensor
  {
    QuantizedGraph.Tensor(name: name, shape: shape, scale: scale, zeroPoint: zeroPoint)
  }

  @Test("pools take the taps inside the image", arguments: 0..<40)
  func pools(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed) + 4000)
    let image = PlainImage(random: &random, channels: 1...40)
    let window = (random.integer(1...min(4, image.height)), random.integer(1...min(4, image.width)))
    let pooling = Operation.Pooling(
      windowHeight: window.0, windowWidth: window.1, strideHeight: random.integer(1...3),
      strideWidth: random.integer(1...3),
      padding: Operation.Padding(
        top: random.integer(0...(window.0 - 1)), left: random.integer(0...(window.1 - 1)), bottom: 0, right: 0))
    let height = (image.height + pooling.padding.top - window.0) / pooling.strideHeight + 1
    let width = (image.width + pooling.padding.left - window.1) / pooling.strideWidth + 1
    let input = tensor("input", [1, image.height, image.width, image.channels])
    let output = tensor("output", [1, height, width, image.channels])
    let greatest = PlainOperators.pool(pooling, image, height: height, width: width) { $0.max() ?? 0 }
    let mean = PlainOperators.pool(pooling, image, height: height, width: width, PlainOperators.mean)
    try expect(Flat.graph(.maxPool2D(pooling, .none), [input], output), [image.values], greatest, "seed \(seed)")
    try expect(Flat.graph(.averagePool2D(pooling, .none), [input], output), [image.values], mean, "seed \(seed)")
  }

  @Test("Mean and Sum over each set of axes", arguments: [[1], [2], [3], [1, 2], [2, 3], [1, 2, 3], [-1], [2, 2]])
  func reductions(axes: [Int]) throws {
    var random = SeededGenerator(seed: 5000)
    for _ in 0..<8 {
      let image = PlainImage(random: &random, channels: 1...12)
      let extents = [1, image.height, image.width, image.channels]
      let reduced = Set(axes.map { $0 < 0 ? $0 + 4 : $0 })
      let shape = extents.indices.map { reduced.contains($0) ? 1 : extents[$0] }
      let input = tensor("input", extents, random.scale(), Int32(random.integer(-128...127)))
      let output = tensor("output", shape, input.scale * 1.7, Int32(random.integer(-128...127)))
      var groups = [[Int]](repeating: [], count: shape.product)
      for y in 0..<image.height {
        for x in 0..<image.width {
          for c in 0..<image.channels {
            let place =
              ((reduced.contains(1) ? 0 : y) * shape[2] + (reduced.contains(2) ? 0 : x)) * shape[3]
              + (reduced.contains(3) ? 0 : c)
            groups[place].append(image.at(y, x, c) - Int(input.zeroPoint))
          }
        }
      }
      let ratio = Double(input.scale) / Double(output.scale)
      let sums = groups.map { group in
        WideArithmetic.clamp(WideArithmetic.multiply(group.reduce(0, +), byReal: ratio) + Int(output.zeroPoint))
      }
      let means = groups.map { meanByDefinition($0, ratio, Int(output.zeroPoint)) }
      try expect(Flat.graph(.sum(axes: axes), [input], output), [image.values], sums, "sum \(axes)")
      try expect(Flat.graph(.mean(axes: axes), [input], output), [image.values], means, "mean \(axes)")
    }
  }

  /// The reference kernels fold the count into the multiplier, truncating (`arithmetic.md`, "Mean").
  private func meanByDefinition(_ group: [Int], _ ratio: Double, _ zeroPoint: Int) -> Int8 {
    let (quantized, shift) = WideArithmetic.quantize(ratio)
    let count = UInt64(group.count)
    let extra = min(63 - count.leadingZeroBitCount, 32, 31 + shift)
    let folded = Int((UInt64(quantized) << UInt64(extra)) / count)
    let scaled = WideArithmetic.multiply(group.reduce(0, +), folded, shift - extra)
    return WideArithmetic.clamp(scaled + zeroPoint)
  }

  @Test("Add, Sub, Mul with broadcast operands", arguments: 0..<40)
  func elementWise(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed) + 6000)
    let image = PlainImage(random: &random, channels: 1...20)
    let extents = [1, image.height, image.width, image.channels]
    let other = extents.enumerated().map { random.once(in: 3) && $0.offset > 0 ? 1 : $0.element }
    let first = tensor("first", extents, random.scale(), Int32(random.integer(-128...127)))
    let second = tensor("second", other, random.scale(), Int32(random.integer(-128...127)))
    let output = tensor("output", extents, max(first.scale, second.scale) * 1.3, Int32(random.integer(-128...127)))
    let values = random.int8s(other.product)
    func pairs(_ combine: (Int, Int) -> Int8) -> [Int8] {
      var result: [Int8] = []
      for y in 0..<image.height {
        for x in 0..<image.width {
          for c in 0..<image.channels {
            let place =
              ((other[1] == 1 ? 0 : y) * other[2] + (other[2] == 1 ? 0 : x)) * other[3] + (other[3] == 1 ? 0 : c)
            result.append(
              combine(image.at(y, x, c) - Int(first.zeroPoint), Int(values[place]) - Int(second.zeroPoint)))
          }
        }
      }
      return result
    }
    let twice = 2 * Double(max(first.scale, second.scale))
    let left = Double(first.scale) / twice
    let right = Double(second.scale) / twice
    let back = twice / (1_048_576 * Double(output.scale))
    func sum(_ a: Int, _ b: Int, _ sign: Int) -> Int8 {
      let p = WideArithmetic.multiply(a << 20, byReal: left)
      let q = WideArithmetic.multiply(b << 20, byReal: right)
      return WideArithmetic.clamp(WideArithmetic.multiply(p + sign * q, byReal: back) + Int(output.zeroPoint))
    }
    let product = Double(first.scale) * Double(second.scale) / Double(output.scale)
    let inputs = [image.values, values]
    try expect(Flat.graph(.add(.none), [first, second], output), inputs, pairs { sum($0, $1, 1) }, "add \(seed)")
    try expect(Flat.graph(.subtract(.none), [first, second], output), inputs, pairs { sum($0, $1, -1) }, "sub \(seed)")
    try expect(
      Flat.graph(.multiply(.none), [first, second], output), inputs,
      pairs { WideArithmetic.clamp(WideArithmetic.multiply($0 * $1, byReal: product) + Int(output.zeroPoint)) },
      "mul \(seed)")
  }

  @Test("Maximum and Minimum compare values of one scale")
  func extremes() throws {
    let a: [Int8] = [-128, 0, 5, 127]
    let b: [Int8] = [-127, 0, -5, 126]
    let tensors = [tensor("a", [1, 4]), tensor("b", [1, 4])]
    try expect(Flat.graph(.maximum, tensors, tensor("c", [1, 4])), [a, b], [-127, 0, 5, 127], "maximum")
    try expect(Flat.graph(.minimum, tensors, tensor("c", [1, 4])), [a, b], [-128, 0, -5, 126], "minimum")
  }

  @Test("Requantize and the activations by table", arguments: 0..<20)
  func lookups(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed) + 7000)
    let input = tensor("input", [1, 256], random.scale(), Int32(random.integer(-128...127)))
    let output = tensor("output", [1, 256], input.scale * 1.1, Int32(random.integer(-128...127)))
    let values = (-128...127).map { Int8($0) }
    let ratio = Double(input.scale) / Double(output.scale)
    let requantised = values.map { value in
      WideArithmetic.clamp(
        WideArithmetic.multiply(Int(value) - Int(input.zeroPoint), byReal: ratio) + Int(output.zeroPoint))
    }
    try expect(Flat.graph(.lookup(.requantize), [input], output), [values], requantised, "requantise \(seed)")
    let rectified = requantised.map { max($0, Int8(output.zeroPoint)) }
    try expect(Flat.graph(.lookup(.relu), [input], output), [values], rectified, "relu \(seed)")
    var same = input
    same.name = "output"
    let six = Int((6 / Double(input.scale)).rounded()) + Int(input.zeroPoint)
    let capped = values.map { WideArithmetic.clamp(Int($0), Int(input.zeroPoint), min(127, six)) }
    try expect(Flat.graph(.lookup(.relu6), [input], same), [values], capped, "relu6 \(seed)")
  }

  @Test("Softmax is within a step of the real one, and its greatest value is the input's", arguments: 0..<30)
  func softmax(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed) + 8000)
    let count = random.integer(1...40)
    let input = tensor("input", [1, 3, count], Float(random.integer(1...400)) / 1000, Int32(random.integer(-20...20)))
    let output = tensor("output", [1, 3, count], 1.0 / 256, -128)
    let values = random.int8s(3 * count)
    let bytes = try Flat.bytes(Flat.graph(.softmax(beta: 1), [input], output))
    let found = try Flat.run(bytes, [values], level: .plain, stepwise: true)[0]
    for row in 0..<3 {
      let scores = values[row * count..<(row + 1) * count].map { Double($0) * Double(input.scale) }
      let greatest = scores.max() ?? 0
      let powers = scores.map { exponential($0 - greatest) }
      let sum = powers.reduce(0, +)
      for index in 0..<count {
        let real = min(127, 256 * powers[index] / sum - 128)
        #expect(abs(Double(found[row * count + index]) - real) <= 1, "seed \(seed)")
      }
    }
  }

  /// 512 classes and more: where all are alike none reaches half a step, which is where the sum's exponent leaves 31.
  @Test(arguments: [511, 512, 1000, 4095]) func softmaxOfManyClasses(_ count: Int) throws {
    let input = tensor("input", [1, count], 0.05, 3)
    let output = tensor("output", [1, count], 1.0 / 256, -128)
    let bytes = try Flat.bytes(Flat.graph(.softmax(beta: 1), [input], output))
    let alike = [Int8](repeating: 100, count: count)
    let flat = try Flat.run(bytes, [alike], level: .plain, stepwise: true)[0]
    #expect(flat == [Int8](repeating: count == 511 ? -127 : -128, count: count))
    var outstanding = [Int8](repeating: -128, count: count)
    outstanding[7] = 127
    let found = try Flat.run(bytes, [outstanding], level: .plain, stepwise: true)[0]
    let share = 256 / (1 + Double(count - 1) * exponential(-255 * 0.05))
    #expect(abs(Double(found[7]) + 128 - min(share, 255)) <= 1)
  }

  /// `e^x` for `x <= 0`: a Taylor series on the x halved ten times, squared ten times.
  private func exponential(_ x: Double) -> Double {
    let small = x / 1024
    var term = 1.0
    var sum = 1.0
    for n in 1...12 {
      term *= small / Double(n)
      sum += term
    }
    for _ in 0..<10 { sum *= sum }
    return sum
  }

  @Test("Pad, Reshape, Transpose, Concatenate, Slice and ResizeNearest move values")
  func movement() throws {
    let input = tensor("input", [1, 2, 3, 2])
    let values: [Int8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    let filler: Int8 = 3
    try expect(
      Flat.graph(.pad(before: [0, 1, 0, 1], after: [0, 0, 1, 0]), [input], tensor("output", [1, 3, 4, 3])), [values],
      [Int8](repeating: filler, count: 12) + [3, 1, 2, 3, 3, 4, 3, 5, 6, 3, 3, 3] + [
        3, 7, 8, 3, 9, 10, 3, 11, 12, 3, 3, 3,
      ],
      "pad")
    try expect(Flat.graph(.reshape, [input], tensor("output", [1, 12])), [values], values, "reshape")
    try expect(
      Flat.graph(.transpose(permutation: [0, 3, 1, 2]), [input], tensor("output", [1, 2, 2, 3])), [values],
      [1, 3, 5, 7, 9, 11, 2, 4, 6, 8, 10, 12], "transpose")
    try expect(
      Flat.graph(.concatenate(axis: 3), [input, tensor("other", [1, 2, 3, 1])], tensor("output", [1, 2, 3, 3])),
      [values, [21, 22, 23, 24, 25, 26]],
      [1, 2, 21, 3, 4, 22, 5, 6, 23, 7, 8, 24, 9, 10, 25, 11, 12, 26], "concatenate channels")
    try expect(
      Flat.graph(.concatenate(axis: 1), [input, tensor("other", [1, 1, 3, 2])], tensor("output", [1, 3, 3, 2])),
      [values, [21, 22, 23, 24, 25, 26]], values + [21, 22, 23, 24, 25, 26], "concatenate rows")
    try expect(
      Flat.graph(.slice(starts: [0, 1, 2, 0], steps: [1, 1, -2, 1]), [input], tensor("output", [1, 1, 2, 2])),
      [values], [11, 12, 7, 8], "slice")
    try expect(
      Flat.graph(
        .resizeNearest(Operation.ResizeNearest(alignsCorners: false, halfPixelCenters: false)), [input],
        tensor("output", [1, 4, 3, 2])),
      [values], [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 7, 8, 9, 10, 11, 12], "resize")
  }

  @Test("a constant is copied from the file")
  func constant() throws {
    var graph = QuantizedGraph(name: "constant")
    let input = graph.addTensor(tensor("input", [1, 3]))
    let constant = graph.addTensor(tensor("constant", [1, 3]))
    let output = graph.addTensor(tensor("output", [1, 3]))
    graph.inputs = [input]
    graph.outputs = [output]
    graph.nodes = [
      QuantizedGraph.Node(name: "c", operation: .constant([7, -8, 9]), inputs: [], output: constant),
      QuantizedGraph.Node(name: "m", operation: .maximum, inputs: [input, constant], output: output),
    ]
    try expect(graph, [[0, 0, 100]], [7, 0, 100], "constant")
  }
}
