import QuillConverter
import QuillFloat
import TestSupport
import Testing

@Suite("Normalisation by a sample's own mean and spread, found in arithmetic")
struct SampleNormalizationTests {
  /// A network of arithmetic on an image, and what it is called in the runtime.
  private func check(
    _ expected: QuillFloat.Operation, count: Int = 1, shape: [Int] = [1, 4, 5, 6],
    _ build: (inout GraphBuilder, Graph.TensorID) throws -> Graph.TensorID
  ) throws {
    var builder = GraphBuilder(name: "normalised")
    let input = try builder.input("x", shape: shape)
    builder.output(try build(&builder, input))
    let graph = try builder.finish()
    let lowered = try graph.lowered(addsSoftmax: false)
    #expect(lowered.nodes.map(\.operation).contains(expected), "\(lowered.nodes.map(\.operation))")
    #expect(lowered.nodes.count == count, "\(lowered.nodes.map(\.operation))")
    var random = SeededGenerator(seed: 5)
    let values = (0..<shape.product).map { _ in Float.random(in: -2...3, using: &random) }
    let first = try FloatEngine(graph).run([FloatTensor(shape: shape, values: values)])[0].values
    let second = try FloatEngine(lowered).run([FloatTensor(shape: shape, values: values)])[0].values
    for (one, other) in zip(first, second) { #expect(abs(one - other) < 1e-5) }
  }

  /// `x - mean(x)` and the deviation, with the square in one of two forms.
  private func parts(
    _ builder: inout GraphBuilder, _ x: Graph.TensorID, axes: [Int], isPower: Bool = false, centers: Bool = true
  ) throws -> (centred: Graph.TensorID, deviation: Graph.TensorID, mean: Graph.TensorID) {
    let mean = try builder.append(.mean(axes: axes, keepsAxes: true), [x], name: "mean")
    let centred = centers ? try builder.append(.binary(.subtract, .none), [x, mean], name: "centred") : x
    let two = try builder.constant("two", shape: [], [2])
    let squares =
      isPower
      ? try builder.append(.binary(.power, .none), [centred, two], name: "squares")
      : try builder.append(.binary(.multiply, .none), [centred, centred], name: "squares")
    let spread = try builder.append(.mean(axes: axes, keepsAxes: true), [squares], name: "spread")
    let epsilon = try builder.constant("epsilon", shape: [1], [0.001])
    let raised = try builder.append(.binary(.add, .none), [spread, epsilon], name: "raised")
    return (centred, try builder.append(.unary(.squareRoot), [raised], name: "deviation"), mean)
  }

  @Test("a quotient by the deviation, as PyTorch exports it", arguments: [[1, 2], [3], [1, 2, 3]])
  func quotient(axes: [Int]) throws {
    try check(.normalize(axes: axes, centers: true, epsilon: 0.001)) { builder, x in
      let (centred, deviation, _) = try parts(&builder, x, axes: axes, isPower: true)
      return try builder.append(.binary(.divide, .none), [centred, deviation], name: "normal")
    }
  }

  @Test("a product with the root mean square's reciprocal")
  func rootMeanSquare() throws {
    try check(.normalize(axes: [3], centers: false, epsilon: 0.001)) { builder, x in
      let (_, deviation, _) = try parts(&builder, x, axes: [3], centers: false)
      let inverse = try builder.append(.unary(.reciprocal), [deviation], name: "inverse")
      return try builder.append(.binary(.multiply, .none), [inverse, x], name: "normal")
    }
  }

  @Test("scale and shift worked in, as TensorFlow writes it; they become a layer behind")
  func affine() throws {
    try check(.normalize(axes: [3], centers: true, epsilon: 0.001), count: 2) { builder, x in
      let (_, deviation, mean) = try parts(&builder, x, axes: [3])
      let inverse = try builder.append(.unary(.reciprocal), [deviation], name: "inverse")
      let scale = try builder.constant("scale", shape: [6], [1, 2, 0.5, 1, -1, 3])
      let shift = try builder.constant("shift", shape: [6], [0, 1, 2, 0, 0.5, 1])
      let factor = try builder.append(.binary(.multiply, .none), [inverse, scale], name: "factor")
      let product = try builder.append(.binary(.multiply, .none), [x, factor], name: "product")
      let taken = try builder.append(.binary(.multiply, .none), [mean, factor], name: "taken")
      let rest = try builder.append(.binary(.subtract, .none), [shift, taken], name: "rest")
      return try builder.append(.binary(.add, .none), [product, rest], name: "normal")
    }
  }

  @Test("the mean negated, the shift added, in five axes, as TensorFlow Lite writes groups")
  func negatedMean() throws {
    try check(.normalize(axes: [1, 3], centers: true, epsilon: 0.001), count: 6) { builder, image in
      let x = try builder.append(.reshape, [image], name: "grouped", outputShape: [1, 4, 5, 3, 2])
      let (_, deviation, mean) = try parts(&builder, x, axes: [1, 2, 4])
      let inverse = try builder.append(.unary(.reciprocal), [deviation], name: "inverse")
      let negated = try builder.append(.unary(.negate), [mean], name: "negated")
      let scale = try builder.constant("scale", shape: [1, 1, 1, 3, 2], [1, 2, 0.5, 1, -1, 3])
      let shift = try builder.constant("shift", shape: [1, 1, 1, 3, 2], [0, 1, 2, 0, 0.5, 1])
      let factor = try builder.append(.binary(.multiply, .none), [inverse, scale], name: "factor")
      let taken = try builder.append(.binary(.multiply, .none), [negated, factor], name: "taken")
      let rest = try builder.append(.binary(.add, .none), [taken, shift], name: "rest")
      let product = try builder.append(.binary(.multiply, .none), [x, factor], name: "product")
      let sum = try builder.append(.binary(.add, .none), [product, rest], name: "sum")
      return try builder.append(.reshape, [sum], name: "back", outputShape: [1, 4, 5, 6])
    }
  }

  @Test("groups as rows of an image with channels second stay where convolutions have the channels")
  func groups() throws {
    // A turned image, rows of its groups, and turned back: what remains are the normalisation and its two reshapes.
    try check(.normalize(axes: [1, 3], centers: true, epsilon: 0.01), count: 3) { builder, x in
      let turned = try builder.append(.transpose(permutation: [0, 3, 1, 2]), [x], name: "turned")
      let rows = try builder.append(.reshape, [turned], name: "rows", outputShape: [1, 3, 40])
      let normal = try builder.append(.normalize(axes: [2], centers: true, epsilon: 0.01), [rows], name: "normal")
      let ones = try builder.constant("ones", shape: [3, 1], [1, 1, 1])
      let scaled = try builder.append(.binary(.multiply, .none), [normal, ones], name: "scaled")
      let image = try builder.append(.reshape, [scaled], name: "image", outputShape: [1, 6, 4, 5])
      return try builder.append(.transpose(permutation: [0, 2, 3, 1]), [image], name: "back")
    }
  }

  @Test("what is not one: another mean, a spread over other axes")
  func others() throws {
    for axes in [[1], [2, 3]] {
      var builder = GraphBuilder(name: "other")
      let x = try builder.input("x", shape: [1, 4, 5, 6])
      let (_, deviation, _) = try parts(&builder, x, axes: [3])
      let mean = try builder.append(.mean(axes: axes, keepsAxes: true), [x], name: "other mean")
      let centred = try builder.append(.binary(.subtract, .none), [x, mean], name: "other centred")
      builder.output(try builder.append(.binary(.divide, .none), [centred, deviation], name: "y"))
      let lowered = try builder.finish().lowered(addsSoftmax: false)
      for node in lowered.nodes {
        if case .normalize = node.operation { Issue.record("\(node.name) is no normalisation") }
      }
    }
  }

  @Test("five axes, as TensorFlow groups channels, become four")
  func manyAxes() throws {
    try check(.normalize(axes: [1, 3], centers: true, epsilon: 0.01), count: 3) { builder, x in
      let grouped = try builder.append(.reshape, [x], name: "grouped", outputShape: [1, 4, 5, 3, 2])
      let normal = try builder.append(
        .normalize(axes: [1, 2, 4], centers: true, epsilon: 0.01), [grouped], name: "normal")
      return try builder.append(.reshape, [normal], name: "back", outputShape: [1, 4, 5, 6])
    }
  }
}
