import QuillData
import QuillFloat
import QuillReport
import Testing

/// Explanations of networks whose gradients are known.
@Suite struct ExplanationTests {
  /// Scores `weights * x`, behind a ReLU of an identity, with a softmax.
  private static func linear(_ weights: [Float]) throws -> Graph {
    var builder = GraphBuilder(name: "linear")
    let input = try builder.input("x", shape: [1, 4])
    let matrix = try builder.constant("w", shape: [2, 4], weights)
    let scores = try builder.append(.fullyConnected(.none), [input, matrix], name: "scores")
    let shares = try builder.append(.softmax(axis: 1), [scores], name: "shares")
    var graph = builder.graph
    graph.outputs = [shares]
    return graph
  }

  @Test func gradientsAreTheWeights() throws {
    let program = try FloatProgram(try Self.linear([1, -2, 0.5, 0, 3, 0, -1, 0.25]))
    let explainer = try #require(GradientExplainer(program, threadCount: 2))
    #expect(!explainer.hasFeatures)
    let input = FloatTensor(shape: [1, 4], values: [0.1, 0.2, 0.3, 0.4])
    for (index, weights) in [[1, -2, 0.5, 0], [3, 0, -1, 0.25]].enumerated() {
      let gradient = try explainer.inputGradient(of: index, at: input, step: 0.01)
      #expect(zip(gradient, weights).allSatisfy { abs($0 - Float($1)) < 1e-4 })
    }
    #expect(try explainer.classActivation(of: 0, at: input) == nil)
  }

  /// Two channels, the picture and its negative behind a ReLU, averaged into two scores.
  @Test func gradCAMWeighsChannels() throws {
    var builder = GraphBuilder(name: "cnn")
    let input = try builder.input("x", shape: [1, 3, 3, 1])
    let kernel = try builder.constant("k", shape: [2, 1, 1, 1], [1, -1])
    let features = try builder.append(.conv2D(.init(activation: .relu)), [input, kernel], name: "features")
    let mean = try builder.append(.mean(axes: [1, 2], keepsAxes: false), [features], name: "mean")
    let matrix = try builder.constant("w", shape: [2, 2], [2, -1, -3, 5])
    let scores = try builder.append(.fullyConnected(.none), [mean, matrix], name: "scores")
    var graph = builder.graph
    graph.outputs = [scores]
    #expect(graph.lastFeatures == features && graph.scores == scores)
    let explainer = try #require(GradientExplainer(try FloatProgram(graph), threadCount: 1))
    let values: [Float] = [1, 0.5, 0.25, -1, -0.5, 0.75, -0.25, 0.125, 1]
    let map = try #require(
      try explainer.classActivation(of: 0, at: FloatTensor(shape: [1, 3, 3, 1], values: values)))
    // Weights 2 / 9 and -1 / 9, a mean over 9 places.
    let expected = values.map { max(0, (2 * max($0, 0) - max(-$0, 0)) / 9) }
    let scale = expected[0] / map.values[0]
    #expect(zip(map.values, expected).allSatisfy { abs($0 * scale - $1) < 1e-3 })
  }

  /// Places that a dense layer weighs apart, and what an empty picture gives.
  @Test func gradCAMWeighsPlaces() throws {
    var builder = GraphBuilder(name: "cnn")
    let input = try builder.input("x", shape: [1, 2, 2, 1])
    let kernel = try builder.constant("k", shape: [1, 1, 1, 1], [2])
    let bias = try builder.constant("b", shape: [1], [1])
    let features = try builder.append(.conv2D(.init(activation: .relu)), [input, kernel, bias], name: "features")
    let flat = try builder.append(.reshape, [features], name: "flat", outputShape: [1, 4])
    let matrix = try builder.constant("w", shape: [2, 4], [1, 3, -1, 2, 0, 0, 0, 1])
    let scores = try builder.append(.fullyConnected(.none), [flat, matrix], name: "scores")
    var graph = builder.graph
    graph.outputs = [scores]
    let explainer = try #require(GradientExplainer(try FloatProgram(graph), threadCount: 2))
    let picture = FloatTensor(shape: [1, 2, 2, 1], values: [1, 0.5, 1, 0])
    let empty = FloatTensor(shape: [1, 2, 2, 1], values: [0, 0, 0, 0])
    for (background, expected) in [(FloatTensor?.none, [3, 6, 0, 2]), (empty, [2, 3, 0, 0])] {
      let map = try #require(try explainer.classActivation(of: 0, at: picture, empty: background))
      #expect(zip(map.values, expected).allSatisfy { abs($0 - Float($1)) < 1e-2 })
    }
  }

  /// What a branch computes beside the features stays as it was.
  @Test func tailsKeepWhatDoesNotFollow() throws {
    var builder = GraphBuilder(name: "branch")
    let input = try builder.input("x", shape: [1, 4])
    let left = try builder.append(.unary(.tanh), [input], name: "left")
    let right = try builder.append(.unary(.sigmoid), [input], name: "right")
    let sum = try builder.append(.binary(.add, .none), [left, right], name: "sum")
    var graph = builder.graph
    graph.outputs = [sum]
    var values: [Graph.TensorID: [Float]] = [:]
    let tensor = FloatTensor(shape: [1, 4], values: [0.5, -1, 2, 0])
    let whole = try FloatEngine(graph).run([tensor]) { id, span in values[id] = span.indices.map { span[$0] } }
    let tail = graph.tail(from: left, to: sum, values: values)
    let answer = try FloatEngine(tail).run([FloatTensor(shape: [1, 4], values: values[left] ?? [])])
    #expect(answer[0].values == whole[0].values)
    #expect(tail.nodes.count == 1)
  }

  @Test func explanationsAreDrawn() {
    let explanation = Explanation(
      .gradient, classIndex: 1, label: "b", probability: 0.5, height: 2, width: 2, weights: [-1, 0, 1, 2])
    #expect(explanation.weights == [0, 0, 0.5, 1])
    let image = PixelImage(width: 2, height: 2, channels: 1, pixels: [0, 255, 0, 255])
    let drawn = explanation.drawn(over: image).pixels
    #expect(Array(drawn[0..<3]) == [30, 30, 30] && Array(drawn[3..<6]) == [234, 234, 234])
    #expect(drawn[9] == 255 && drawn[11] == 0)
    #expect(explanation.text(over: image) == " @  |  :+")
  }
}
