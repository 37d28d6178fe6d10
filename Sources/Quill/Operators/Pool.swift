/// Parameters of MaxPool2D and AveragePool2D: input `[H, W, C]`, output `[OH, OW, C]`, scale and zero point unchanged.
/// Taps outside the image count for nothing.
public struct Pool: Sendable, OperatorParameters {
  public var windowHeight: UInt16 = 1
  public var windowWidth: UInt16 = 1
  public var strideHeight: UInt16 = 1
  public var strideWidth: UInt16 = 1
  public var padTop: UInt16 = 0
  public var padLeft: UInt16 = 0
  public var range = OutputRange.all

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&windowHeight, "window height", 1...4096)
    try coder.field(&windowWidth, "window width", 1...4096)
    try coder.field(&strideHeight, "stride height", 1...4096)
    try coder.field(&strideWidth, "stride width", 1...4096)
    try coder.field(&padTop, "padding above", 0...4095)
    try coder.field(&padLeft, "padding to the left", 0...4095)
    try range.transfer(&coder)
  }

  /// Every window holds at least one value of the image.
  package func check(_ scope: OperatorScope) throws(ModelError) {
    let input = scope.input
    let output = scope.output
    try scope.expectSameQuantization(scope.operands[0])
    try scope.expect("output channels", Int(output.channels), equals: Int(input.channels))
    if padTop >= windowHeight || padLeft >= windowWidth {
      throw scope.failure(.extent("padding", found: Int64(max(padTop, padLeft)), expected: 0))
    }
    let lastRow = (Int(output.height) - 1) * Int(strideHeight) - Int(padTop)
    let lastColumn = (Int(output.width) - 1) * Int(strideWidth) - Int(padLeft)
    if lastRow >= Int(input.height) {
      throw scope.failure(.extent("last window's row", found: Int64(lastRow), expected: Int64(input.height) - 1))
    }
    if lastColumn >= Int(input.width) {
      throw scope.failure(.extent("last window's column", found: Int64(lastColumn), expected: Int64(input.width) - 1))
    }
  }

  /// Rows of the image that the window of an output row covers.
  fileprivate func rows(_ y: Int, of height: Int) -> Range<Int> {
    let first = y * Int(strideHeight) - Int(padTop)
    return max(0, first)..<min(height, first + Int(windowHeight))
  }

  /// Columns of the image that the window of an output column covers.
  fileprivate func columns(_ x: Int, of width: Int) -> Range<Int> {
    let first = x * Int(strideWidth) - Int(padLeft)
    return max(0, first)..<min(width, first + Int(windowWidth))
  }
}

/// MaxPool2D in plain Swift: the greatest value of the window that lies in the image.
package enum MaxPool2D {
  package static func run(
    _ pool: Pool, inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>,
    output: inout MutableSpan<Int8>
  ) {
    for y in 0..<outputLayout.height {
      for x in 0..<outputLayout.width {
        for channel in 0..<outputLayout.channels {
          var greatest: Int8 = -128
          for row in pool.rows(y, of: inputLayout.height) {
            for column in pool.columns(x, of: inputLayout.width) {
              greatest = max(
                greatest, input[row &* inputLayout.rowPitch &+ column &* inputLayout.channels &+ channel])
            }
          }
          output[y &* outputLayout.rowPitch &+ x &* outputLayout.channels &+ channel] =
            pool.range.clamp(Int32(greatest))
        }
      }
    }
  }
}

/// AveragePool2D in plain Swift: the mean of the window's values in the image, ties away from zero.
package enum AveragePool2D {
  package static func run(
    _ pool: Pool, inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>,
    output: inout MutableSpan<Int8>
  ) {
    for y in 0..<outputLayout.height {
      for x in 0..<outputLayout.width {
        let rows = pool.rows(y, of: inputLayout.height)
        let columns = pool.columns(x, of: inputLayout.width)
        let count = Int32(rows.count * columns.count)
        for channel in 0..<outputLayout.channels {
          var sum: Int32 = 0
          for row in rows {
            for column in columns {
              sum = sum &+ Int32(input[row &* inputLayout.rowPitch &+ column &* inputLayout.channels &+ channel])
            }
          }
          let mean = sum > 0 ? (sum &+ count / 2) / count : (sum &- count / 2) / count
          output[y &* outputLayout.rowPitch &+ x &* outputLayout.channels &+ channel] = pool.range.clamp(mean)
        }
      }
    }
  }
}
