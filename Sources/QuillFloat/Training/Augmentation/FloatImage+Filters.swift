extension FloatImage {
  /// A Gaussian blur whose deviation is in pixels; beyond an edge lies what lies on it.
  package mutating func blur(deviation: Float) {
    guard deviation >= 0.05 else { return }
    let radius = max(1, Int((deviation * 2.5).rounded(.up)))
    var taps = (-radius...radius).map { offset in
      let share = Float(offset) / deviation
      return FixedMath.exp(-share * share / 2)
    }
    let sum = taps.reduce(0, +)
    for index in taps.indices { taps[index] /= sum }
    let padded = padded(by: radius)
    let (long, length, channels, height) = (padded.rowLength, rowLength, channels, height)
    var upright = [Float](repeating: 0, count: long)
    upright.withUnsafeMutableBufferPointer { upright in
      values.withUnsafeMutableBufferPointer { target in
        padded.values.withUnsafeBufferPointer { source in
          for row in 0..<height {
            for index in 0..<long { upright[index] = 0 }
            for (offset, tap) in taps.enumerated() {
              let from = (row + offset) * long
              for index in 0..<long { upright[index] += tap * source[from + index] }
            }
            for index in row * length..<(row + 1) * length { target[index] = 0 }
            for (offset, tap) in taps.enumerated() {
              let from = offset * channels
              for index in 0..<length { target[row * length + index] += tap * upright[from + index] }
            }
          }
        }
      }
    }
  }

  /// Moves the edges of bright shapes outwards by some pixels, or inwards where that is negative: a dilation or erosion of grey
  /// values, by a cross and a square in turn (about an octagon); a part of a pixel mixes two steps.
  package mutating func thicken(by pixels: Float) {
    if pixels < 0 { invert() }
    var (left, isSquare) = (min(abs(pixels), 16), false)
    while left > 0.01 {
      spread(share: min(left, 1), overSquare: isSquare)
      left -= 1
      isSquare.toggle()
    }
    if pixels < 0 { invert() }
  }

  /// Mixes each value with the greatest of its neighbourhood.
  private mutating func spread(share: Float, overSquare: Bool) {
    let padded = padded(by: 1)
    let (long, length, channels, height) = (padded.rowLength, rowLength, channels, height)
    var columns = [Float](repeating: 0, count: long)
    columns.withUnsafeMutableBufferPointer { columns in
      values.withUnsafeMutableBufferPointer { target in
        padded.values.withUnsafeBufferPointer { source in
          for row in 0..<height {
            let middle = (row + 1) * long
            for index in 0..<long {
              columns[index] = max(
                max(source[middle + index - long], source[middle + index + long]), source[middle + index])
            }
            let base = row * length
            let beside =
              overSquare ? UnsafeBufferPointer(columns) : .init(rebasing: source[middle..<middle + long])
            for index in 0..<length {
              let upright = columns[index + channels]
              let level = max(max(beside[index], beside[index + 2 * channels]), upright)
              target[base + index] += share * (level - target[base + index])
            }
          }
        }
      }
    }
  }

  /// Scales each value's distance from `middle`.
  package mutating func scaleContrast(by factor: Float, about middle: Float) {
    for index in values.indices { values[index] = clamped(middle + (values[index] - middle) * factor) }
  }

  /// Adds to every value.
  package mutating func brighten(by level: Float) {
    for index in values.indices { values[index] = clamped(values[index] + level) }
  }

  /// Exchanges bright and dark.
  package mutating func invert() {
    for index in values.indices { values[index] = 1 - values[index] }
  }

  /// Adds noise of its own to each value.
  package mutating func addNoise(deviation: Float, _ random: inout TrainingRandom) {
    for index in values.indices { values[index] = clamped(values[index] + deviation * random.normal()) }
  }

  /// Paints a rectangle within the image.
  package mutating func fill(rows: Range<Int>, columns: Range<Int>, with level: Float) {
    for row in rows {
      for index in (row * width + columns.lowerBound) * channels..<(row * width + columns.upperBound) * channels {
        values[index] = level
      }
    }
  }

  /// The value within 0...1 that is nearest.
  func clamped(_ value: Float) -> Float { min(max(value, 0), 1) }
}
