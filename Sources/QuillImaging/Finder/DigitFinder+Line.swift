extension DigitFinder {
  /// Reads the last search as a line of digits: parts what touches, groups, and keeps the groups from left to right.
  mutating func readLine() {
    for _ in 0..<(2 * Self.mostDigits) {
      guard cutOneTouching() else { break }
      guard
        ink.find(in: contrast, width: width, height: height, threshold: attempt.threshold, leastArea: leastArea)
      else { return }
    }
    for index in 0..<ink.count { ink.assign(index, to: -1) }
    var groups: Int32 = 0
    var first: PixelBox?
    while groups < Int32(Self.mostDigits), let seed = nextSeed(like: first) {
      if first == nil { first = ink.components[seed].box }
      gather(from: seed, group: groups)
      groups += 1
    }
    keepFromLeft(groups)
  }

  /// The component that looks most like a digit among those not yet grouped; after the first, those of a like height
  /// on the same line.
  private func nextSeed(like first: PixelBox?) -> Int? {
    var best: Int?
    var bestScore: Int64 = 0
    for index in 0..<ink.count where ink.components[index].group < 0 {
      let component = ink.components[index]
      if let first {
        let overlap = min(component.box.bottom, first.bottom) - max(component.box.top, first.top)
        guard component.box.height * 9 >= first.height * 4, component.box.height <= first.height * 2 else { continue }
        guard overlap * 3 >= min(component.box.height, first.height) else { continue }
      }
      let score = likeness(of: component)
      if score > bestScore {
        bestScore = score
        best = index
      }
    }
    return best
  }

  /// Keeps groups 0..<`groups` in the order of their middles.
  private mutating func keepFromLeft(_ groups: Int32) {
    var done: Int32 = .min
    for _ in 0..<groups {
      var next: Int32 = .max
      var chosen: Int32 = -1
      for group in 0..<groups {
        // Twice the middle, made distinct by the group's number.
        let box = groupBox(group)
        let place = (box.left + box.right) * 32 + group
        if place > done, place < next {
          next = place
          chosen = group
        }
      }
      guard chosen >= 0 else { return }
      keep(group: chosen)
      done = next
    }
  }

  /// The box of a group's components; empty when it has none.
  func groupBox(_ group: Int32) -> PixelBox {
    var box: PixelBox?
    for index in 0..<ink.count where ink.components[index].group == group {
      box = box?.union(ink.components[index].box) ?? ink.components[index].box
    }
    return box ?? PixelBox(left: 0, top: 0, right: 0, bottom: 0)
  }

  /// Cuts the first component that is too wide for one digit and can be cut; false when there is none.
  private mutating func cutOneTouching() -> Bool {
    for index in 0..<ink.count {
      let box = ink.components[index].box
      guard box.width * 20 > box.height * 23, box.height >= 10, box.width <= box.height * 12 else { continue }
      guard likenessOfLine(ink.components[index]), cut(index) else { continue }
      return true
    }
    return false
  }

  /// Whether a component may be several digits in touch: neither at the edge of the plane nor solid.
  private func likenessOfLine(_ component: InkComponent) -> Bool {
    let filled = Int64(component.area) * 100 / (Int64(component.box.width) * Int64(component.box.height))
    return filled >= 6 && filled <= 78 && edgesTouched(by: component.box) == 0
  }

  /// Parts a component along the path from its top to its bottom that crosses the least ink, and clears that path from
  /// the contrast plane.
  ///
  /// - Returns: false when every path crosses more ink than three strokes are thick.
  private mutating func cut(_ component: Int) -> Bool {
    let part = ink.components[component]
    let box = part.box
    // A digit is about four fifths as wide as high: where the first of them should end.
    let parts = max(2, (box.width * 10 + box.height * 4) / (box.height * 8))
    let middle = box.left + box.width / parts
    let reach = max(2, box.height / 4)
    let corridor = PixelBox(
      left: max(box.left + 2, middle - reach), top: box.top,
      right: min(box.right - 2, middle + reach), bottom: box.bottom)
    guard corridor.width >= 1 else { return false }
    let stroke = max(1, part.area / max(1, part.runCount)) * (part.mass / max(1, part.area))
    let crossed = layPaths(corridor)
    let isCheap = crossed.cost <= 3 * stroke
    if isCheap { clearPath(from: crossed.column, corridor) }
    for row in Int(box.top)..<Int(box.bottom) {
      for column in Int(corridor.left)..<Int(corridor.right) { cutout[row * width + column] = 0 }
    }
    // Three digits in touch are wide beyond doubt; two may be one digit that leans.
    if isCheap, box.width * 2 < box.height * 3 || crossed.cost * 2 > 3 * stroke { doubt(box) }
    return isCheap
  }

  private mutating func doubt(_ box: PixelBox) {
    guard doubtfulCount < doubtful.count else { return }
    doubtful[doubtfulCount] = box
    doubtfulCount += 1
  }

  /// Finds the cheapest path down a corridor by dynamic programming: a step goes straight down or one column aside.
  ///
  /// Leaves each pixel's step back up (0, 1, 2 for left, straight, right) in the cutout plane.
  private mutating func layPaths(_ corridor: PixelBox) -> (column: Int, cost: Int32) {
    let left = Int(corridor.left)
    let right = Int(corridor.right)
    var (last, next) = (0, width)
    for column in left..<right { cutCosts[last + column] = 0 }
    for row in Int(corridor.top)..<Int(corridor.bottom) {
      for column in left..<right {
        var step = 1
        var cost = cutCosts[last + column]
        if column > left, cutCosts[last + column - 1] < cost {
          cost = cutCosts[last + column - 1]
          step = 0
        }
        if column + 1 < right, cutCosts[last + column + 1] < cost {
          cost = cutCosts[last + column + 1]
          step = 2
        }
        cutout[row * width + column] = UInt8(step)
        // A small charge for leaning keeps the path straight where no ink says otherwise.
        cutCosts[next + column] = cost + Int32(contrast.pixels[row * width + column]) * 2 + (step == 1 ? 0 : 1)
      }
      swap(&last, &next)
    }
    var best = left
    for column in left..<right where cutCosts[last + column] < cutCosts[last + best] { best = column }
    return (best, cutCosts[last + best] / 2)
  }

  /// Clears the path that ends in `column`, two pixels wide, so that the parts do not even touch by their corners.
  private mutating func clearPath(from end: Int, _ corridor: PixelBox) {
    var column = end
    for row in stride(from: Int(corridor.bottom) - 1, through: Int(corridor.top), by: -1) {
      let place = row * width + column
      contrast.pixels[place] = 0
      contrast.pixels[place - 1] = 0
      column += Int(cutout[place]) - 1
    }
  }
}
