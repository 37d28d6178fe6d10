import QuillFloat

/// `RESIZE_BILINEAR` of float networks.
extension TensorFlowLiteEmitter {
  mutating func resizedBilinearly(
    _ input: Graph.TensorID, _ options: Operation.ResizeNearest, _ geometry: TensorFlowLiteGeometry
  ) throws(ImportError) -> Graph.TensorID {
    let (from, to) = (shape(input), try geometry.resized())
    func axis(_ axis: Int) -> LinearResize.Axis? {
      LinearResize.Axis(
        source: from[axis], target: to[axis], alignsCorners: options.alignsCorners,
        halfPixelCenters: options.halfPixelCenters)
    }
    guard let rows = axis(1), let columns = axis(2) else { throw .tensorFlowLite(place, .badShape(to)) }
    let resize = LinearResize(rows: rows, columns: columns)
    var weights: [Graph.TensorID] = []
    for (index, product) in resize.products.enumerated() {
      weights.append(try constant("/weights\(index)", shape: [product.target, product.source], product.weights))
    }
    if weights.isEmpty { return try node(.reshape, [input], shape: to) }
    return try resize.assembled(input, channels: from[3], weights: weights) {
      operation, inputs, shape throws(ImportError) in
      try node(operation, inputs, shape: shape)
    }
  }
}
