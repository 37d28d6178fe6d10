/// Reshape: the same values in the same order under other extents.
package enum Reshape {
  package static func check(_ scope: OperatorScope) throws(ModelError) {
    try scope.expectSameQuantization(scope.operands[0])
    try scope.expect("output values", scope.output.count, equals: scope.input.count)
  }

  /// Copies value by value in row-major order, from and to images with or without halo.
  package static func run(
    inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>, output: inout MutableSpan<Int8>
  ) {
    let inputRow = inputLayout.width * inputLayout.channels
    let outputRow = outputLayout.width * outputLayout.channels
    var row = 0
    var column = 0
    for y in 0..<outputLayout.height {
      for index in 0..<outputRow {
        output[y * outputLayout.rowPitch + index] = input[row * inputLayout.rowPitch + column]
        column += 1
        if column == inputRow {
          column = 0
          row += 1
        }
      }
    }
  }
}
