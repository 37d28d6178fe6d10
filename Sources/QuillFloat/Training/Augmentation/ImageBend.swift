/// A smooth random bend of an image: how far from its place each pixel is taken.
///
/// The knots of a net with four meshes a side move at random, and a uniform cubic B-spline lies between them: near to the
/// elastic distortions of Simard, Steinkraus and Platt (2003), without their wide convolutions.
package struct ImageBend: Sendable {
  /// Pixels down and right, for each pixel, row by row.
  let down: [Float], right: [Float]

  private static let meshCount = 4

  /// A bend whose knots move by up to `amount` of the image's sides. The spline halves their deviation.
  package init(height: Int, width: Int, amount: Float, _ random: inout TrainingRandom) {
    let knotCount = Self.meshCount + 3
    let (rows, columns) = (Self.weights(height), Self.weights(width))
    func field(_ reach: Float) -> [Float] {
      let knots = (0..<knotCount * knotCount).map { _ in random.signed() * reach }
      var field = [Float](repeating: 0, count: height * width)
      var line = [Float](repeating: 0, count: knotCount)
      for row in 0..<height {
        let (y, w) = (rows[row].first * knotCount, rows[row].weights)
        for knot in 0..<knotCount {
          line[knot] =
            w[0] * knots[y + knot] + w[1] * knots[y + knotCount + knot] + w[2] * knots[y + 2 * knotCount + knot]
            + w[3] * knots[y + 3 * knotCount + knot]
        }
        for column in 0..<width {
          let (x, w) = (columns[column].first, columns[column].weights)
          field[row * width + column] = w[0] * line[x] + w[1] * line[x + 1] + w[2] * line[x + 2] + w[3] * line[x + 3]
        }
      }
      return field
    }
    down = field(amount * Float(height))
    right = field(amount * Float(width))
  }

  /// For each pixel of a side the first of its four knots, and their weights: the uniform cubic B-spline.
  private static func weights(_ count: Int) -> [(first: Int, weights: SIMD4<Float>)] {
    (0..<count).map { pixel in
      let place = (Float(pixel) + 0.5) / Float(count) * Float(meshCount)
      let first = min(Int(place), meshCount - 1)
      let t = place - Float(first)
      let (square, cube) = (t * t, t * t * t)
      let near = 1 - t
      return (
        first,
        SIMD4(near * near * near, 4 - 6 * square + 3 * cube, 1 + 3 * t + 3 * square - 3 * cube, cube) / 6
      )
    }
  }
}
