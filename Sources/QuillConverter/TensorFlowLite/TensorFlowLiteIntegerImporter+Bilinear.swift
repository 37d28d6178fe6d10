import QuillFloat

/// Int8 `RESIZE_BILINEAR`, to the byte.
extension TensorFlowLiteIntegerImporter {
  /// The reference kernel sums bytes, not their distances from the zero point, and rounds the sum's quotient by a power
  /// of two away from zero. Depthwise convolutions of tensors whose zero point is 0 do that where the weights fit: twice
  /// the weights for half the scale, since the first of the two steps that divide a sum must not round.
  mutating func bilinear(
    _ input: Int, _ options: Operation.ResizeNearest, _ geometry: TensorFlowLiteGeometry,
    like result: QuantizedGraph.Tensor
  ) throws(ImportError) -> Int {
    let target = try geometry.resized()
    // One row or column is the same everywhere.
    let inner = [1, 2].map { geometry.input[$0] == 1 ? 1 : target[$0] }
    guard let rows = BilinearAxis(source: geometry.input[1], target: inner[0], options),
      let columns = BilinearAxis(source: geometry.input[2], target: inner[1], options),
      let convolutions = Self.convolutions(rows, columns, channels: geometry.input[3])
    else {
      throw .tensorFlowLite(
        geometry.place,
        .unsupportedOption(
          "size", found: "\(geometry.input[1]) x \(geometry.input[2]) to \(target[1]) x \(target[2])",
          expected: "2 or 4 times, whose weights int8 holds; give the float network instead, which may ask for any"))
    }
    var bytes = graph.tensors[input]
    bytes.zeroPoint = 0
    var image = relabelled(input, like: bytes)
    image = withCopiedEdges(image, axis: 1, (rows.before, rows.after), like: bytes)
    image = withCopiedEdges(image, axis: 2, (columns.before, columns.after), like: bytes)
    var lines: [Int] = []
    let channels = geometry.input[3]
    let line = columns.count * columns.phases.count * channels
    for row in convolutions {
      var parts: [Int] = []
      for convolution in row {
        parts.append(emit(convolution, [image], like: bytes, shape: [1, rows.count, columns.count, channels]))
      }
      lines.append(reshaped(joined(parts, axis: 3, like: bytes), [1, rows.count, 1, line]))
    }
    let whole = [1, rows.count * rows.phases.count, columns.count * columns.phases.count, channels]
    var resized = reshaped(joined(lines, axis: 2, like: bytes), whole)
    let wanted = [1, inner[0], inner[1], channels]
    if whole != wanted {
      resized = emit(.slice(starts: [0, 0, 0, 0], steps: [1, 1, 1, 1]), [resized], like: bytes, shape: wanted)
    }
    if wanted != target {
      resized = emit(
        .resizeNearest(.init(alignsCorners: false, halfPixelCenters: false)), [resized], like: bytes, shape: target)
    }
    return relabelled(resized, like: result)
  }

  /// A convolution for each place of rows and columns; nil where a weight leaves int8.
  private static func convolutions(
    _ rows: BilinearAxis, _ columns: BilinearAxis, channels: Int
  ) -> [[QuantizedOperation]]? {
    let convolution = Operation.Convolution(
      strideHeight: rows.stride, strideWidth: columns.stride, groups: channels)
    var result: [[QuantizedOperation]] = []
    for row in rows.phases.indices {
      var line: [QuantizedOperation] = []
      for column in columns.phases.indices {
        let taps = columns.weights(column)
        let products = rows.weights(row).flatMap { above in taps.map { above * $0 } }
        let zeros = products.reduce(62) { min($0, $1 == 0 ? 62 : $1.trailingZeroBitCount) }
        let values = products.compactMap { Int8(exactly: 2 * ($0 >> zeros)) }
        guard values.count == products.count, channels <= 1 << 20 / products.count else { return nil }
        let weights = QuantizedWeights(
          values: values.flatMap { [Int8](repeating: $0, count: channels) },
          shape: [1, rows.window, columns.window, channels],
          scales: [1 / Float(1 << (rows.bits + columns.bits + 1 - zeros))], bias: nil)
        line.append(.depthwiseConv2D(convolution, weights))
      }
      result.append(line)
    }
    return result
  }

  /// The image with copies of its first and last row or column beside it.
  private mutating func withCopiedEdges(
    _ image: Int, axis: Int, _ counts: (before: Int, after: Int), like tensor: QuantizedGraph.Tensor
  ) -> Int {
    if counts == (0, 0) { return image }
    let shape = graph.tensors[image].shape
    func copies(_ count: Int, of place: Int) -> [Int] {
      guard count > 0 else { return [] }
      var (starts, extents) = (shape.map { _ in 0 }, shape)
      (starts[axis], extents[axis]) = (place, 1)
      let edge = emit(.slice(starts: starts, steps: shape.map { _ in 1 }), [image], like: tensor, shape: extents)
      return [Int](repeating: edge, count: count)
    }
    let parts = copies(counts.before, of: 0) + [image] + copies(counts.after, of: shape[axis] - 1)
    return joined(parts, axis: axis, like: tensor)
  }
}
