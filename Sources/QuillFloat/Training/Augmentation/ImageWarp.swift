/// How an image lies in its frame: what a scan of a page turned, moved and scaled gives. Applied in the order rotation, shear,
/// scale, and moved last.
package struct ImagePlacement: Sendable, Equatable {
  /// Degrees by which the frame turns over the image, -180...180.
  package var rotation = 0.0

  /// Degrees by which rows slant, -60...60.
  package var shear = 0.0

  /// Rows and columns of the image to a step in the frame; above 1 it looks smaller.
  package var stepDown = 1.0, stepRight = 1.0

  /// Pixels by which the frame moves over the image.
  package var down = 0.0, right = 0.0

  /// The image as it is.
  package init() {}
}

/// Where in the original each pixel of a changed image lies: a linear map about the middle, and a shift.
package struct ImageWarp: Sendable {
  /// The steps in the original, down and right, of a step down and of a step right.
  let downDown: Float, rightDown: Float, downRight: Float, rightRight: Float

  /// The place in the original of the first pixel.
  let top: Float, left: Float

  /// The map of a placement, for an image of the same extents.
  package init(_ place: ImagePlacement, _ image: FloatImage) {
    let (turn, lean) = (place.rotation / 180, place.shear / 180)
    let (cosine, sine) = (Self.cosine(turn), Self.sine(turn))
    let slope = Self.sine(lean) / Self.cosine(lean)
    // [down, right] -> rotation * shear * scale * [down, right].
    let map = (
      downDown: (cosine - sine * slope) * place.stepDown, rightDown: (sine + cosine * slope) * place.stepDown,
      downRight: -sine * place.stepRight, rightRight: cosine * place.stepRight
    )
    let (middleDown, middleRight) = (Double(image.height - 1) / 2, Double(image.width - 1) / 2)
    downDown = Float(map.downDown)
    rightDown = Float(map.rightDown)
    downRight = Float(map.downRight)
    rightRight = Float(map.rightRight)
    top = Float(middleDown - map.downDown * middleDown - map.downRight * middleRight + place.down)
    left = Float(middleRight - map.rightDown * middleDown - map.rightRight * middleRight + place.right)
  }

  /// Of half turns, -1...1.
  private static func cosine(_ halfTurns: Double) -> Double { FixedMath.cosine(ofHalfTurns: abs(halfTurns)) }

  private static func sine(_ halfTurns: Double) -> Double {
    let sine = FixedMath.cosine(ofHalfTurns: abs(0.5 - abs(halfTurns)))
    return halfTurns < 0 ? -sine : sine
  }
}

extension FloatImage {
  /// Takes each pixel from where the map and the bend say, with interpolation between the four nearest; beyond an edge lies
  /// what lies on it.
  package mutating func warp(_ warp: ImageWarp, _ bend: ImageBend? = nil) {
    // The rim keeps the neighbours of the last row and column in bounds.
    let padded = padded(by: 1)
    let (long, width, channels, height) = (padded.rowLength, width, channels, height)
    let (lastRow, lastColumn) = (Float(height - 1), Float(width - 1))
    values.withUnsafeMutableBufferPointer { target in
      padded.values.withUnsafeBufferPointer { source in
        for row in 0..<height {
          for column in 0..<width {
            var y = warp.top + warp.downDown * Float(row) + warp.downRight * Float(column)
            var x = warp.left + warp.rightDown * Float(row) + warp.rightRight * Float(column)
            if let bend {
              y += bend.down[row * width + column]
              x += bend.right[row * width + column]
            }
            y = min(max(y, 0), lastRow)
            x = min(max(x, 0), lastColumn)
            let (y0, x0) = (Int32(y), Int32(x))
            let (down, right) = (y - Float(y0), x - Float(x0))
            let from = Int(y0 + 1) * long + Int(x0 + 1) * channels
            for channel in from..<from + channels {
              let upper = source[channel] + (source[channel + channels] - source[channel]) * right
              let below = channel + long
              let lower = source[below] + (source[below + channels] - source[below]) * right
              target[(row * width + column) * channels + channel - from] = upper + (lower - upper) * down
            }
          }
        }
      }
    }
  }
}
