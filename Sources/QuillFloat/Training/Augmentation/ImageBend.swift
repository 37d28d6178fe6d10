/// A smooth random bend of an image: how far from its place each pixel is taken.
///
/// The knots of a net with four meshes a side move at random: near to the elastic distortions of Simard, Steinkraus and
/// Platt (2003), without their wide convolutions.
package struct ImageBend: Sendable {
  /// Pixels down and right, for each pixel, row by row.
  let down: [Float], right: [Float]

  /// A bend whose knots move by up to `amount` of the image's sides. The spline halves their deviation.
  package init(height: Int, width: Int, amount: Float, _ random: inout TrainingRandom) {
    let net = SplineNet(height: height, width: width, meshCount: 4)
    down = net.field(reach: amount * Float(height), &random)
    right = net.field(reach: amount * Float(width), &random)
  }
}

/// Smooth random fields over an image: a uniform cubic B-spline over the knots of a square net.
struct SplineNet {
  /// Of a row or a column: the first of its four knots, and their weights.
  private struct Place {
    let first: Int
    let weights: SIMD4<Float>
  }

  private let rows: [Place]
  private let columns: [Place]
  private let knotCount: Int

  /// A net with so many meshes a side.
  init(height: Int, width: Int, meshCount: Int) {
    knotCount = meshCount + 3
    rows = Self.places(height, meshCount)
    columns = Self.places(width, meshCount)
  }

  /// A value for each pixel, row by row, where the knots' are drawn evenly within `reach` about 0.
  func field(reach: Float, _ random: inout TrainingRandom) -> [Float] {
    let knots = (0..<knotCount * knotCount).map { _ in random.signed() * reach }
    var field = [Float](repeating: 0, count: rows.count * columns.count)
    var line = [Float](repeating: 0, count: knotCount)
    for (row, place) in rows.enumerated() {
      let (y, w) = (place.first * knotCount, place.weights)
      for knot in 0..<knotCount {
        line[knot] =
          w[0] * knots[y + knot] + w[1] * knots[y + knotCount + knot] + w[2] * knots[y + 2 * knotCount + knot]
          + w[3] * knots[y + 3 * knotCount + knot]
      }
      for (column, place) in columns.enumerated() {
        let (x, w) = (place.first, place.weights)
        field[row * columns.count + column] =
          w[0] * line[x] + w[1] * line[x + 1] + w[2] * line[x + 2] + w[3] * line[x + 3]
      }
    }
    return field
  }

  private static func places(_ count: Int, _ meshCount: Int) -> [Place] {
    (0..<count).map { pixel in
      let place = (Float(pixel) + 0.5) / Float(count) * Float(meshCount)
      let first = min(Int(place), meshCount - 1)
      let t = place - Float(first)
      let (square, cube) = (t * t, t * t * t)
      let near = 1 - t
      return Place(
        first: first,
        weights: SIMD4(near * near * near, 4 - 6 * square + 3 * cube, 1 + 3 * t + 3 * square - 3 * cube, cube) / 6)
    }
  }
}
