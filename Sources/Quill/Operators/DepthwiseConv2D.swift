/// DepthwiseConv2D in plain Swift. Weights `[blocks of 16 outputs][KH][KW][16]`.
package enum DepthwiseConv2D {
  /// Bytes of the weights.
  package static func weightByteCount(_ convolution: Convolution, outputChannels: Int) -> UInt64 {
    UInt64((outputChannels + 15) / 16) * UInt64(convolution.kernelHeight) * UInt64(convolution.kernelWidth) * 16
  }

  /// Where a weight lies.
  package static func weightOffset(_ convolution: Convolution, channel: Int, row: Int, column: Int) -> Int {
    let kernelWidth = Int(convolution.kernelWidth)
    let tap = (channel / 16 * Int(convolution.kernelHeight) + row) * kernelWidth + column
    return tap * 16 + channel % 16
  }

  /// Computes every output value. `input` begins at the first tap of the first window, `output` at its first value.
  @_optimize(speed)
  @inline(never)
  package static func run(
    _ convolution: Convolution, inputLayout: ImageLayout, outputLayout: ImageLayout, _ stage: OutputStage,
    input: Span<Int8>, weights: Span<Int8>, table: Span<Int32>, output: inout MutableSpan<Int8>
  ) {
    let multiplier = outputLayout.channels / inputLayout.channels
    let kernelHeight = Int(convolution.kernelHeight)
    let kernelWidth = Int(convolution.kernelWidth)
    for y in 0..<outputLayout.height {
      for x in 0..<outputLayout.width {
        let window =
          y * Int(convolution.strideHeight) * inputLayout.rowPitch
          + x * Int(convolution.strideWidth) * inputLayout.channels
        for channel in 0..<outputLayout.channels {
          var sum = table[channel]
          for row in 0..<kernelHeight {
            let start =
              window + row * Int(convolution.dilationHeight) * inputLayout.rowPitch + channel / multiplier
            for column in 0..<kernelWidth {
              let value = input[start + column * Int(convolution.dilationWidth) * inputLayout.channels]
              let weight = weights[weightOffset(convolution, channel: channel, row: row, column: column)]
              sum = sum &+ Int32(value) &* Int32(weight)
            }
          }
          output[y * outputLayout.rowPitch + x * outputLayout.channels + channel] =
            stage.value(of: sum, channel: channel, table: table)
        }
      }
    }
  }
}
