/// Maximum or mean over windows. A mean adds the window's elements in row-major order and divides once.
struct PoolStep: Sendable {
  /// What becomes of a window.
  enum Kind: Sendable {
    case maximum
    case average(countsPadding: Bool)
  }

  private let input: Graph.TensorID
  private let output: Graph.TensorID
  private let image: [Int]
  private let result: [Int]
  private let pooling: Operation.Pooling
  private let kind: Kind

  /// A step for `maxPool2D` or `averagePool2D`.
  init(_ operands: StepOperands, _ pooling: Operation.Pooling, _ kind: Kind) {
    input = operands.input(0)
    output = operands.output
    image = operands.shape(0)
    result = operands.outputShape
    self.pooling = pooling
    self.kind = kind
  }

  /// Computes the result.
  func run(_ memory: EngineMemory) {
    let channelCount = image[3]
    var target = memory[output]
    for index in 0..<result[0] {
      let source = UnsafePointer(memory[input] + index * image[1] * image[2] * channelCount)
      for row in 0..<result[1] {
        let rows = taps(row, pooling.strideHeight, pooling.padding.top, pooling.windowHeight, image[1])
        for column in 0..<result[2] {
          let columns = taps(column, pooling.strideWidth, pooling.padding.left, pooling.windowWidth, image[2])
          pool(source, rows, columns, target)
          target += channelCount
        }
      }
    }
  }

  /// The positions of a window that lie within the image; at least one, as validation proved.
  private func taps(_ index: Int, _ stride: Int, _ padding: Int, _ window: Int, _ extent: Int) -> Range<Int> {
    let first = index * stride - padding
    return max(first, 0)..<min(first + window, extent)
  }

  private func pool(
    _ source: UnsafePointer<Float>, _ rows: Range<Int>, _ columns: Range<Int>, _ target: UnsafeMutablePointer<Float>
  ) {
    let channelCount = image[3]
    switch kind {
    case .maximum:
      target.update(repeating: -.infinity, count: channelCount)
      eachTap(source, rows, columns) { values in
        for channel in 0..<channelCount {
          target[channel] = values[channel] > target[channel] ? values[channel] : target[channel]
        }
      }
    case .average(let countsPadding):
      target.update(repeating: 0, count: channelCount)
      eachTap(source, rows, columns) { values in
        for channel in 0..<channelCount { target[channel] += values[channel] }
      }
      let count = countsPadding ? pooling.windowHeight * pooling.windowWidth : rows.count * columns.count
      for channel in 0..<channelCount { target[channel] /= Float(count) }
    }
  }

  @inline(__always)
  private func eachTap(
    _ source: UnsafePointer<Float>, _ rows: Range<Int>, _ columns: Range<Int>, _ body: (UnsafePointer<Float>) -> Void
  ) {
    for row in rows {
      for column in columns { body(source + (row * image[2] + column) * image[3]) }
    }
  }
}
