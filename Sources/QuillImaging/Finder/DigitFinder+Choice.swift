extension DigitFinder {
  /// Whether the plane is so small that it can only show one digit, cut out already.
  var isSmall: Bool { max(width, height) <= PaperLevel.smallPlane }

  /// Pixels below which a component is noise.
  var leastArea: Int32 { isSmall ? 2 : 6 }

  /// Chooses the component that looks most like a digit, joins the parts that broke off it, and rates the result.
  mutating func choose() {
    attempt.score = 0
    attempt.quality = 0
    attempt.refusedMass = 0
    attempt.chosenMass = 0
    var best = -1
    for index in 0..<ink.count {
      let score = likeness(of: ink.components[index])
      if score == 0, ink.components[index].box.longSide * 4 > Int32(max(width, height)) {
        attempt.refusedMass += Int64(ink.components[index].mass)
      }
      if score > attempt.score {
        attempt.score = score
        best = index
      }
    }
    guard best >= 0 else { return }
    attempt.chosenMass = Int64(ink.components[best].mass)
    gather(from: best, group: 0)
    attempt.quality = rate(group: 0)
  }

  /// How much a component looks like a digit: 0 for never, else its mass, less for lying off the middle or at the edge.
  func likeness(of component: InkComponent) -> Int64 {
    let box = component.box
    let leastSide: Int32 = isSmall ? 4 : 9
    guard box.longSide >= leastSide else { return 0 }
    guard box.width * 2 <= box.height * (wantsLine ? 24 : 5), box.height <= box.width * 16 else { return 0 }
    let filled = Int64(component.area) * 100 / (Int64(box.width) * Int64(box.height))
    let slender = box.height * 2 >= box.width * 5
    guard slender || filled <= (isSmall ? 95 : 78) else { return 0 }
    var score = Int64(component.mass) * 16
    if !isSmall {
      guard box.width * 20 < Int32(width) * 19 || box.height * 20 < Int32(height) * 19 else { return 0 }
      let sides = edgesTouched(by: box)
      if sides > 1 { return 0 }
      if sides == 1 { score /= 8 }
      // A frame or a grid is large and thin everywhere.
      if filled < 6 { score /= 8 }
      score = score * Int64(nearness(of: box)) / 256
    }
    return score
  }

  /// How many edges of the plane a box touches.
  func edgesTouched(by box: PixelBox) -> Int {
    var count = 0
    if box.left <= 0 { count += 1 }
    if box.top <= 0 { count += 1 }
    if box.right >= Int32(width) { count += 1 }
    if box.bottom >= Int32(height) { count += 1 }
    return count
  }

  /// 256 for a box in the middle of the plane, falling to 128 in a corner.
  private func nearness(of box: PixelBox) -> Int32 {
    let offX = abs(box.left + box.right - Int32(width)) * 256 / Int32(width)
    let offY = abs(box.top + box.bottom - Int32(height)) * 256 / Int32(height)
    return 256 - (offX + offY) / 4
  }

  /// Takes a component and everything that broke off it into a group.
  mutating func gather(from seed: Int, group: Int32) {
    ink.assign(seed, to: group)
    let first = ink.components[seed]
    var box = first.box
    // Each round may bring the next part into reach; a digit has few parts.
    for _ in 0..<4 {
      var grew = false
      for index in 0..<ink.count where ink.components[index].group < 0 {
        guard belongs(ink.components[index], to: first, box: box) else { continue }
        ink.assign(index, to: group)
        box = box.union(ink.components[index].box)
        grew = true
      }
      guard grew else { return }
    }
  }

  /// Whether a component is part of the digit around `first` that has grown to `box`.
  private func belongs(_ part: InkComponent, to first: InkComponent, box: PixelBox) -> Bool {
    if isSmall { return true }
    guard part.area * 64 >= first.area else { return false }
    if edgesTouched(by: part.box) > 0, edgesTouched(by: first.box) == 0 { return false }
    let side = first.box.longSide
    let reach = max(side / 6, 2)
    let gapX = max(part.box.left - box.right, box.left - part.box.right)
    let gapY = max(part.box.top - box.bottom, box.top - part.box.bottom)
    guard gapX <= reach, gapY <= reach else { return false }
    let whole = part.box.union(box)
    guard whole.longSide <= side * 7 / 4 else { return false }
    // A tall neighbour that stands clear to the left or right is the next digit.
    let isTall = part.box.height * 5 >= first.box.height * 3
    if gapX >= 0, isTall { return false }
    // In a line, slanted neighbours may overlap a little.
    if wantsLine, isTall, -gapX * 2 < min(part.box.width, box.width) { return false }
    return true
  }

  /// The quality of a group, 0...255.
  func rate(group: Int32) -> UInt8 {
    var mass: Int64 = 0
    var area: Int64 = 0
    var box: PixelBox?
    for index in 0..<ink.count where ink.components[index].group == group {
      mass += Int64(ink.components[index].mass)
      area += Int64(ink.components[index].area)
      box = box?.union(ink.components[index].box) ?? ink.components[index].box
    }
    guard let box, area > 0 else { return 0 }
    let mean = mass / area
    let noise = Int64(paper.noise)
    var quality = min(255, max(0, (mean - noise) * 255 / (2 * noise)))
    if !isSmall, edgesTouched(by: box) > 0 { quality /= 4 }
    let filled = area * 100 / (Int64(box.width) * Int64(box.height))
    if !isSmall, filled < 8 { quality /= 2 }
    // Wider than any digit: perhaps several in touch.
    if !isSmall, box.width * 4 > box.height * 5 { quality /= 3 }
    for index in 0..<doubtfulCount where doubtful[index].intersection(box) == box {
      quality = min(quality, Int64(FoundDigit.unsureQuality) - 6)
    }
    return UInt8(truncatingIfNeeded: quality)
  }
}
