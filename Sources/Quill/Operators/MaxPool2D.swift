/// MaxPool2D in plain Swift: the greatest value of the window that lies in the image.
package enum MaxPool2D {
  package static func run(
    _ pool: Pool, inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>,
    output: inout MutableSpan<Int8>
  ) {
    for y in 0..<outputLayout.height {
      for x in 0..<outputLayout.width {
        for channel in 0..<outputLayout.channels {
          var greatest: Int8 = -128
          for row in pool.rows(y, of: inputLayout.height) {
            for column in pool.columns(x, of: inputLayout.width) {
              greatest = max(
                greatest, input[row &* inputLayout.rowPitch &+ column &* inputLayout.channels &+ channel])
            }
          }
          output[y &* outputLayout.rowPitch &+ x &* outputLayout.channels &+ channel] =
            pool.range.clamp(Int32(greatest))
        }
      }
    }
  }
}
