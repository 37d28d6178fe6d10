/// How one sample is written: everything that makes two samples of a glyph differ.
///
/// Angles and ratios are fixed point with 12 fractional bits (`one` is 4,096), lengths in 1/256 of a glyph unit
/// (a glyph is 100 units high) unless said otherwise.
struct Hand {
  static let one: Int32 = 4_096

  /// Sideways shift per unit of height: positive leans to the right.
  let slant: Int32
  /// Tangent of half the angle of rotation.
  let halfAngle: Int32
  /// Width against height.
  let aspect: Int32
  /// Reach of the independent displacement of each point.
  let jitter: Int32
  /// Half the pen's width in 1/4,096 of the drawn digit's longer side.
  var halfWidth: Int32
  /// Width of the edge over which ink fades to paper, in 1/256 pixel.
  let softness: Int32
  /// Strength of the ink, of 255.
  let ink: Int32
  /// Displacements of a 3 x 3 grid laid over the glyph, x and y alternating: bends whole strokes together.
  let warp: InlineArray<18, Int32>

  /// Draws the habits of one sample from its random sequence.
  ///
  /// The ranges were chosen so that contact sheets look like handwriting and a network trained on MNIST still reads at
  /// least 97 % of 2,000 samples.
  init(_ random: inout SplitMix64) {
    slant = 350 + random.centred(2_000)
    halfAngle = random.centred(400)
    aspect = 3_700 + random.centred(1_400)
    jitter = 1_050
    halfWidth = random.uniform(140, 370)
    softness = random.uniform(260, 440)
    ink = 255 - random.below(45)
    var grid = InlineArray<18, Int32>(repeating: 0)
    for index in grid.indices { grid[index] = random.centred(4_000) }
    warp = grid
  }

  /// Where this hand puts a point of a glyph, in 1/256 glyph unit about the glyph's middle.
  func place(_ point: GlyphPoint, _ random: inout SplitMix64) -> PathPoint {
    let column = Int32(point.x) * 256
    let row = Int32(point.y) * 256
    let x = column + bend(column, row, axis: 0) + random.centred(jitter) - 12_800
    let y = row + bend(column, row, axis: 1) + random.centred(jitter) - 12_800
    let leaning = Int64(x) * Int64(aspect) - Int64(y) * Int64(slant)
    return turned(Int32(truncatingIfNeeded: leaning / Int64(Self.one)), y)
  }

  /// Bilinear displacement from the 3 x 3 grid; a cell is 50 units wide.
  private func bend(_ column: Int32, _ row: Int32, axis: Int) -> Int32 {
    let cell: Int32 = 12_800
    let cellX = min(max(column / cell, 0), 1)
    let cellY = min(max(row / cell, 0), 1)
    let alongX = column - cellX * cell
    let alongY = row - cellY * cell
    let first = Int(cellY * 3 + cellX) * 2 + axis
    let above = Int64(warp[first]) * Int64(cell - alongX) + Int64(warp[first + 2]) * Int64(alongX)
    let below = Int64(warp[first + 6]) * Int64(cell - alongX) + Int64(warp[first + 8]) * Int64(alongX)
    let sum = above * Int64(cell - alongY) + below * Int64(alongY)
    return Int32(truncatingIfNeeded: sum / (Int64(cell) * Int64(cell)))
  }

  /// Rotation by the half-angle formulas: with t = tan(a / 2), cos a = (1 - t^2) / (1 + t^2), sin a = 2t / (1 + t^2).
  private func turned(_ x: Int32, _ y: Int32) -> PathPoint {
    let tangent = Int64(halfAngle)
    let square = Int64(Self.one) * Int64(Self.one)
    let cosine = square - tangent * tangent
    let sine = 2 * tangent * Int64(Self.one)
    let norm = square + tangent * tangent
    return PathPoint(
      x: Int32(truncatingIfNeeded: (Int64(x) * cosine - Int64(y) * sine) / norm),
      y: Int32(truncatingIfNeeded: (Int64(x) * sine + Int64(y) * cosine) / norm),
      halfWidth: Self.one, startsStroke: false)
  }
}
