/// Rules of the operations that slide a window over an image.
extension ShapeRule {
  func convolution(_ convolution: Operation.Convolution) throws(GraphError) -> [Int] {
    try expectImageAndWeights()
    let (image, weights, groups) = (inputs[0], inputs[1], convolution.groups)
    try expect(groups, atLeast: 1, .groups)
    guard image[3] % groups == 0, weights[0] % groups == 0 else {
      throw fail(.groups(groups, inputChannels: image[3], outputChannels: weights[0]))
    }
    try expectExtent(image[3] / groups, of: .weights, weights, axis: 3)
    try expectBias(count: weights[0])
    return try windows(convolution, channels: weights[0])
  }

  func depthwiseConvolution(_ convolution: Operation.Convolution) throws(GraphError) -> [Int] {
    try expectImageAndWeights()
    let (image, weights) = (inputs[0], inputs[1])
    try expectExtent(1, of: .weights, weights, axis: 0)
    guard weights[3] % image[3] == 0 else {
      throw fail(.depthMultiplier(inputChannels: image[3], outputChannels: weights[3]))
    }
    guard convolution.groups == image[3] else {
      throw fail(.groups(convolution.groups, inputChannels: image[3], outputChannels: weights[3]))
    }
    try expectBias(count: weights[3])
    return try windows(convolution, channels: weights[3])
  }

  func pool(_ pooling: Operation.Pooling) throws(GraphError) -> [Int] {
    try expectRank(4, of: .input, inputs[0])
    try expect(pooling.windowHeight, atLeast: 1, .windowHeight)
    try expect(pooling.windowWidth, atLeast: 1, .windowWidth)
    try expect(pooling.strideHeight, atLeast: 1, .strideHeight)
    try expect(pooling.strideWidth, atLeast: 1, .strideWidth)
    try expectPadding(pooling.padding)
    let (padding, height, width) = (pooling.padding, pooling.windowHeight, pooling.windowWidth)
    try expect(padding: padding.top, lessThan: height, .paddingTop)
    try expect(padding: padding.bottom, lessThan: height, .paddingBottom)
    try expect(padding: padding.left, lessThan: width, .paddingLeft)
    try expect(padding: padding.right, lessThan: width, .paddingRight)
    let rows = try steps(
      .height, extent: inputs[0][1], padding: padding.top + padding.bottom, window: height,
      stride: pooling.strideHeight)
    let columns = try steps(
      .width, extent: inputs[0][2], padding: padding.left + padding.right, window: width,
      stride: pooling.strideWidth)
    return try expectCountable([inputs[0][0], rows, columns, inputs[0][3]])
  }

  private func expectImageAndWeights() throws(GraphError) {
    try expectRank(4, of: .input, inputs[0])
    try expectRank(4, of: .weights, inputs[1])
  }

  func expectBias(count: Int) throws(GraphError) {
    guard inputs.count > 2 else { return }
    try expectRank(1, of: .bias, inputs[2])
    try expectExtent(count, of: .bias, inputs[2], axis: 0)
  }

  private func expectPadding(_ padding: Operation.Padding) throws(GraphError) {
    try expect(padding.top, atLeast: 0, .paddingTop)
    try expect(padding.left, atLeast: 0, .paddingLeft)
    try expect(padding.bottom, atLeast: 0, .paddingBottom)
    try expect(padding.right, atLeast: 0, .paddingRight)
  }

  private func expect(padding: Int, lessThan window: Int, _ parameter: GraphError.Parameter) throws(GraphError) {
    guard padding < window else { throw fail(.emptyWindow(parameter, found: padding, window: window)) }
  }

  private func windows(_ convolution: Operation.Convolution, channels: Int) throws(GraphError) -> [Int] {
    try expect(convolution.strideHeight, atLeast: 1, .strideHeight)
    try expect(convolution.strideWidth, atLeast: 1, .strideWidth)
    try expect(convolution.dilationHeight, atLeast: 1, .dilationHeight)
    try expect(convolution.dilationWidth, atLeast: 1, .dilationWidth)
    try expectPadding(convolution.padding)
    let (image, weights, padding) = (inputs[0], inputs[1], convolution.padding)
    let rows = try steps(
      .height, extent: image[1], padding: padding.top + padding.bottom, window: weights[1],
      dilation: convolution.dilationHeight, stride: convolution.strideHeight)
    let columns = try steps(
      .width, extent: image[2], padding: padding.left + padding.right, window: weights[2],
      dilation: convolution.dilationWidth, stride: convolution.strideWidth)
    // The padded copy that the engine makes must be countable too.
    _ = try expectCountable([
      image[0], image[1] + padding.top + padding.bottom, image[2] + padding.left + padding.right,
      max(image[3], channels),
    ])
    return try expectCountable([image[0], rows, columns, channels])
  }

  /// How often a window fits along an axis.
  private func steps(
    _ direction: GraphError.Direction, extent: Int, padding: Int, window: Int, dilation: Int = 1, stride: Int
  ) throws(GraphError) -> Int {
    // Both factors are below 2^31, so that the product stays within an Int.
    let reach = (window - 1) * dilation + 1
    let available = extent + padding
    guard reach <= available else { throw fail(.window(direction, extent: reach, available: available)) }
    return (available - reach) / stride + 1
  }
}
