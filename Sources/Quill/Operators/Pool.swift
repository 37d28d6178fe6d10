/// Parameters of MaxPool2D and AveragePool2D: input `[H, W, C]`, output `[OH, OW, C]`, scale and zero point unchanged.
/// Taps outside the image count for nothing.
public struct Pool: Sendable, OperatorParameters {
  /// The window's rows, 1...4096.
  public var windowHeight: UInt16 = 1
  /// The window's columns, 1...4096.
  public var windowWidth: UInt16 = 1
  /// Rows from a window to the one below, 1...4096.
  public var strideHeight: UInt16 = 1
  /// Columns from a window to the one beside, 1...4096.
  public var strideWidth: UInt16 = 1
  /// Rows of padding above the image, fewer than the window has.
  public var padTop: UInt16 = 0
  /// Columns of padding before the image, fewer than the window has.
  public var padLeft: UInt16 = 0
  /// What the output is limited to.
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
  func rows(_ y: Int, of height: Int) -> Range<Int> {
    let first = y * Int(strideHeight) - Int(padTop)
    return max(0, first)..<min(height, first + Int(windowHeight))
  }

  /// Columns of the image that the window of an output column covers.
  func columns(_ x: Int, of width: Int) -> Range<Int> {
    let first = x * Int(strideWidth) - Int(padLeft)
    return max(0, first)..<min(width, first + Int(windowWidth))
  }
}
