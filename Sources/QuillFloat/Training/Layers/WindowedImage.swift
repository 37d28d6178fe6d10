/// A batch of images with zeros around them, and where the windows of a layer lie in it.
final class WindowedImage {
  /// One image's extents, without and with padding.
  let image: [Int], padded: [Int]

  /// Windows in one image.
  let windowCount: Int

  /// The offset of each window of the whole batch.
  let windowOffsets: SharedBuffer<Int>

  /// The offset of each tap from a window's first element, rows first.
  let tapOffsets: [Int]

  /// The padded copy of the batch, or `nil` where there is no padding and the images serve themselves.
  private let copy: FloatStorage?

  private let padding: Operation.Padding

  /// Windows of a kernel over a batch of up to `capacity` images.
  init(
    image: [Int], output: [Int], kernelHeight: Int, kernelWidth: Int, convolution: Operation.Convolution, capacity: Int
  ) {
    let padding = convolution.padding
    self.image = image
    self.padding = padding
    padded = [image[0] + padding.top + padding.bottom, image[1] + padding.left + padding.right, image[2]]
    let layout = WindowLayout(
      image: [capacity] + padded, kernelHeight: kernelHeight, kernelWidth: kernelWidth,
      output: [capacity, output[0], output[1]],
      convolution: Operation.Convolution(
        strideHeight: convolution.strideHeight, strideWidth: convolution.strideWidth))
    windowCount = output[0] * output[1]
    windowOffsets = SharedBuffer(layout.windowOffsets, padding: 0)
    tapOffsets = layout.tapOffsets
    copy = padding == .none ? nil : FloatStorage(count: capacity * padded.product)
  }

  /// Whether images are padded.
  var isPadded: Bool { copy != nil }

  /// Copies some images of a batch between the zeros.
  func load(_ images: Range<Int>, from source: UnsafePointer<Float>) {
    guard let copy else { return }
    for index in images {
      move(
        rowsFrom: source + index * image.product, pitch: image[1] * image[2],
        to: copy.base + index * padded.product + interior, pitch: padded[1] * padded[2])
    }
  }

  /// The images that windows are read from: the padded copy, or the images themselves.
  func images(_ source: UnsafePointer<Float>) -> UnsafePointer<Float> {
    copy.map { UnsafePointer($0.base) } ?? source
  }

  /// Copies the interior of one padded image out.
  func unload(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
    move(
      rowsFrom: source + interior, pitch: padded[1] * padded[2], to: target, pitch: image[1] * image[2])
  }

  private var interior: Int { (padding.top * padded[1] + padding.left) * padded[2] }

  private func move(
    rowsFrom source: UnsafePointer<Float>, pitch sourcePitch: Int, to target: UnsafeMutablePointer<Float>,
    pitch targetPitch: Int
  ) {
    for row in 0..<image[0] {
      (target + row * targetPitch).update(from: source + row * sourcePitch, count: image[1] * image[2])
    }
  }
}
