/// Nearest-neighbour resize: which row and column of the input each of the output takes.
struct ResizeStep: Sendable {
  private let input: Graph.TensorID
  private let output: Graph.TensorID
  private let image: [Int]
  private let rows: [Int]
  private let columns: [Int]

  /// A step for `resizeNearest`.
  init(_ operands: StepOperands, _ resize: Operation.ResizeNearest) {
    input = operands.input(0)
    output = operands.output
    let (image, result) = (operands.shape(0), operands.outputShape)
    self.image = image
    rows = (0..<result[1]).map { Self.source(of: $0, from: image[1], to: result[1], resize) }
    columns = (0..<result[2]).map { Self.source(of: $0, from: image[2], to: result[2], resize) }
  }

  /// The position that an output position takes its element from.
  ///
  /// TensorFlow's `ResizeNearestNeighbor`: `round(i * (from - 1) / (to - 1))` with aligned corners, half away from
  /// zero; `floor((i + 1/2) * from / to)` with half-pixel centres; else `floor(i * from / to)`. In integers, so that
  /// no machine rounds otherwise.
  static func source(of index: Int, from: Int, to: Int, _ resize: Operation.ResizeNearest) -> Int {
    if resize.alignsCorners && to > 1 {
      return min((2 * index * (from - 1) + (to - 1)) / (2 * (to - 1)), from - 1)
    }
    if resize.halfPixelCenters { return min((2 * index + 1) * from / (2 * to), from - 1) }
    return min(index * from / to, from - 1)
  }

  /// Computes the result.
  func run(_ memory: EngineMemory) {
    let (width, channelCount) = (image[2], image[3])
    var target = memory[output]
    for index in 0..<image[0] {
      let source = memory[input] + index * image[1] * width * channelCount
      for row in rows {
        for column in columns {
          target.update(from: source + (row * width + column) * channelCount, count: channelCount)
          target += channelCount
        }
      }
    }
  }
}
