import QuillConverter
import QuillFloat
import TestSupport
import Testing

/// Channels made alike, or unlike, without a change of what the network answers.
@Suite("Sizes of channels")
struct ChannelExponentTests {
  /// What stands between two layers.
  enum Between: CaseIterable {
    case nothing, reluInside, leakyRelu, maxPool, averagePool, zerosAround, pictureToList, mean
    case relu6Inside, sigmoid, otherPadding, secondReader, answeredToo
  }

  /// A convolution, something, and a dense layer or a convolution behind a depthwise one.
  private static func network(_ between: Between) throws -> Graph {
    var random = SeededGenerator(seed: 5)
    func values(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: -1...1, using: &random) } }
    var builder = GraphBuilder(name: "layers")
    let input = try builder.input("x", shape: [1, 6, 6, 2])
    var first = Operation.Convolution()
    if between == .reluInside { first.activation = .relu }
    if between == .relu6Inside { first.activation = .relu6 }
    let kernels = try builder.constant("kernels", shape: [4, 3, 3, 2], values(72))
    let offsets = try builder.constant("offsets", shape: [4], values(4))
    let one = try builder.append(.conv2D(first), [input, kernels, offsets], name: "one")
    let pooling = Operation.Pooling(windowHeight: 2, windowWidth: 2, strideHeight: 2, strideWidth: 2)
    var middle = one
    switch between {
    case .nothing, .reluInside, .relu6Inside, .secondReader, .answeredToo, .pictureToList: break
    case .leakyRelu: middle = try builder.append(.unary(.leakyRelu(alpha: 0.25)), [one], name: "leaky")
    case .maxPool: middle = try builder.append(.maxPool2D(pooling), [one], name: "pool")
    case .averagePool: middle = try builder.append(.averagePool2D(pooling, countsPadding: false), [one], name: "pool")
    case .zerosAround:
      middle = try builder.append(.pad(before: [0, 1, 1, 0], after: [0, 1, 1, 0], value: 0), [one], name: "pad")
    case .otherPadding:
      middle = try builder.append(.pad(before: [0, 1, 1, 0], after: [0, 1, 1, 0], value: 1), [one], name: "pad")
    case .mean: middle = try builder.append(.mean(axes: [1, 2], keepsAxes: true), [one], name: "mean")
    case .sigmoid: middle = try builder.append(.unary(.sigmoid), [one], name: "sigmoid")
    }
    if between == .pictureToList {
      middle = try builder.append(.reshape, [one], name: "list", outputShape: [1, 64])
      let rows = try builder.constant("rows", shape: [3, 64], values(192))
      builder.output(try builder.append(.fullyConnected(.none), [middle, rows], name: "two"))
      return try builder.finish()
    }
    let columns = try builder.constant("columns", shape: [1, 1, 1, 8], values(8))
    let two = try builder.append(
      .depthwiseConv2D(Operation.Convolution(groups: 4)), [middle, columns], name: "two")
    let points = try builder.constant("points", shape: [3, 1, 1, 8], values(24))
    builder.output(try builder.append(.conv2D(Operation.Convolution()), [two, points], name: "three"))
    if between == .secondReader {
      builder.output(try builder.append(.unary(.absolute), [one], name: "other"))
    }
    if between == .answeredToo { builder.output(one) }
    return try builder.finish()
  }

  private static func answers(_ graph: Graph) throws -> [[UInt32]] {
    var random = SeededGenerator(seed: 8)
    let picture = FloatTensor(
      shape: [1, 6, 6, 2], values: (0..<72).map { _ in Float.random(in: -1...1, using: &random) })
    return try FloatEngine(graph).run([picture]).map { $0.values.map(\.bitPattern) }
  }

  @Test("powers of two go into one layer and out of the next where that changes no answer", arguments: Between.allCases)
  func sameAnswers(between: Between) throws {
    let graph = try Self.network(between).lowered(addsSoftmax: false)
    let answers = try Self.answers(graph)
    let first = graph.scaled(byExponents: ["one": [-5, 3, 0, 7]])
    #expect(try Self.answers(first) == answers)
    let both = first.scaled(byExponents: ["two": [1, 0, -1, 2, -2, 3, -3, 4]])
    #expect(try Self.answers(both) == answers)
    switch between {
    case .relu6Inside, .sigmoid, .otherPadding, .secondReader, .answeredToo: #expect(first == graph && both != graph)
    case .pictureToList: #expect(first != graph && both == first)
    default: #expect(first != graph && both != first)
    }
  }

  @Test("unknown names and lists of another length change nothing")
  func passedOver() throws {
    let graph = try Self.network(.nothing).lowered(addsSoftmax: false)
    #expect(graph.scaled(byExponents: ["one": [1, 2], "nobody": [1, 2, 3, 4]]) == graph)
  }
}
