import QuillFloat
import Testing

/// Shapes of every operation, and what each refuses.
struct ShapeRuleTests {
  typealias Op = QuillFloat.Operation

  private static let image = [1, 8, 8, 4]
  private static let pool = Op.Pooling(windowHeight: 2, windowWidth: 2, strideHeight: 2, strideWidth: 2)

  private static func padded(_ top: Int, _ bottom: Int) -> Op.Padding {
    .init(top: top, left: 0, bottom: bottom, right: 0)
  }

  static let accepted: [(Op, [[Int]], [Int]?, [Int])] = [
    (.conv2D(.init()), [image, [6, 3, 3, 4]], nil, [1, 6, 6, 6]),
    (
      .conv2D(.init(strideHeight: 2, dilationWidth: 2, padding: padded(1, 0))), [image, [6, 3, 3, 4], [6]], nil,
      [1, 4, 4, 6]
    ),
    (.conv2D(.init(groups: 2)), [image, [6, 8, 8, 2]], nil, [1, 1, 1, 6]),
    (.depthwiseConv2D(.init(groups: 4)), [image, [1, 3, 3, 8], [8]], nil, [1, 6, 6, 8]),
    (.fullyConnected(.none), [[4], [3, 4]], nil, [3]),
    (.fullyConnected(.none), [[2, 5, 4], [3, 4], [3]], nil, [2, 5, 3]),
    (.matrixMultiply, [[7, 1, 2, 3], [5, 3, 4]], nil, [7, 5, 2, 4]),
    (.maxPool2D(pool), [[1, 7, 7, 4]], nil, [1, 3, 3, 4]),
    (.averagePool2D(pool, countsPadding: true), [image], nil, [1, 4, 4, 4]),
    (.mean(axes: [2, 1], keepsAxes: false), [image], nil, [1, 4]),
    (.sum(axes: [1], keepsAxes: true), [image], nil, [1, 1, 8, 4]),
    (.sum(axes: [], keepsAxes: false), [[]], nil, []),
    (.normalize(axes: [3, 1], centers: true, epsilon: 0), [image], nil, image),
    (.batchNormalization(epsilon: 0), [image, [4], [4], [4], [4]], nil, image),
    (.binary(.add, .none), [[3, 1], [2]], nil, [3, 2]),
    (.unary(.clip(low: -.infinity, high: .infinity)), [[3]], nil, [3]),
    (.softmax(axis: 0), [[3]], nil, [3]),
    (.pad(before: [0, 1], after: [2, 0], value: -.infinity), [[3, 4]], nil, [5, 5]),
    (.reshape, [[3, 4]], [2, 6], [2, 6]),
    (.transpose(permutation: [1, 0]), [[3, 4]], nil, [4, 3]),
    (.concatenate(axis: 1), [[3, 4], [3, 1]], nil, [3, 5]),
    (.slice(starts: [2], steps: [-1]), [[3]], [3], [3]),
    (.resizeNearest(.init(alignsCorners: false, halfPixelCenters: false)), [image], [1, 3, 9, 4], [1, 3, 9, 4]),
  ]

  @Test(arguments: accepted.indices)
  func infers(index: Int) throws {
    let (operation, inputs, declared, expected) = Self.accepted[index]
    #expect(try operation.outputShape(of: inputs, declared: declared) == expected)
  }

  static let refused: [(Op, [[Int]], [Int]?, GraphError.Problem)] = [
    (.conv2D(.init()), [image], nil, .operandCount(found: 1, expected: 2...3)),
    (.conv2D(.init()), [[8, 8, 4], [6, 3, 3, 4]], nil, .rank(.input, shape: [8, 8, 4], expected: 4)),
    (.conv2D(.init()), [image, [6, 3, 3]], nil, .rank(.weights, shape: [6, 3, 3], expected: 4)),
    (.conv2D(.init()), [image, [6, 3, 3, 5]], nil, .extent(.weights, axis: 3, found: 5, expected: 4)),
    (.conv2D(.init()), [image, [6, 3, 3, 4], [5]], nil, .extent(.bias, axis: 0, found: 5, expected: 6)),
    (.conv2D(.init()), [image, [6, 3, 3, 0]], nil, .emptyAxis(axis: 3, found: 0)),
    (.conv2D(.init(groups: 3)), [image, [6, 3, 3, 4]], nil, .groups(3, inputChannels: 4, outputChannels: 6)),
    (.conv2D(.init(groups: 0)), [image, [6, 3, 3, 4]], nil, .tooSmall(.groups, found: 0, minimum: 1)),
    (.conv2D(.init(strideWidth: 0)), [image, [6, 3, 3, 4]], nil, .tooSmall(.strideWidth, found: 0, minimum: 1)),
    (
      .conv2D(.init(dilationHeight: .max)), [image, [6, 3, 3, 4]], nil,
      .tooLarge(.dilationHeight, found: .max, maximum: 1 << 30)
    ),
    (.conv2D(.init(dilationHeight: 4)), [image, [6, 3, 3, 4]], nil, .window(.height, extent: 9, available: 8)),
    (
      .conv2D(.init(padding: padded(-1, 0))), [image, [6, 3, 3, 4]], nil, .tooSmall(.paddingTop, found: -1, minimum: 0)
    ),
    (
      .conv2D(.init(padding: padded(1 << 30, 0))), [image, [6, 3, 3, 4]], nil,
      .tooManyElements(shape: [1, 8 + (1 << 30), 8, 6], maximum: 1 << 28)
    ),
    (
      .depthwiseConv2D(.init(groups: 4)), [image, [1, 3, 3, 6]], nil,
      .depthMultiplier(inputChannels: 4, outputChannels: 6)
    ),
    (.depthwiseConv2D(.init(groups: 1)), [image, [1, 3, 3, 4]], nil, .groups(1, inputChannels: 4, outputChannels: 4)),
    (
      .depthwiseConv2D(.init(groups: 4)), [image, [2, 3, 3, 4]], nil, .extent(.weights, axis: 0, found: 2, expected: 1)
    ),
    (.fullyConnected(.none), [[], [3, 4]], nil, .rankTooLow(.input, shape: [], minimum: 1)),
    (.fullyConnected(.none), [[5], [3, 4]], nil, .extent(.weights, axis: 1, found: 4, expected: 5)),
    (.matrixMultiply, [[3], [3, 4]], nil, .rankTooLow(.left, shape: [3], minimum: 2)),
    (.matrixMultiply, [[2, 3], [4, 5]], nil, .extent(.right, axis: 0, found: 4, expected: 3)),
    (.matrixMultiply, [[2, 1, 3], [3, 3, 5]], nil, .broadcast([2, 1, 3], [3, 3, 5])),
    (
      .matrixMultiply, [[1 << 20, 1], [1, 1 << 20]], nil,
      .tooManyElements(shape: [1 << 20, 1 << 20], maximum: 1 << 28)
    ),
    (
      .maxPool2D(.init(windowHeight: 2, windowWidth: 2, strideHeight: 1, strideWidth: 1, padding: padded(0, 2))),
      [image], nil, .emptyWindow(.paddingBottom, found: 2, window: 2)
    ),
    (.maxPool2D(pool), [[1, 1, 8, 4]], nil, .window(.height, extent: 2, available: 1)),
    (.mean(axes: [4], keepsAxes: false), [image], nil, .axis(4, rank: 4)),
    (.mean(axes: [-1], keepsAxes: false), [image], nil, .axis(-1, rank: 4)),
    (.mean(axes: [1, 1], keepsAxes: false), [image], nil, .repeatedAxis(1)),
    (.normalize(axes: [4], centers: true, epsilon: 0), [image], nil, .axis(4, rank: 4)),
    (.normalize(axes: [3], centers: true, epsilon: -1), [image], nil, .negativeParameter(.epsilon, -1)),
    (.batchNormalization(epsilon: -1), [image, [4], [4], [4], [4]], nil, .negativeParameter(.epsilon, -1)),
    (
      .batchNormalization(epsilon: 0), [image, [4], [4], [3], [4]], nil, .extent(.mean, axis: 0, found: 3, expected: 4)
    ),
    (.unary(.elu(alpha: .nan)), [[3]], nil, .nonFiniteParameter(.alpha, .nan)),
    (.unary(.clip(low: .nan, high: 1)), [[3]], nil, .nonFiniteParameter(.low, .nan)),
    (.softmax(axis: 0), [[]], nil, .axis(0, rank: 0)),
    (.pad(before: [0], after: [0, 0], value: 0), [[3, 4]], nil, .listCount(.before, found: 1, expected: 2)),
    (.pad(before: [0, -1], after: [0, 0], value: 0), [[3, 4]], nil, .tooSmall(.before, found: -1, minimum: 0)),
    (.reshape, [[3, 4]], nil, .undeclaredShape),
    (.reshape, [[3, 4]], [5], .elementCount([3, 4], [5])),
    (.reshape, [[3, 4]], [12, 0], .emptyAxis(axis: 1, found: 0)),
    (.transpose(permutation: [0, 2]), [[3, 4]], nil, .permutation([0, 2])),
    (.concatenate(axis: 0), [[3, 4], [3, 5]], nil, .extent(.operand(1), axis: 1, found: 5, expected: 4)),
    (.concatenate(axis: 0), [], nil, .operandCount(found: 0, expected: 1...Int.max)),
    (.slice(starts: [1], steps: [2]), [[4]], [3], .slice(axis: 0, first: 1, last: 5, extent: 4)),
    (.slice(starts: [0], steps: [.min]), [[4]], [3], .tooLarge(.steps, found: .max, maximum: 1 << 30)),
    (.slice(starts: [0], steps: [0]), [[4]], [3], .tooSmall(.steps, found: 0, minimum: 1)),
    (
      .resizeNearest(.init(alignsCorners: false, halfPixelCenters: false)), [image], [1, 3, 9, 5],
      .extent(.output, axis: 3, found: 5, expected: 4)
    ),
  ]

  @Test(arguments: refused.indices)
  func refuses(index: Int) {
    let (operation, inputs, declared, problem) = Self.refused[index]
    let error = #expect(throws: GraphError.self) {
      try operation.outputShape(of: inputs, declared: declared)
    }
    #expect(error == GraphError(at: .operation(operation.name), problem))
  }
}
