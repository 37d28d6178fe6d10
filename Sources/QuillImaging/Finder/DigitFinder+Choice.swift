extension DigitFinder {
  /// Whether the plane is so small that it can only show one digit, cut out already.
  var isSmall: Bool { max(width, height) <= PaperLevel.smallPlane }

  /// Pixels below which a component is noise.
  var leastArea: Int32 { isSmall ? 2 : 6 }

  /// Chooses the component that looks most like a digit, joins the parts that broke off it, and rates the result.
  ///
  /// What touches the edge of the picture, a table's end or a digit cut off, is looked at only where nothing else will do.
  mutating func choose() {
    attempt.score = 0
    attempt.quality = 0
    attempt.refusedMass = 0
    attempt.chosenMass = 0
    for index in 0..<ink.count where ink.components[index].box.longSide * 4 > Int32(max(width, height)) {
      if !ink.components[index].isFrame, likeness(of: ink.components[index]) == 0 {
        attempt.refusedMass += Int64(ink.components[index].mass)
      }
    }
    take(best(touchingEdge: false))
    guard !isSmall, attempt.quality < FoundDigit.unsureQuality else { return }
    let inside = attempt
    release()
    take(best(touchingEdge: true))
    guard inside.score > 0, attempt.quality <= inside.quality else { return }
    release()
    take(best(touchingEdge: false))
  }

  /// The component with the best score among those that touch the edge of the plane, or those that do not.
  private func best(touchingEdge: Bool) -> Int? {
    var best: Int?
    var most: Int64 = 0
    for index in 0..<ink.count {
      let component = ink.components[index]
      guard isSmall || (edgesTouched(by: component.box) > 0) == touchingEdge else { continue }
      let score = likeness(of: component)
      if score > most {
        most = score
        best = index
      }
    }
    return best
  }

  private mutating func take(_ chosen: Int?) {
    guard let chosen else { return }
    attempt.score = likeness(of: ink.components[chosen])
    attempt.chosenMass = Int64(ink.components[chosen].mass)
    gather(from: chosen, group: 0)
    attempt.quality = rate(group: 0)
  }

  /// Takes the digit apart again.
  private mutating func release() {
    for index in 0..<ink.count { ink.assign(index, to: -1) }
    attempt.score = 0
    attempt.quality = 0
  }

  /// How much a component looks like a digit: 0 for never, else its mass, less for lying off the middle or at the edge,
  /// on dark ground, or being thick.
  func likeness(of component: InkComponent) -> Int64 {
    guard !component.isFrame else { return 0 }
    let box = component.box
    let leastSide = isSmall ? 4 : max(9, Int32(max(width, height)) / 45)
    guard box.longSide >= leastSide else { return 0 }
    guard box.width * 2 <= box.height * (wantsLine ? 24 : 5), box.height <= box.width * 16 else { return 0 }
    let filled = Int64(component.area) * 100 / (Int64(box.width) * Int64(box.height))
    let slender = box.height * 2 >= box.width * 5
    guard slender || filled <= (isSmall ? 95 : 78) else { return 0 }
    var score = Int64(component.mass) * 16
    guard !isSmall else { return score }
    // A disc's is 39 hundredths of its diameter; the thickest pen's 26.
    let thickness = component.thickness * 100
    guard thickness <= box.longSide * 34 else { return 0 }
    if edgesTouched(by: box) > 0 {
      score /= 8
    } else if box.width * 20 >= Int32(width) * 19, box.height * 20 >= Int32(height) * 19 {
      score /= 8
    }
    // A frame or a grid is large and thin everywhere.
    if filled < 6 { score /= 8 }
    score = score * Int64(nearness(of: box)) / 256
    return score * Int64(brightness(of: box)) / 256
  }

  /// How bright the paper about a box is against the brightest, 1...256: people write on paper and not on the table.
  private func brightness(of box: PixelBox) -> Int32 {
    guard attempt.polarity == .darkOnLight else { return 256 }
    let level = paper.level(x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2)
    let share = level * 256 / max(1, paper.brightest)
    return max(1, share * share / 256)
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
    guard !part.isFrame, part.area * 64 >= first.area else { return false }
    if edgesTouched(by: part.box) > 0, edgesTouched(by: first.box) == 0 { return false }
    let side = first.box.longSide
    let reach = max(side / 6, 2)
    let gapX = max(part.box.left - box.right, box.left - part.box.right)
    let gapY = max(part.box.top - box.bottom, box.top - part.box.bottom)
    guard gapX <= reach, gapY <= reach else { return false }
    let whole = part.box.union(box)
    // The segments of a display stand close upon one another.
    let overlap = min(part.box.right, box.right) - max(part.box.left, box.left)
    let isUpon = overlap * 3 >= min(part.box.width, box.width)
    guard whole.longSide <= max(box.longSide, side * (isUpon ? 12 : 7) / 4) else { return false }
    // Nor is what is as high above or below, unless both may be the halves of a digit, or are the bars of a display.
    let isAlike = part.box.height * 5 >= first.box.height * 3 && part.box.height * 3 <= first.box.height * 5
    let isBar = part.box.height > part.box.width * 3 || first.box.height > first.box.width * 3
    let isApart = max(part.box.top - first.box.bottom, first.box.top - part.box.bottom) * 8 > -side
    if wantsLine, isApart, isAlike, !isBar, whole.height * 4 > whole.width * tallest { return false }
    // A tall neighbour that stands clear to the left or right is the next digit.
    let isTall = part.box.height * 5 >= box.height * 3
    if gapX >= 0, isTall { return false }
    // In a line, slanted neighbours may overlap a little.
    if wantsLine, isTall, -gapX * 2 < min(part.box.width, box.width) { return false }
    return true
  }

  /// The quality of a group, 0...255.
  mutating func rate(group: Int32, isParted: Bool = false) -> UInt8 {
    let sum = ink.sum(of: group)
    guard sum.area > 0 else { return 0 }
    let box = sum.box
    let (mass, area, outline) = (Int64(sum.mass), Int64(sum.area), Int64(sum.runCount + sum.columnRunCount))
    let noise = Int64(paper.noise)
    var mean = mass / area
    // A photograph of things is nowhere quiet: there the ink must stand out as grey levels, not as a share of a dim paper.
    if noise > 36, attempt.polarity == .darkOnLight {
      mean = mean * Int64(paper.level(x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2)) / 255
    }
    var quality = min(255, max(0, (mean - noise) * 255 / (2 * noise)))
    if !isSmall {
      quality = rateSurroundings(of: group, box: box, mass: mass, quality: quality)
      if group == 0 { attempt.isClear = quality >= Int64(FoundDigit.unsureQuality) && edgesTouched(by: box) == 0 }
      if isBusy(around: box, least: inkLevel(of: group) / 2, percent: wantsLine ? 20 : 7, both: true) { quality /= 3 }
      if group == 0 { attempt.thickness = Int32(area / max(1, outline)) }
      attempt.isThin = area * 100 <= outline * Int64(box.longSide) * 15
      // A seven is as simple, but leaves most of its box empty.
      let isFilled = attempt.isThin || area * 100 >= Int64(box.width * box.height) * 38
      attempt.isConvex = isFilled && outline * 100 < Int64(box.width + box.height) * 112
      quality = rateShape(box, area: area, thickness: area / max(1, outline), quality: quality)
    }
    if group == 0 { attempt.box = box }
    // Wider than any digit: perhaps several in touch.
    if !isSmall, !isParted, box.width * 4 > box.height * 5 { quality /= 3 }
    if isRimOfSheet { quality = min(quality, Int64(FoundDigit.unsureQuality) - 1) }
    return UInt8(truncatingIfNeeded: quality)
  }

  /// Lowers the quality of what touches the edge, is one of many shapes, hardly stands out, or lies amid a texture.
  private func rateSurroundings(of group: Int32, box: PixelBox, mass: Int64, quality: Int64) -> Int64 {
    var quality = quality
    let sides = edgesTouched(by: box)
    // A picture cut out close about its digit is touched on several sides, and filled.
    let isCloseCut = sides > 1 && box.width * box.height * 5 >= Int32(width) * Int32(height) * 3
    if sides > 0, !isCloseCut { quality /= 4 }
    var alike = 0
    for index in 0..<ink.count where ink.components[index].group != group {
      let other = ink.components[index]
      guard !other.isFrame else { continue }
      if other.box.height * 2 > box.height, other.box.longSide < box.longSide * 2, Int64(other.mass) * 4 > mass {
        alike += 1
      }
    }
    if !wantsLine, alike >= 6 { quality /= 3 }
    if ink.count >= Self.clutter { quality /= 3 }
    let isFaint = Int32(inkLevel(of: group)) * 8 < Int32(attempt.threshold) * (attempt.isSecond ? 9 : 10)
    // A texture stands out almost as the ink does, here and there.
    if isFaint || isBusy(around: box, least: attempt.threshold / 2, percent: 22, both: false) || isAstrideEdge(box) {
      quality /= 3
    }
    return quality
  }

  /// Lowers the quality of shapes that no pen writes: hardly there, solid, or a thick convex blob.
  private func rateShape(_ box: PixelBox, area: Int64, thickness: Int64, quality: Int64) -> Int64 {
    var quality = quality
    let filled = area * 100 / (Int64(box.width) * Int64(box.height))
    let slender = box.height * 2 >= box.width * 5
    let long = Int64(box.longSide)
    if filled < 8 { quality /= 2 }
    if thickness * 100 > long * 29 || (!slender && filled > 66) { quality /= 3 }
    if attempt.isConvex, !attempt.isThin, !slender { quality /= 3 }
    return quality
  }

  /// Whether more of what surrounds a box than some percent stands out from the paper by `least`, and more than noise
  /// does: in the ink's direction or, where `both` is set, in either. About a digit there is paper; about a slender part
  /// of a photograph of things there are darker and lighter ones.
  private func isBusy(around box: PixelBox, least: UInt8, percent: Int32, both: Bool) -> Bool {
    let whole = PixelBox(left: 0, top: 0, right: Int32(width), bottom: Int32(height))
    let outer = box.grown(by: 4 + box.longSide / 3).intersection(whole)
    let inner = box.grown(by: 3).intersection(outer)
    let least = max(least, UInt8(truncatingIfNeeded: paper.noise))
    var count = standing(in: outer, without: inner, least, of: contrast)
    if both { count += standing(in: outer, without: inner, least, of: opposite) }
    return count * 100 > (outer.width * outer.height - inner.width * inner.height) * percent
  }

  /// How many pixels of a box, without those of one within it, have at least this contrast.
  func standing(
    in box: PixelBox, without hole: PixelBox, _ least: UInt8, of plane: borrowing ContrastPlane
  ) -> Int32 {
    let pixels = plane.pixels.span
    var count: Int32 = 0
    for row in box.top..<box.bottom {
      let first = Int(row) * width
      let (start, end) = (first + Int(box.left), first + Int(box.right))
      if row >= hole.top, row < hole.bottom {
        count += countAtLeast(least, pixels.extracting(start..<(first + Int(hole.left))))
        count += countAtLeast(least, pixels.extracting((first + Int(hole.right))..<end))
      } else {
        count += countAtLeast(least, pixels.extracting(start..<end))
      }
    }
    return count
  }

  /// Whether the paper to one side of a box is twice as bright as to another: the end of the paper, or of a table.
  func isAstrideEdge(_ box: PixelBox) -> Bool {
    let outer = box.grown(by: 16)
    var (least, most) = (Int32.max, Int32.min)
    for step: Int32 in 0..<9 where step != 4 {
      let level = paper.level(
        x: outer.left + outer.width * (step % 3) / 2, y: outer.top + outer.height * (step / 3) / 2)
      least = min(least, level)
      most = max(most, level)
    }
    // Across a slender box light changes little: what is so beside a number is the rim of its sheet.
    let isSlender = wantsLine && box.height > 4 * box.width
    return least * (isSlender ? 3 : 4) < most * 2 && most - least > 2 * paper.noise
  }

  /// So many shapes are no writing but a texture.
  private static let clutter = 120
}
