/// Two operands, broadcast along axes on which one has extent 1, element by element, in plain Swift.
package enum ElementWise {
  /// Where an operand lies, and what stands for its zero.
  package struct Operand: Sendable {
    package var strides: BroadcastStrides
    package var zeroPoint: Int32

    package init(_ tensor: TensorRecord) {
      strides = BroadcastStrides(tensor)
      zeroPoint = tensor.zeroPoint
    }
  }

  /// Computes every output value from the two operands' values less their zero points. Each span begins at its
  /// tensor's first value. The output may be an operand that lies the same way.
  @inline(__always)
  package static func run(
    _ first: Operand, _ second: Operand, layout: ImageLayout, a: Span<Int8>, b: Span<Int8>,
    output: inout MutableSpan<Int8>, _ combine: (Int32, Int32) -> Int8
  ) {
    for y in 0..<layout.height {
      for x in 0..<layout.width {
        let left = y &* first.strides.row &+ x &* first.strides.pixel
        let right = y &* second.strides.row &+ x &* second.strides.pixel
        let pixel = y &* layout.rowPitch &+ x &* layout.channels
        for channel in 0..<layout.channels {
          let p = Int32(a[left &+ channel &* first.strides.channel]) &- first.zeroPoint
          let q = Int32(b[right &+ channel &* second.strides.channel]) &- second.zeroPoint
          output[pixel &+ channel] = combine(p, q)
        }
      }
    }
  }
}
