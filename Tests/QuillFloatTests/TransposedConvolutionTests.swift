import QuillFloat
import TestSupport
import Testing

/// A transposed convolution taken apart gives what its definition gives: every element of the input, times the kernel,
/// added at its place in the result.
@Suite struct TransposedConvolutionTests {
  struct Case: CustomTestStringConvertible {
    var input: [Int], kernel: [Int], strides: [Int], dilation = 1, before: [Int], output: [Int]

    var testDescription: String { "\(input) by \(kernel), stride \(strides), from \(before) to \(output)" }
  }

  @Test(arguments: [
    // PyTorch's and Keras's usual ones: twice the size by kernels of 2, 3, 4 and 5.
    Case(input: [4, 5], kernel: [2, 2], strides: [2, 2], before: [0, 0], output: [8, 10]),
    Case(input: [4, 5], kernel: [3, 3], strides: [2, 2], before: [0, 0], output: [8, 10]),
    Case(input: [4, 5], kernel: [3, 3], strides: [2, 2], before: [1, 1], output: [8, 10]),
    Case(input: [4, 5], kernel: [4, 4], strides: [2, 2], before: [1, 1], output: [8, 10]),
    Case(input: [4, 5], kernel: [5, 5], strides: [2, 2], before: [1, 1], output: [8, 10]),
    // All of the result, more than all, and part of it.
    Case(input: [3, 3], kernel: [3, 4], strides: [2, 3], before: [0, 0], output: [7, 10]),
    Case(input: [3, 3], kernel: [3, 4], strides: [2, 3], before: [0, 0], output: [8, 12]),
    Case(input: [6, 6], kernel: [3, 3], strides: [2, 2], before: [2, 1], output: [5, 4]),
    // No stride, a kernel smaller than the stride, a dilated one, one row.
    Case(input: [5, 5], kernel: [3, 3], strides: [1, 1], before: [1, 1], output: [5, 5]),
    Case(input: [3, 2], kernel: [1, 2], strides: [3, 3], before: [0, 0], output: [7, 6]),
    Case(input: [4, 4], kernel: [3, 3], strides: [2, 1], dilation: 2, before: [1, 2], output: [9, 6]),
    Case(input: [1, 6], kernel: [1, 4], strides: [1, 2], before: [0, 1], output: [1, 12]),
  ])
  func equalsItsDefinition(_ test: Case) throws {
    let (inputs, outputs) = (3, 2)
    var random = SeededGenerator(seed: 11)
    func values(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: -1...1, using: &random) } }
    let shape = [1, test.input[0], test.input[1], inputs]
    let kernelShape = [outputs, test.kernel[0], test.kernel[1], inputs]
    let (image, kernel, bias) = (values(shape.product), values(kernelShape.product), values(outputs))
    let axes = try (0..<2).map { axis in
      try #require(
        TransposedConvolution.Axis(
          input: test.input[axis], output: test.output[axis], kernel: test.kernel[axis], stride: test.strides[axis],
          dilation: test.dilation, before: test.before[axis]))
    }
    let plan = TransposedConvolution(rows: axes[0], columns: axes[1], kernelShape: kernelShape)
    var builder = GraphBuilder(name: "apart")
    let input = try builder.input("x", shape: shape)
    var parts: [Graph.TensorID] = []
    for part in 0..<plan.partCount {
      let weights = try builder.constant(
        "w\(part)", shape: plan.weightShape(part), plan.weights(part, of: kernel, zero: 0))
      let biases = plan.perChannel(bias)
      let added = try builder.constant("b\(part)", shape: [biases.count], biases)
      parts.append(
        try builder.append(.conv2D(plan.convolution(part)), [input, weights, added], name: "rows\(part)"))
      #expect(builder.graph[parts[part]].shape == plan.partShape)
    }
    let result = try plan.assembled(parts) { operation, inputs, shape throws(GraphError) in
      try builder.append(operation, inputs, name: "y", outputShape: shape)
    }
    builder.output(result)
    let answer = try FloatEngine(try builder.finish()).run([FloatTensor(shape: shape, values: image)])[0]
    #expect(answer.shape == [1, test.output[0], test.output[1], outputs])
    let expected = Self.scattered(image, kernel, bias, test, inputs: inputs, outputs: outputs)
    for (found, wanted) in zip(answer.values, expected) { #expect(abs(found - wanted) < 1e-5) }
  }

  private static func scattered(
    _ image: [Float], _ kernel: [Float], _ bias: [Float], _ test: Case, inputs: Int, outputs: Int
  ) -> [Float] {
    let (height, width) = (test.output[0], test.output[1])
    var result = (0..<height * width * outputs).map { bias[$0 % outputs] }
    for place in 0..<test.input[0] * test.input[1] * test.kernel[0] * test.kernel[1] {
      let (pixel, tap) = place.quotientAndRemainder(dividingBy: test.kernel[0] * test.kernel[1])
      let (y, x) = pixel.quotientAndRemainder(dividingBy: test.input[1])
      let (row, column) = tap.quotientAndRemainder(dividingBy: test.kernel[1])
      let targetRow = y * test.strides[0] + row * test.dilation - test.before[0]
      let targetColumn = x * test.strides[1] + column * test.dilation - test.before[1]
      guard (0..<height).contains(targetRow), (0..<width).contains(targetColumn) else { continue }
      for output in 0..<outputs {
        for channel in 0..<inputs {
          result[(targetRow * width + targetColumn) * outputs + output] +=
            image[pixel * inputs + channel]
            * kernel[((output * test.kernel[0] + row) * test.kernel[1] + column) * inputs + channel]
        }
      }
    }
    return result
  }

  @Test func doublingTakesNoMoreTapsThanItMust() throws {
    let axis = try #require(
      TransposedConvolution.Axis(input: 7, output: 14, kernel: 3, stride: 2, dilation: 1, before: 0))
    let plan = TransposedConvolution(rows: axis, columns: axis, kernelShape: [8, 3, 3, 16])
    #expect((0..<plan.partCount).map(plan.weightShape) == [[16, 2, 2, 16], [16, 1, 2, 16]])
    #expect(plan.partShape == [1, 7, 7, 16])
  }

  @Test(arguments: [(0, 2), (17, 2), (2, 0)]) func absurdSizesAreRefused(stride: Int, kernel: Int) {
    #expect(
      TransposedConvolution.Axis(input: 4, output: 8, kernel: kernel, stride: stride, dilation: 1, before: 0) == nil)
  }
}
