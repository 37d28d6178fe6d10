import QuillFloat
import Testing

/// Small cases whose results were worked out by hand.
struct HandComputedTests {
  private func image(_ rows: Int, _ columns: Int, _ values: [Float]) -> FloatTensor {
    FloatTensor(shape: [1, rows, columns, 1], values: values)
  }

  @Test func convolvesWithAsymmetricPadding() throws {
    let convolution = QuillFloat.Operation.Convolution(
      padding: .init(top: 0, left: 0, bottom: 1, right: 1), activation: .relu)
    let weights = FloatTensor(shape: [1, 2, 2, 1], values: [1, 10, 100, 1000])
    let bias = FloatTensor(shape: [1], values: [-2043])
    let node = SingleNode(.conv2D(convolution), [image(2, 2, [1, 2, 3, 4]), weights, bias])
    // Sums: 1 + 20 + 300 + 4000, 2 + 400, 3 + 40, 4.
    #expect(try node.run() == image(2, 2, [2278, 0, 0, 0]))
  }

  @Test func convolvesWithDilation() throws {
    let convolution = QuillFloat.Operation.Convolution(dilationHeight: 2, dilationWidth: 2)
    let weights = FloatTensor(shape: [1, 2, 2, 1], values: [1, 10, 100, 1000])
    let node = SingleNode(.conv2D(convolution), [image(3, 3, [1, 0, 2, 0, 9, 0, 3, 0, 4]), weights])
    #expect(try node.run() == image(1, 1, [4321]))
  }

  @Test func convolvesInGroups() throws {
    let pixel = FloatTensor(shape: [1, 1, 1, 4], values: [1, 2, 3, 4])
    let weights = FloatTensor(shape: [2, 1, 1, 2], values: [1, 10, 100, 1000])
    let node = SingleNode(.conv2D(.init(groups: 2)), [pixel, weights])
    #expect(try node.run().values == [21, 4300])
  }

  @Test func multipliesDepth() throws {
    let pixel = FloatTensor(shape: [1, 1, 1, 2], values: [1, 2])
    let weights = FloatTensor(shape: [1, 1, 1, 4], values: [1, 10, 100, 1000])
    #expect(try SingleNode(.depthwiseConv2D(.init(groups: 2)), [pixel, weights]).run().values == [1, 10, 200, 2000])
  }

  /// A ceil-mode pool: the last window hangs over the edge, which the padding expresses.
  @Test func poolsOverTheEdge() throws {
    let pooling = QuillFloat.Operation.Pooling(
      windowHeight: 2, windowWidth: 2, strideHeight: 2, strideWidth: 2,
      padding: .init(top: 0, left: 0, bottom: 1, right: 1))
    let x = image(3, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(try SingleNode(.maxPool2D(pooling), [x]).run() == image(2, 2, [5, 6, 8, 9]))
    let mean = SingleNode(.averagePool2D(pooling, countsPadding: false), [x])
    #expect(try mean.run() == image(2, 2, [3, 4.5, 7.5, 9]))
    let counting = SingleNode(.averagePool2D(pooling, countsPadding: true), [x])
    #expect(try counting.run() == image(2, 2, [3, 2.25, 3.75, 2.25]))
  }

  @Test func maximumIgnoresPadding() throws {
    let pooling = QuillFloat.Operation.Pooling(
      windowHeight: 2, windowWidth: 2, strideHeight: 1, strideWidth: 1,
      padding: .init(top: 1, left: 1, bottom: 0, right: 0))
    #expect(try SingleNode(.maxPool2D(pooling), [image(1, 1, [-5])]).run() == image(1, 1, [-5]))
  }

  @Test func broadcastsScalarsAndRanks() throws {
    let scalar = FloatTensor(shape: [], values: [10])
    let row = FloatTensor(shape: [2], values: [1, 2])
    let column = FloatTensor(shape: [2, 1], values: [10, 20])
    #expect(try SingleNode(.binary(.add, .none), [scalar, scalar]).run() == FloatTensor(shape: [], values: [20]))
    #expect(try SingleNode(.binary(.subtract, .none), [scalar, row]).run().values == [9, 8])
    #expect(
      try SingleNode(.binary(.add, .none), [row, column]).run()
        == FloatTensor(shape: [2, 2], values: [11, 12, 21, 22]))
  }

  @Test func reducesOverNoAxesAndAllAxes() throws {
    let x = FloatTensor(shape: [2, 2], values: [1, 2, 3, 4])
    #expect(try SingleNode(.mean(axes: [], keepsAxes: false), [x]).run() == x)
    #expect(
      try SingleNode(.mean(axes: [0, 1], keepsAxes: false), [x]).run() == FloatTensor(shape: [], values: [2.5]))
    #expect(
      try SingleNode(.sum(axes: [1], keepsAxes: true), [x]).run() == FloatTensor(shape: [2, 1], values: [3, 7]))
  }

  /// The sum is rounded once, at the end.
  @Test func addsInDoublePrecision() throws {
    let x = FloatTensor(shape: [4], values: [1e8, 1, -1e8, 1])
    #expect(try SingleNode(.sum(axes: [0], keepsAxes: false), [x]).run().values == [2])
  }

  @Test func softmaxOfLargeValuesStaysFinite() throws {
    let x = FloatTensor(shape: [1, 2], values: [1000, 1000])
    #expect(try SingleNode(.softmax(axis: 1), [x]).run().values == [0.5, 0.5])
    #expect(try SingleNode(.logSoftmax(axis: 1), [x]).run().values == [-0.6931472, -0.6931472])
  }

  @Test func resizesByEachRule() throws {
    let x = image(1, 3, [1, 2, 3])
    func resized(_ columns: Int, _ alignsCorners: Bool, _ halfPixelCenters: Bool) throws -> [Float] {
      let resize = QuillFloat.Operation.ResizeNearest(
        alignsCorners: alignsCorners, halfPixelCenters: halfPixelCenters)
      return try SingleNode(.resizeNearest(resize), [x], outputShape: [1, 1, columns, 1]).run().values
    }
    #expect(try resized(5, false, false) == [1, 1, 2, 2, 3])
    #expect(try resized(5, true, false) == [1, 2, 2, 3, 3])
    #expect(try resized(2, false, true) == [1, 3])
    #expect(try resized(2, false, false) == [1, 2])
  }

  @Test func slicesBackwards() throws {
    let x = FloatTensor(shape: [4], values: [1, 2, 3, 4])
    #expect(try SingleNode(.slice(starts: [3], steps: [-2]), [x], outputShape: [2]).run().values == [4, 2])
  }

  @Test func boundsKeepNaN() throws {
    let x = FloatTensor(shape: [2], values: [.nan, -1])
    let result = try SingleNode(.unary(.activation(.relu6)), [x]).run().values
    #expect(result[0].isNaN && result[1] == 0)
  }
}
