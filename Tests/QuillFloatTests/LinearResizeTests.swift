import QuillFloat
import Testing

/// Bilinear resizing as two products, against values worked out by hand.
@Suite struct LinearResizeTests {
  private func resized(
    _ values: [Float], _ shape: [Int], to target: [Int], alignsCorners: Bool = false, halfPixelCenters: Bool = true
  ) throws -> FloatTensor {
    let axes = try (0..<2).map { axis in
      try #require(
        LinearResize.Axis(
          source: shape[axis + 1], target: target[axis], alignsCorners: alignsCorners,
          halfPixelCenters: halfPixelCenters))
    }
    let resize = LinearResize(rows: axes[0], columns: axes[1])
    var builder = GraphBuilder(name: "resize")
    let input = try builder.input("x", shape: shape)
    var weights: [Graph.TensorID] = []
    for product in resize.products {
      weights.append(try builder.constant("w", shape: [product.target, product.source], product.weights))
    }
    let result = try resize.assembled(input, channels: shape[3], weights: weights) {
      operation, inputs, shape throws(GraphError) in
      try builder.append(operation, inputs, name: "y", outputShape: shape)
    }
    builder.output(result)
    return try FloatEngine(try builder.finish()).run([FloatTensor(shape: shape, values: values)])[0]
  }

  @Test func doublingWithCentresAtOneHalf() throws {
    let answer = try resized([0, 4], [1, 1, 2, 1], to: [1, 4])
    #expect(answer == FloatTensor(shape: [1, 1, 4, 1], values: [0, 1, 3, 4]))
  }

  @Test func doublingWithCornersOnCorners() throws {
    let answer = try resized([0, 3], [1, 2, 1, 1], to: [4, 1], alignsCorners: true, halfPixelCenters: false)
    #expect(answer == FloatTensor(shape: [1, 4, 1, 1], values: [0, 1, 2, 3]))
  }

  @Test func doublingFromTheFirstElement() throws {
    let answer = try resized([0, 4], [1, 1, 2, 1], to: [1, 4], halfPixelCenters: false)
    #expect(answer == FloatTensor(shape: [1, 1, 4, 1], values: [0, 2, 4, 4]))
  }

  @Test func bothAxesAndChannels() throws {
    let answer = try resized([0, 10, 8, 18, 16, 26, 24, 34], [1, 2, 2, 2], to: [1, 3])
    let expected: [Float] = [8, 18, 12, 22, 16, 26]
    #expect(answer.shape == [1, 1, 3, 2])
    for (found, wanted) in zip(answer.values, expected) { #expect(abs(found - wanted) < 1e-5) }
  }

  @Test func anAxisThatStaysTakesNoProduct() throws {
    let rows = try #require(LinearResize.Axis(source: 3, target: 3, alignsCorners: false, halfPixelCenters: true))
    let columns = try #require(LinearResize.Axis(source: 3, target: 6, alignsCorners: false, halfPixelCenters: true))
    #expect(LinearResize(rows: rows, columns: columns).products == [columns])
    #expect(LinearResize(rows: rows, columns: rows).products.isEmpty)
  }
}
