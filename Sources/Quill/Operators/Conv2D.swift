/// Conv2D in plain Swift: the reference that every fast kernel equals bit for bit.
package enum Conv2D {
  /// The geometry of one convolution; bytes are counted in the input's arena.
  package struct Geometry: Sendable {
    package var order: WeightOrder
    /// Bytes from a window to the one below, and to the one beside.
    package var windowRowPitch: Int
    package var windowPitch: Int
    /// Bytes from a kernel row to the next, and from a tap to the next where each tap is a run.
    package var kernelRowPitch: Int
    package var tapPitch: Int
    /// Runs of one kernel row: 1, or the kernel's width.
    package var runsPerRow: Int
    package var output: ImageLayout
    /// Bytes from the first tap of the first window to the image's first row and to the end of its last one, and within a
    /// row to its first column and to the end of its last one: around it lies padding.
    package var imageTop: Int
    package var imageBottom: Int
    package var imageLeft: Int
    package var imageRight: Int

    package init(_ convolution: Convolution, input: TensorRecord, output: TensorRecord) {
      order = convolution.runs(input: input, output: output)
      windowRowPitch = Int(convolution.strideHeight) * Int(input.rowPitch)
      windowPitch = Int(convolution.strideWidth) * Int(input.channels)
      kernelRowPitch = Int(convolution.dilationHeight) * Int(input.rowPitch)
      tapPitch = Int(convolution.dilationWidth) * Int(input.channels)
      runsPerRow = order.runCount / Int(convolution.kernelHeight)
      self.output = ImageLayout(output)
      imageTop = Int(convolution.padTop) * Int(input.rowPitch)
      imageBottom = imageTop + Int(input.height) * Int(input.rowPitch)
      imageLeft = Int(convolution.padLeft) * Int(input.channels)
      imageRight = imageLeft + input.rowByteCount
    }
  }

  /// Computes every output value.
  ///
  /// - Parameters:
  ///   - input: begins at the first tap of the first window; windows never leave it.
  ///   - output: begins at the first output value.
  ///   - weights: in `WeightOrder`; never -128.
  ///   - table: the channel table (`LinearWeights`).
  @_optimize(speed)
  @inline(never)
  package static func run(
    _ geometry: Geometry, _ stage: OutputStage, input: Span<Int8>, weights: Span<Int8>, table: Span<Int32>,
    output: inout MutableSpan<Int8>
  ) {
    let order = geometry.order
    for y in 0..<geometry.output.height {
      for x in 0..<geometry.output.width {
        let window = y &* geometry.windowRowPitch &+ x &* geometry.windowPitch
        let pixel = y &* geometry.output.rowPitch &+ x &* geometry.output.channels
        for group in 0..<order.groups {
          for block in 0..<order.blocks {
            let row = (group &* order.blocks &+ block) &* 16
            let sums = accumulate(
              geometry, window: window &+ group &* order.runByteCount, block: group &* order.blocks &+ block,
              input: input, weights: weights, table: table)
            let first = group &* order.channelsPerGroup &+ block &* 16
            let lanes = min(16, order.channelsPerGroup &- block &* 16)
            for lane in 0..<lanes {
              output[pixel &+ first &+ lane] = stage.value(of: sums[lane], channel: row &+ lane, table: table)
            }
          }
        }
      }
    }
  }

  /// Bias and products of one window for one block of 16 output channels.
  @inline(__always)
  private static func accumulate(
    _ geometry: Geometry, window: Int, block: Int, input: Span<Int8>, weights: Span<Int8>, table: Span<Int32>
  ) -> InlineArray<16, Int32> {
    let order = geometry.order
    var sums = InlineArray<16, Int32>(repeating: 0)
    for lane in 0..<16 { sums[lane] = table[block &* 16 &+ lane] }
    for run in 0..<order.runCount {
      let kernelRow = run / geometry.runsPerRow
      let start =
        window &+ kernelRow &* geometry.kernelRowPitch &+ (run &- kernelRow &* geometry.runsPerRow) &* geometry.tapPitch
      let base = block &* order.blockByteCount &+ run &* order.quads &* 64
      for quad in 0..<order.quads {
        let taps = weights.extracting(base &+ quad &* 64..<base &+ quad &* 64 &+ 64)
        let first = start &+ quad &* 4
        let left = order.runByteCount &- quad &* 4
        let a = Int32(input[first])
        let b = left > 1 ? Int32(input[first &+ 1]) : 0
        let c = left > 2 ? Int32(input[first &+ 2]) : 0
        let d = left > 3 ? Int32(input[first &+ 3]) : 0
        for lane in 0..<16 {
          let low = a &* Int32(taps[lane &* 4]) &+ b &* Int32(taps[lane &* 4 &+ 1])
          let high = c &* Int32(taps[lane &* 4 &+ 2]) &+ d &* Int32(taps[lane &* 4 &+ 3])
          sums[lane] = sums[lane] &+ low &+ high
        }
      }
    }
    return sums
  }
}
