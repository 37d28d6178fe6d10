import QuillFloat

/// Pools over NCHW images.
extension Importer {
  /// Windows of this many taps at most are taken apart where the taps are dilated.
  private static let maximumTapCount = 256

  mutating func lowerPool(_ known: ONNXOperator) throws(ONNXError) {
    if isRead(output: 1) { throw fail(.unsupportedOutput(1)) }
    try bind(pooled(tensor(0), isMaximum: known == .maxPool))
  }

  /// The mean over the windows that the node's attributes say, of an NCHW image.
  mutating func averagePool(of input: Graph.TensorID) throws(ONNXError) -> Graph.TensorID {
    try pooled(input, isMaximum: false)
  }

  private mutating func pooled(_ input: Graph.TensorID, isMaximum: Bool) throws(ONNXError) -> Graph.TensorID {
    if isSequence(input) {
      return try asImage(input) { (importer, image) throws(ONNXError) in
        try importer.pooled(image, isMaximum: isMaximum)
      }
    }
    guard graph[input].shape.count == 4 else { throw shapeError(0, graph[input].shape, .rank(4...4)) }
    let windows = try windows(
      extents: Array(graph[input].shape[2...]), kernel: kernelShape(), roundsUp: flag("ceil_mode"))
    let countsPadding = isMaximum ? false : try flag("count_include_pad")
    return try onNHWC(input) { (importer, image) throws(ONNXError) -> Graph.TensorID in
      switch (isMaximum, windows.dilations == [1, 1]) {
      case (true, true): return try importer.emit(.maxPool2D(windows.pooling), [image])
      case (true, false): return try importer.dilatedMaxPool(image, windows)
      case (false, true): return try importer.averagePool(image, windows, countsPadding: countsPadding)
      case (false, false):
        return try importer.dilatedAveragePool(image, windows, countsPadding: countsPadding)
      }
    }
  }

  private mutating func averagePool(
    _ image: Graph.TensorID, _ windows: Windows, countsPadding: Bool
  ) throws(ONNXError) -> Graph.TensorID {
    if countsPadding, windows.extra != [0, 0] {
      // The padding counts, but what rounding up adds does not.
      let padded = try pad(image, windows.declaredPadding, value: 0)
      var inner = windows
      (inner.before, inner.after) = ([0, 0], [0, 0])
      return try emit(.averagePool2D(inner.pooling, countsPadding: false), [padded])
    }
    return try emit(.averagePool2D(windows.pooling, countsPadding: countsPadding), [image])
  }

  private mutating func pad(
    _ image: Graph.TensorID, _ padding: Operation.Padding, value: Float
  ) throws(ONNXError) -> Graph.TensorID {
    if padding == .none { return image }
    return try emit(
      .pad(
        before: [0, padding.top, padding.left, 0], after: [0, padding.bottom, padding.right, 0], value: value),
      [image])
  }

  /// The maximum over dilated taps is the maximum of one slice a tap.
  private mutating func dilatedMaxPool(
    _ image: Graph.TensorID, _ windows: Windows
  ) throws(ONNXError) -> Graph.TensorID {
    try expectFewTaps(windows)
    let padded = try pad(image, windows.padding, value: -.greatestFiniteMagnitude)
    let shape = graph[padded].shape
    var largest: Graph.TensorID?
    for row in 0..<windows.kernel[0] {
      for column in 0..<windows.kernel[1] {
        let tap = try emit(
          .slice(
            starts: [0, row * windows.dilations[0], column * windows.dilations[1], 0],
            steps: [1, windows.strides[0], windows.strides[1], 1]),
          [padded], shape: [shape[0], windows.counts[0], windows.counts[1], shape[3]])
        if let sofar = largest {
          largest = try emit(.binary(.maximum, .none), [sofar, tap])
        } else {
          largest = tap
        }
      }
    }
    return largest ?? padded
  }

  /// The mean over dilated taps is a depthwise convolution with ones, divided by how many taps count.
  private mutating func dilatedAveragePool(
    _ image: Graph.TensorID, _ windows: Windows, countsPadding: Bool
  ) throws(ONNXError) -> Graph.TensorID {
    try expectFewTaps(windows)
    try reserve(windows.counts)
    let shape = graph[image].shape
    let channels = shape[3]
    let counts = (0..<2).map { axis in
      (0..<windows.counts[axis]).map { window in
        windows.taps(axis, window, extent: shape[axis + 1], countsPadding: countsPadding)
      }
    }
    guard !counts.joined().contains(0) else { throw fail(.attributeValue("pads", found: [])) }
    try reserve([windows.kernel[0], windows.kernel[1], channels])
    let weightShape = [1, windows.kernel[0], windows.kernel[1], channels]
    let ones = try constantTensor("weights", shape: weightShape, [Float](repeating: 1, count: weightShape.product))
    let convolution = Operation.Convolution(
      strideHeight: windows.strides[0], strideWidth: windows.strides[1],
      dilationHeight: windows.dilations[0], dilationWidth: windows.dilations[1],
      padding: windows.padding, groups: channels)
    let sums = try emit(channels == 1 ? .conv2D(convolution) : .depthwiseConv2D(convolution), [image, ones])
    let divisors = counts[0].flatMap { rows in counts[1].map { Float(rows * $0) } }
    let divisor = try constantTensor("taps", shape: [1, windows.counts[0], windows.counts[1], 1], divisors)
    return try emit(.binary(.divide, .none), [sums, divisor])
  }

  private func expectFewTaps(_ windows: Windows) throws(ONNXError) {
    guard windows.kernel[0] * windows.kernel[1] <= Self.maximumTapCount else {
      throw fail(.tooMany(part: .windowTaps, maximum: Self.maximumTapCount))
    }
  }

  mutating func lowerGlobalPool(_ known: ONNXOperator) throws(ONNXError) {
    let input = try tensor(0)
    let shape = graph[input].shape
    guard shape.count >= 3 else { throw shapeError(0, shape, .rank(3...64)) }
    if known == .globalAveragePool {
      try bind(emit(.mean(axes: Array(2..<shape.count), keepsAxes: true), [input]))
    } else {
      try bind(maximum(of: input, axes: Array(2..<shape.count), keepsAxes: true))
    }
  }
}

extension Importer.Windows {
  /// The pool with these windows, whose taps must be neighbours.
  var pooling: Operation.Pooling {
    Operation.Pooling(
      windowHeight: kernel[0], windowWidth: kernel[1], strideHeight: strides[0], strideWidth: strides[1],
      padding: padding)
  }

  /// How many taps of a window count along an axis: those on the image and, where asked, on the file's padding.
  func taps(_ axis: Int, _ window: Int, extent: Int, countsPadding: Bool) -> Int {
    let counted = countsPadding ? -before[axis]..<(extent + after[axis]) : 0..<extent
    let start = window * strides[axis] - before[axis]
    return (0..<kernel[axis]).count { counted.contains(start + $0 * dilations[axis]) }
  }
}
