extension DigitFinder {
  /// Reads the last search as lines of digits: groups, orders, parts what touches, and keeps each digit.
  mutating func readLines<Judge: DigitJudge & ~Copyable>(_ judge: inout Judge) {
    for index in 0..<ink.count { ink.assign(index, to: -1) }
    var groups: Int32 = 0
    var first: PixelBox?
    while groups < Int32(Self.mostDigits), let seed = nextSeed(like: first, of: Int(groups)) {
      if first == nil { first = ink.components[seed].box }
      gather(from: seed, group: groups)
      unstack(seed, group: groups, &judge)
      places[Int(groups)] = LinePlace(box: ink.sum(of: groups).box, row: -1)
      groups += 1
    }
    let rows = numberRows(Int(groups))
    for row in 0..<rows {
      while let group = nextFromLeft(row: row, of: Int(groups)) {
        places[group].row = -2
        read(group: Int32(group), row: row, &judge)
      }
    }
    if let first { doubtBesideLeftOut(like: first) }
  }

  /// Takes a digit off another above or below it where the judge is surer of it alone.
  private mutating func unstack<Judge: DigitJudge & ~Copyable>(_ seed: Int, group: Int32, _ judge: inout Judge) {
    let box = ink.sum(of: group).box
    guard !isSmall, foundCount < Self.mostDigits, box != ink.components[seed].box else { return }
    let whole = rating(of: group, from: nil, to: nil, &judge)
    regather(from: seed, group: group, tallest: 5)
    guard ink.sum(of: group).box != box else { return }
    let alone = rating(of: group, from: nil, to: nil, &judge)
    if alone <= whole { regather(from: seed, group: group, tallest: 9) }
  }

  private mutating func regather(from seed: Int, group: Int32, tallest limit: Int32) {
    for index in 0..<ink.count where ink.components[index].group == group { ink.assign(index, to: -1) }
    tallest = limit
    gather(from: seed, group: group)
    tallest = 9
  }

  /// The component that looks most like a digit among those not yet grouped; after the first, those of a like height, or
  /// like one of the `groups` digits beside, above or below them.
  private func nextSeed(like first: PixelBox?, of groups: Int) -> Int? {
    var best: Int?
    var bestScore: Int64 = 0
    for index in 0..<ink.count where ink.components[index].group < 0 {
      let component = ink.components[index]
      guard isSmall || edgesTouched(by: component.box) == 0 || mayBeCut(component, first) else { continue }
      if let first, !component.box.isLike(first), !continuesLine(component.box, of: groups) { continue }
      let score = likeness(of: component)
      // The rim of a sheet on a table is no digit beside one.
      if score > bestScore, first == nil || !isAstrideEdge(component.box) {
        bestScore = score
        best = index
      }
    }
    return best
  }

  /// Whether a box is next to a digit, in a row or a column, and much of its size: digits may shrink along a line.
  private func continuesLine(_ box: PixelBox, of groups: Int) -> Bool {
    for group in 0..<groups where places[group].isNext(to: box) { return true }
    return false
  }

  /// Whether what touches the picture's edge may be a digit, and not a table or the end of the sheet: where nothing else
  /// was found, or beside the first digit, of its pen, and not all along the edge.
  private func mayBeCut(_ component: InkComponent, _ first: PixelBox?) -> Bool {
    if edgesTouched(by: attempt.box) > 0 { return true }
    guard let first, LinePlace(box: first).isBeside(LinePlace(box: component.box)) else { return false }
    return component.edgeLength * 2 <= component.box.longSide && isOfFirstPen(component)
  }

  /// Whether a component's strokes are about as thick as those of the first digit.
  func isOfFirstPen(_ component: InkComponent) -> Bool {
    abs(component.thickness - attempt.thickness) <= attempt.thickness
  }

  /// Numbers the rows from the top: digits side by side are in one row, also where the row leans.
  private mutating func numberRows(_ groups: Int) -> Int {
    var rows = 0
    while let top = topmostWithoutRow(groups) {
      places[top].row = rows
      var grew = true
      while grew {
        grew = false
        for other in 0..<groups where places[other].row < 0 {
          var joins = false
          for member in 0..<groups where places[member].row == rows {
            joins = joins || places[member].isBeside(places[other])
          }
          guard joins else { continue }
          places[other].row = rows
          grew = true
        }
      }
      rows += 1
    }
    return rows
  }

  private func topmostWithoutRow(_ groups: Int) -> Int? {
    var best: Int?
    for group in 0..<groups where places[group].row == -1 {
      if let best, places[best].box.top + places[best].box.bottom <= places[group].box.top + places[group].box.bottom {
        continue
      }
      best = group
    }
    return best
  }

  private func nextFromLeft(row: Int, of groups: Int) -> Int? {
    var best: Int?
    for group in 0..<groups where places[group].row == row {
      if let best, places[best].box.left + places[best].box.right <= places[group].box.left + places[group].box.right {
        continue
      }
      best = group
    }
    return best
  }
}

extension PixelBox {
  /// Whether a box may be that of a digit of the same number, by its size alone.
  fileprivate func isLike(_ first: PixelBox) -> Bool {
    height * 9 >= first.height * 4 && height <= first.height * 2 && longSide * 2 >= first.height
  }
}

/// Where a digit stands among others.
struct LinePlace {
  var box = PixelBox(left: 0, top: 0, right: 0, bottom: 0)
  /// -1 while not known, -2 once read.
  var row = -1

  /// Whether a box is about as high as this digit, and close beside, above or below it.
  func isNext(to other: PixelBox) -> Bool {
    guard other.height * 5 >= box.height * 3, other.height * 3 <= box.height * 5 else { return false }
    let gapX = max(box.left, other.left) - min(box.right, other.right)
    let gapY = max(box.top, other.top) - min(box.bottom, other.bottom)
    guard max(gapX, gapY) >= 0, max(gapX, gapY) * 2 <= box.height * 3 else { return false }
    return gapX < gapY ? -gapX * 2 >= min(box.width, other.width) : -gapY * 2 >= min(box.height, other.height)
  }

  /// Whether two digits are neighbours in one row.
  func isBeside(_ other: LinePlace) -> Bool {
    let overlap = min(box.bottom, other.box.bottom) - max(box.top, other.box.top)
    let gap = max(box.left, other.box.left) - min(box.right, other.box.right)
    let height = min(box.height, other.box.height)
    return overlap * 5 >= height * 2 && gap <= max(box.height, other.box.height) * 4
  }
}
