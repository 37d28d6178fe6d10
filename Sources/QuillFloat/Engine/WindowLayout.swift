/// Where the windows of a convolution lie in its input: the offsets of each window and of each tap within one, and the
/// copy that adds zeros around the image where the convolution asks for them.
struct WindowLayout: Sendable {
  /// The copy into scratch memory, or `nil` where the windows lie in the input itself.
  let copy: StridedCopy?

  /// The elements of the copy; 0 without one.
  let copyCount: Int

  /// The offset of each window's first element, in the order of the output's pixels, images first.
  let windowOffsets: [Int]

  /// The offset of each tap from the window's first element, rows first.
  let tapOffsets: [Int]

  /// The layout for an image `[N, H, W, C]`, a kernel of rows and columns, and an output `[N, OH, OW, _]`.
  /// Each channel is repeated `multiplier` times in the copy.
  init(
    image: [Int], kernelHeight: Int, kernelWidth: Int, output: [Int], convolution: Operation.Convolution,
    multiplier: Int = 1
  ) {
    let padding = convolution.padding
    let padded = [
      image[0], image[1] + padding.top + padding.bottom, image[2] + padding.left + padding.right,
      image[3] * multiplier,
    ]
    let strides = padded.rowMajorStrides
    if padding == .none && multiplier == 1 {
      (copy, copyCount) = (nil, 0)
    } else {
      copy = StridedCopy(
        shape: image + [multiplier], sourceStrides: image.rowMajorStrides + [0],
        targetOffset: padding.top * strides[1] + padding.left * strides[2],
        targetStrides: [strides[0], strides[1], strides[2], multiplier, 1])
      copyCount = padded.product
    }
    var windowOffsets: [Int] = []
    windowOffsets.reserveCapacity(output[0] * output[1] * output[2])
    for index in 0..<output[0] {
      for row in 0..<output[1] {
        for column in 0..<output[2] {
          windowOffsets.append(
            index * strides[0] + row * convolution.strideHeight * strides[1]
              + column * convolution.strideWidth * strides[2])
        }
      }
    }
    self.windowOffsets = windowOffsets
    var tapOffsets: [Int] = []
    for row in 0..<kernelHeight {
      for column in 0..<kernelWidth {
        tapOffsets.append(
          row * convolution.dilationHeight * strides[1] + column * convolution.dilationWidth * strides[2])
      }
    }
    self.tapOffsets = tapOffsets
  }

  /// The image that the windows lie in: the input, or its copy with zeros around it in `scratch`.
  func image(_ input: UnsafePointer<Float>, scratch: UnsafeMutablePointer<Float>) -> UnsafePointer<Float> {
    guard let copy else { return input }
    scratch.update(repeating: 0, count: copyCount)
    copy.run(from: input, to: scratch)
    return UnsafePointer(scratch)
  }
}
