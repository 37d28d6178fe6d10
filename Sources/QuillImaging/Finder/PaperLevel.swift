/// The grey level of the paper under uneven light, on a grid of square cells, by medians of neighbourhoods.
///
/// A median is the paper's level wherever ink covers less than half of the neighbourhood; a second step takes the mean
/// of the pixels near that median, cell by cell, and fills cells that hold only ink from their neighbours. Levels are
/// fixed point with 4 fractional bits. Memory is allocated once.
struct PaperLevel: ~Copyable {
  /// Side of a cell in pixels; a plane of at most `smallPlane` pixels a side is one cell.
  static let cell = 16
  static let smallPlane = 64

  /// The noise of a picture that shows none, in grey levels.
  static let leastNoise: Int32 = 10

  private(set) var columns = 1
  private(set) var rows = 1
  /// Level of each cell, 4 fractional bits.
  private(set) var levels: [Int16]
  private var medians: [UInt8]
  private var spare: [Int16]
  /// Differences from the paper that noise alone explains, in grey levels.
  private(set) var noise: Int32 = 8
  /// The level that nine tenths of the cells do not exceed.
  private(set) var brightest: Int32 = 255
  /// Whether one level would do for the whole plane.
  private(set) var isEven = true
  /// Whether the paper of a plane that is one cell is taken from its four corners, not from all of its rim.
  var takesCorners = false
  private var cellWidth = 16
  private var cellHeight = 16

  /// Makes room for planes of up to `width` x `height` pixels.
  init(width: Int, height: Int) {
    let cells = ((width + Self.cell - 1) / Self.cell) * ((height + Self.cell - 1) / Self.cell)
    levels = [Int16](repeating: 0, count: max(1, cells))
    medians = [UInt8](repeating: 0, count: max(1, cells))
    spare = [Int16](repeating: 0, count: max(1, cells))
  }

  /// Measures each cell's median and the noise; to be followed by `settle`.
  mutating func measure(_ pixels: [UInt8], width: Int, height: Int) {
    let plane = pixels.span
    let small = max(width, height) <= Self.smallPlane
    cellWidth = small ? width : Self.cell
    cellHeight = small ? height : Self.cell
    columns = (width + cellWidth - 1) / cellWidth
    rows = (height + cellHeight - 1) / cellHeight
    var spreads = Histogram()
    for row in 0..<rows {
      for column in 0..<columns {
        let box = cellBox(column, row, width, height)
        var histogram = Histogram()
        if small, takesCorners {
          for corner in 0..<4 {
            histogram.add(plane[(corner & 1) * (width - 1) + (corner >> 1) * (height - 1) * width])
          }
        } else if small {
          histogram.addBorder(of: plane, width: width, height: height)
        } else {
          histogram.add(plane, width: width, box: box)
        }
        let quartiles = histogram.quartiles(from: 0)
        medians[row * columns + column] = quartiles.median
        spreads.add(quartiles.upper - quartiles.lower)
      }
    }
    // The quartiles of a normal distribution lie 1.35 standard deviations apart: three spreads are four deviations.
    noise = min(max(Self.leastNoise, 3 * Int32(spreads.level(permille: 500))), 64)
    var all = Histogram()
    for index in 0..<(rows * columns) { all.add(medians[index]) }
    brightest = Int32(all.level(permille: 900))
    isEven = brightest - Int32(all.level(permille: 100)) <= noise
  }

  private func cellBox(_ column: Int, _ row: Int, _ width: Int, _ height: Int) -> PixelBox {
    PixelBox(
      left: Int32(column * cellWidth), top: Int32(row * cellHeight),
      right: Int32(min(width, (column + 1) * cellWidth)), bottom: Int32(min(height, (row + 1) * cellHeight)))
  }

  /// Settles the levels from the medians of `reach` cells on each side, then from the pixels near them.
  mutating func settle(_ pixels: [UInt8], width: Int, height: Int, reach: Int) {
    let plane = pixels.span
    takeMedians(reach: reach)
    var known = 0
    for row in 0..<rows {
      for column in 0..<columns {
        let index = row * columns + column
        let mean = nearMean(plane, width, cellBox(column, row, width, height), near: Int32(levels[index]) >> 4)
        spare[index] = mean
        if mean >= 0 { known += 1 }
      }
    }
    guard known > 0 else { return }
    for index in 0..<(rows * columns) { levels[index] = spare[index] }
    follow(plane, width, height)
    fillGaps()
  }

  private mutating func takeMedians(reach: Int) {
    guard reach < max(rows, columns) else {
      var all = Histogram()
      for index in 0..<(rows * columns) { all.add(medians[index]) }
      let level = Int16(all.level(permille: 500)) << 4
      for index in 0..<(rows * columns) { levels[index] = level }
      return
    }
    for row in 0..<rows {
      // As far to one side as to the other, so that a slope of light does not pull the median off.
      let along = max(2, min(reach, row, rows - 1 - row))
      slide(max(0, row - along)...min(rows - 1, row + along), row: row, reach: reach)
    }
  }

  /// Takes the medians along a row of cells. Both sides of the neighbourhood only move on from cell to cell: what
  /// enters is counted and what leaves is taken out.
  private mutating func slide(_ rowsNear: ClosedRange<Int>, row: Int, reach: Int) {
    var around = Histogram()
    var (left, right) = (0, 0)
    for column in 0..<columns {
      let aside = max(2, min(reach, column, columns - 1 - column))
      while right <= min(columns - 1, column + aside) {
        for y in rowsNear { around.add(medians[y * columns + right]) }
        right += 1
      }
      while left < column - aside {
        for y in rowsNear { around.remove(medians[y * columns + left]) }
        left += 1
      }
      levels[row * columns + column] = Int16(around.level(permille: 500)) << 4
    }
  }

  /// The mean, 4 fractional bits, of a cell's pixels within the noise or a tenth of `level`; -1 when they are under a
  /// quarter.
  private func nearMean(_ plane: Span<UInt8>, _ width: Int, _ box: PixelBox, near level: Int32) -> Int16 {
    var sum: Int32 = 0
    var count: Int32 = 0
    let reach = max(noise, level / 10)
    let lowest = clampedByte(level - reach)
    let highest = clampedByte(level + reach)
    for row in Int(box.top)..<Int(box.bottom) {
      let line = plane.extracting((row * width + Int(box.left))..<(row * width + Int(box.right)))
      if line.count == 16 {
        let near = sumNear16(line, lowest, highest &- lowest)
        sum &+= near.sum
        count &+= near.count
      } else {
        for place in line.indices where line[place] &- lowest <= highest &- lowest {
          sum &+= Int32(line[place])
          count &+= 1
        }
      }
    }
    guard count > 0, count * 4 >= box.width * box.height else { return -1 }
    return Int16(truncatingIfNeeded: (sum * 16 + count / 2) / count)
  }

  /// Settles unknown cells whose own pixels lie near what their settled neighbours foretell, until none is left: so
  /// the estimate follows a slope of light into a dark corner, but does not climb onto a stroke, whose edge is a step.
  private mutating func follow(_ plane: Span<UInt8>, _ width: Int, _ height: Int) {
    for _ in 0..<(rows + columns) {
      var settled = 0
      for row in 0..<rows {
        for column in 0..<columns where levels[row * columns + column] < 0 {
          let expected = foretold(column, row)
          guard expected > 0 else { continue }
          let mean = nearMean(plane, width, cellBox(column, row, width, height), near: Int32(expected) >> 4)
          guard mean >= 0 else { continue }
          levels[row * columns + column] = mean
          settled += 1
        }
      }
      guard settled > 0 else { return }
    }
  }

  /// What the settled neighbours on the four sides foretell: the line through the next two where both are settled, the
  /// next one's level otherwise; the mean of the sides; -1 when no neighbour is settled.
  private func foretold(_ column: Int, _ row: Int) -> Int16 {
    var sum: Int32 = 0
    var count: Int32 = 0
    for side in 0..<4 {
      let stepX = side == 0 ? -1 : side == 1 ? 1 : 0
      let stepY = side == 2 ? -1 : side == 3 ? 1 : 0
      let next = settledLevel(column + stepX, row + stepY)
      guard next >= 0 else { continue }
      let second = settledLevel(column + 2 * stepX, row + 2 * stepY)
      // The slope may at most halve or double the level within a cell.
      let line = second >= 0 ? min(max(2 * next - second, next / 2), 2 * next) : next
      sum += min(line, 255 << 4)
      count += 1
    }
    return count == 0 ? -1 : Int16(truncatingIfNeeded: sum / count)
  }

  /// The level of the cell that holds a pixel, in whole grey levels.
  func level(x: Int32, y: Int32) -> Int32 {
    let column = min(max(Int(x) / cellWidth, 0), columns - 1)
    let row = min(max(Int(y) / cellHeight, 0), rows - 1)
    return Int32(levels[row * columns + column]) >> 4
  }

  private func settledLevel(_ column: Int, _ row: Int) -> Int32 {
    guard column >= 0, column < columns, row >= 0, row < rows else { return -1 }
    return Int32(levels[row * columns + column])
  }

  /// Gives the cells that are still unknown, those under thick strokes, the mean of their neighbours from the rims in.
  private mutating func fillGaps() {
    for _ in 0..<(rows + columns) {
      var gaps = 0
      for index in 0..<(rows * columns) { spare[index] = levels[index] }
      for row in 0..<rows {
        for column in 0..<columns where spare[row * columns + column] < 0 {
          let mean = neighbourMean(column, row)
          levels[row * columns + column] = mean
          if mean < 0 { gaps += 1 }
        }
      }
      guard gaps > 0 else { return }
    }
  }

  private func neighbourMean(_ column: Int, _ row: Int) -> Int16 {
    var sum: Int32 = 0
    var count: Int32 = 0
    for y in max(0, row - 1)...min(rows - 1, row + 1) {
      for x in max(0, column - 1)...min(columns - 1, column + 1) where spare[y * columns + x] >= 0 {
        sum += Int32(spare[y * columns + x])
        count += 1
      }
    }
    return count == 0 ? -1 : Int16(truncatingIfNeeded: sum / count)
  }

  /// Writes the paper's level of one row of pixels, interpolated between the middles of cells.
  ///
  /// A plane that is one cell has one level; in all others a cell's sides are `cell` long.
  func writeRow(_ row: Int, width: Int, into paperRow: inout [UInt8]) {
    var line = paperRow.mutableSpan
    let grid = levels.span
    let half = cellHeight / 2
    let upper = min(max((row - half) / cellHeight, 0), rows - 1)
    let lower = min(upper + 1, rows - 1)
    let above = grid.extracting((upper * columns)..<((upper + 1) * columns))
    let below = grid.extracting((lower * columns)..<((lower + 1) * columns))
    let down = Int32(min(max(row - half - upper * cellHeight, 0), cellHeight))
    var left = mixed(above[0], below[0], down)
    let first = UInt8(truncatingIfNeeded: (left + 8) >> 4)
    for x in 0..<min(cellWidth / 2, width) { line[x] = first }
    for column in 0..<columns {
      let start = cellWidth / 2 + column * cellWidth
      guard start < width else { return }
      let next = min(column + 1, columns - 1)
      let right = mixed(above[next], below[next], down)
      var part = line._mutatingExtracting(start..<min(start + cellWidth, width))
      writeLine(&part, left, right)
      left = right
    }
  }

  private func mixed(_ above: Int16, _ below: Int16, _ down: Int32) -> Int32 {
    Int32(above) + (Int32(below) - Int32(above)) * down / Int32(Self.cell)
  }
}
