extension FloatImage {
  /// Shrinks the image to a share of its sides, 0...1 (at least one pixel is left), each new pixel the mean over its area, and enlarges it
  /// again with straight lines between the new pixels' middles.
  package mutating func coarsen(to share: Float) {
    let (height, width) = (height, width)
    let rows = Self.coarse(height, share)
    let columns = Self.coarse(width, share)
    if rows < height {
      blendRows(AxisBlend(shrinking: height, to: rows))
      blendRows(AxisBlend(enlarging: rows, to: height))
    }
    if columns < width {
      blendColumns(AxisBlend(shrinking: width, to: columns))
      blendColumns(AxisBlend(enlarging: columns, to: width))
    }
  }

  /// The image in greater extents, with straight lines between the pixels' middles.
  package func enlarged(height newHeight: Int, width newWidth: Int) -> FloatImage {
    var result = self
    result.blendRows(AxisBlend(enlarging: height, to: newHeight))
    result.blendColumns(AxisBlend(enlarging: width, to: newWidth))
    return result
  }

  private static func coarse(_ count: Int, _ share: Float) -> Int {
    min(count, max(1, Int((Float(count) * share).rounded())))
  }

  private mutating func blendRows(_ blend: AxisBlend) {
    let length = rowLength
    var result = FloatImage(height: blend.count, width: width, channels: channels)
    result.values.withUnsafeMutableBufferPointer { target in
      values.withUnsafeBufferPointer { source in
        for row in 0..<blend.count {
          for tap in blend.taps(of: row) {
            let (from, weight) = (blend.elements[tap] * length, blend.weights[tap])
            for index in 0..<length { target[row * length + index] += weight * source[from + index] }
          }
        }
      }
    }
    self = result
  }

  private mutating func blendColumns(_ blend: AxisBlend) {
    let (length, channels, height) = (rowLength, channels, height)
    var result = FloatImage(height: height, width: blend.count, channels: channels)
    let newLength = result.rowLength
    result.values.withUnsafeMutableBufferPointer { target in
      values.withUnsafeBufferPointer { source in
        for row in 0..<height {
          for column in 0..<blend.count {
            let to = row * newLength + column * channels
            for tap in blend.taps(of: column) {
              let (from, weight) = (row * length + blend.elements[tap] * channels, blend.weights[tap])
              for channel in 0..<channels { target[to + channel] += weight * source[from + channel] }
            }
          }
        }
      }
    }
    self = result
  }
}

/// How the rows or columns of a new image are made from those of an old one: taps, each an old element and its weight, one new
/// element's after the other's.
private struct AxisBlend {
  /// The old element of each tap.
  private(set) var elements: [Int] = []

  /// The weight of each tap; a new element's sum to 1.
  private(set) var weights: [Float] = []

  /// The first tap of each new element, and the number of all.
  private var starts = [0]

  /// New elements.
  var count: Int { starts.count - 1 }

  func taps(of element: Int) -> Range<Int> { starts[element]..<starts[element + 1] }

  /// Each new element the mean over the old ones that it covers.
  init(shrinking old: Int, to new: Int) {
    for element in 0..<new {
      // On a ruler of old x new marks, an old element is `new` marks long and a new one `old`.
      let (start, end) = (element * old, (element + 1) * old)
      for covered in start / new...(end - 1) / new {
        add(covered, Float(min(end, (covered + 1) * new) - max(start, covered * new)) / Float(old))
      }
      starts.append(elements.count)
    }
  }

  /// Straight lines between the old elements' middles.
  init(enlarging old: Int, to new: Int) {
    for element in 0..<new {
      let place = min(max((Float(element) + 0.5) * Float(old) / Float(new) - 0.5, 0), Float(old - 1))
      let share = place - place.rounded(.down)
      add(Int(place), 1 - share)
      if share > 0 { add(Int(place) + 1, share) }
      starts.append(elements.count)
    }
  }

  private mutating func add(_ element: Int, _ weight: Float) {
    elements.append(element)
    weights.append(weight)
  }
}
