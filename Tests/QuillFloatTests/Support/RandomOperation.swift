import QuillFloat
import TestSupport

/// Random single nodes of every kind of operation.
enum RandomOperation: String, CaseIterable, Sendable {
  case conv2D, groupedConv2D, depthwiseConv2D, fullyConnected, matrixMultiply, maxPool2D, averagePool2D, mean, sum
  case batchNormalization, binary, unary, softmax, logSoftmax, pad, reshape, transpose, concatenate, slice
  case resizeNearest, normalize

  func make(_ generator: inout SeededGenerator) -> SingleNode {
    switch self {
    case .conv2D: Self.convolution(&generator, groups: 1)
    case .groupedConv2D: Self.convolution(&generator, groups: generator.integer(2...3))
    case .depthwiseConv2D: Self.depthwise(&generator)
    case .fullyConnected: Self.fullyConnected(&generator)
    case .matrixMultiply: Self.matrixMultiply(&generator)
    case .maxPool2D, .averagePool2D: pool(&generator)
    case .mean, .sum: reduction(&generator)
    case .batchNormalization: Self.batchNormalization(&generator)
    case .normalize: Self.normalization(&generator)
    case .binary: Self.binary(&generator)
    case .unary: Self.unary(&generator)
    case .softmax, .logSoftmax, .pad, .reshape, .transpose, .concatenate, .slice, .resizeNearest: layout(&generator)
    }
  }

  private static let activations: [QuillFloat.Operation.Activation] = [.none, .relu, .relu6, .reluMinus1To1]

  private static func padding(_ g: inout SeededGenerator, _ range: ClosedRange<Int>) -> QuillFloat.Operation.Padding {
    .init(top: g.integer(range), left: g.integer(range), bottom: g.integer(range), right: g.integer(range))
  }

  private static func parameters(_ g: inout SeededGenerator, groups: Int) -> QuillFloat.Operation.Convolution {
    .init(
      strideHeight: g.integer(1...3), strideWidth: g.integer(1...3), dilationHeight: g.integer(1...2),
      dilationWidth: g.integer(1...2), padding: padding(&g, 0...3), groups: groups,
      activation: g.element(of: activations))
  }

  private static func convolution(_ g: inout SeededGenerator, groups: Int) -> SingleNode {
    let channels = g.integer(1...4)
    let kernel = [g.integer(1...3), g.integer(1...3)]
    let outputs = groups * g.integer(1...(groups == 1 ? 70 : 20))
    let image = [g.integer(1...2), g.integer(5...8), g.integer(5...8), channels * groups]
    var inputs = [g.tensor(image), g.tensor([outputs] + kernel + [channels])]
    if Bool.random(using: &g) { inputs.append(g.tensor([outputs])) }
    return SingleNode(.conv2D(parameters(&g, groups: groups)), inputs)
  }

  private static func depthwise(_ g: inout SeededGenerator) -> SingleNode {
    let channels = g.integer(1...20)
    let outputs = channels * g.integer(1...3)
    let kernel = [g.integer(1...3), g.integer(1...3)]
    var inputs = [g.tensor([g.integer(1...2), g.integer(5...8), g.integer(5...8), channels])]
    inputs.append(g.tensor([1] + kernel + [outputs]))
    if Bool.random(using: &g) { inputs.append(g.tensor([outputs])) }
    return SingleNode(.depthwiseConv2D(parameters(&g, groups: channels)), inputs)
  }

  private static func fullyConnected(_ g: inout SeededGenerator) -> SingleNode {
    let (depth, outputs) = (g.integer(1...50), g.integer(1...80))
    var inputs = [g.tensor(g.shape(rank: g.integer(0...3)) + [depth]), g.tensor([outputs, depth])]
    if Bool.random(using: &g) { inputs.append(g.tensor([outputs])) }
    return SingleNode(.fullyConnected(g.element(of: activations)), inputs)
  }

  private static func matrixMultiply(_ g: inout SeededGenerator) -> SingleNode {
    let (rows, depth, columns) = (g.integer(1...20), g.integer(1...9), g.integer(1...40))
    let leading = broadcastable(&g, rank: g.integer(0...2))
    return SingleNode(
      .matrixMultiply, [g.tensor(leading[0] + [rows, depth]), g.tensor(leading[1] + [depth, columns])])
  }

  /// Two shapes that broadcast to one, of differing ranks.
  private static func broadcastable(_ g: inout SeededGenerator, rank: Int) -> [[Int]] {
    let shape = g.shape(rank: rank)
    return (0..<2).map { _ in
      Array(shape.map { Bool.random(using: &g) ? $0 : 1 }.suffix(g.integer(0...rank)))
    }
  }

  private func pool(_ g: inout SeededGenerator) -> SingleNode {
    let window = [g.integer(1...4), g.integer(1...4)]
    let padding = QuillFloat.Operation.Padding(
      top: g.integer(0...(window[0] - 1)), left: g.integer(0...(window[1] - 1)),
      bottom: g.integer(0...(window[0] - 1)), right: g.integer(0...(window[1] - 1)))
    let pooling = QuillFloat.Operation.Pooling(
      windowHeight: window[0], windowWidth: window[1], strideHeight: g.integer(1...3), strideWidth: g.integer(1...3),
      padding: padding)
    let image = g.tensor([g.integer(1...2), g.integer(4...8), g.integer(4...8), g.integer(1...20)])
    let countsPadding = Bool.random(using: &g)
    return SingleNode(
      self == .maxPool2D ? .maxPool2D(pooling) : .averagePool2D(pooling, countsPadding: countsPadding), [image])
  }

  private func reduction(_ g: inout SeededGenerator) -> SingleNode {
    let rank = g.integer(0...4)
    let axes = (0..<rank).filter { _ in Bool.random(using: &g) }.shuffled(using: &g)
    let keepsAxes = Bool.random(using: &g)
    let input = g.tensor(g.shape(rank: rank))
    return SingleNode(
      self == .mean ? .mean(axes: axes, keepsAxes: keepsAxes) : .sum(axes: axes, keepsAxes: keepsAxes), [input])
  }

  private static func batchNormalization(_ g: inout SeededGenerator) -> SingleNode {
    let channels = g.integer(1...20)
    let statistics = [g.tensor([channels]), g.tensor([channels]), g.tensor([channels])]
    let variance = g.tensor([channels], in: 0...3)
    return SingleNode(
      .batchNormalization(epsilon: 1e-3),
      [g.tensor(g.shape(rank: g.integer(0...3)) + [channels])] + statistics + [variance])
  }

  private static func normalization(_ g: inout SeededGenerator) -> SingleNode {
    let rank = g.integer(0...4)
    let axes = (0..<rank).filter { _ in Bool.random(using: &g) }.shuffled(using: &g)
    return SingleNode(
      .normalize(axes: axes, centers: Bool.random(using: &g), epsilon: g.integer(0...1) == 0 ? 0 : 1e-3),
      [g.tensor(g.shape(rank: rank))])
  }

  private static func binary(_ g: inout SeededGenerator) -> SingleNode {
    let operators: [QuillFloat.Operation.BinaryOperator] = [
      .add, .subtract, .multiply, .divide, .maximum, .minimum, .power,
    ]
    let chosen = g.element(of: operators)
    let shapes = broadcastable(&g, rank: g.integer(0...5))
    // A power of a negative number is NaN, whose payload nobody promises.
    let range: ClosedRange<Float> = chosen == .power ? 0.1...2 : -2...2
    return SingleNode(
      .binary(chosen, g.element(of: activations)),
      [g.tensor(shapes[0], in: range), g.tensor(shapes[1])])
  }

  private static func unary(_ g: inout SeededGenerator) -> SingleNode {
    let operators: [QuillFloat.Operation.UnaryOperator] = [
      .activation(g.element(of: activations)), .leakyRelu(alpha: 0.3), .elu(alpha: 1.1),
      .clip(low: -.infinity, high: 0.7), .clip(low: -0.5, high: 0.5), .sigmoid, .hardSigmoid(alpha: 0.2, beta: 0.5),
      .hardSwish, .tanh, .exp, .absolute, .negate, .reciprocal, .log, .squareRoot,
      .errorFunction, .softplus,
    ]
    let chosen = g.element(of: operators)
    let range: ClosedRange<Float> = chosen == .log || chosen == .squareRoot ? 0.01...9 : -5...5
    return SingleNode(.unary(chosen), [g.tensor(g.shape(rank: g.integer(0...3)), in: range)])
  }

  private func layout(_ g: inout SeededGenerator) -> SingleNode {
    let shape = g.shape(rank: g.integer(1...5))
    let x = g.tensor(shape)
    let axis = g.integer(0...(shape.count - 1))
    switch self {
    case .softmax: return SingleNode(.softmax(axis: axis), [x])
    case .logSoftmax: return SingleNode(.logSoftmax(axis: axis), [x])
    case .pad:
      let (before, after) = (shape.map { _ in g.integer(0...2) }, shape.map { _ in g.integer(0...2) })
      return SingleNode(.pad(before: before, after: after, value: g.float()), [x])
    case .reshape: return SingleNode(.reshape, [x], outputShape: shape.reversed() + [1])
    case .transpose: return SingleNode(.transpose(permutation: shape.indices.shuffled(using: &g)), [x])
    case .concatenate:
      let others = (0..<g.integer(0...3)).map { _ in g.tensor(shape.replacing(axis, with: g.integer(1...4))) }
      return SingleNode(.concatenate(axis: axis), [x] + others)
    case .slice: return Self.slice(&g, x)
    default:
      let image = g.tensor(g.shape(rank: 4, extents: 1...6))
      let result = [image.shape[0], g.integer(1...9), g.integer(1...9), image.shape[3]]
      let resize = QuillFloat.Operation.ResizeNearest(
        alignsCorners: Bool.random(using: &g), halfPixelCenters: Bool.random(using: &g))
      return SingleNode(.resizeNearest(resize), [image], outputShape: result)
    }
  }

  private static func slice(_ g: inout SeededGenerator, _ x: FloatTensor) -> SingleNode {
    var (starts, steps, result): ([Int], [Int], [Int]) = ([], [], [])
    for extent in x.shape {
      let start = g.integer(0...(extent - 1))
      let step = g.element(of: [-2, -1, 1, 2])
      let longest = step > 0 ? (extent - 1 - start) / step + 1 : start / -step + 1
      starts.append(start)
      steps.append(step)
      result.append(g.integer(1...longest))
    }
    return SingleNode(.slice(starts: starts, steps: steps), [x], outputShape: result)
  }
}
