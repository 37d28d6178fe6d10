/// AveragePool2D in plain Swift: the mean of the window's values in the image, ties away from zero.
package enum AveragePool2D {
  package static func run(
    _ pool: Pool, inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>,
    output: inout MutableSpan<Int8>
  ) {
    for y in 0..<outputLayout.height {
      for x in 0..<outputLayout.width {
        let rows = pool.rows(y, of: inputLayout.height)
        let columns = pool.columns(x, of: inputLayout.width)
        let count = Int32(rows.count * columns.count)
        for channel in 0..<outputLayout.channels {
          var sum: Int32 = 0
          for row in rows {
            for column in columns {
              sum = sum &+ Int32(input[row &* inputLayout.rowPitch &+ column &* inputLayout.channels &+ channel])
            }
          }
          let mean = sum > 0 ? (sum &+ count / 2) / count : (sum &- count / 2) / count
          output[y &* outputLayout.rowPitch &+ x &* outputLayout.channels &+ channel] = pool.range.clamp(mean)
        }
      }
    }
  }
}
