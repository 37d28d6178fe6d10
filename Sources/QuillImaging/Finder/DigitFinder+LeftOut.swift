extension DigitFinder {
  /// Doubts the digit nearest to each component that may be a digit too but was not read: the number may lack one.
  /// - Parameter first: the component that looks most like a digit.
  mutating func doubtBesideLeftOut(like first: PixelBox) {
    guard !isSmall, foundCount > 0 else { return }
    let level = Int32(inkLevel(of: 0))
    for index in 0..<ink.count where ink.components[index].group < 0 {
      let component = ink.components[index]
      guard mayBeLeftOut(component, first, level: level) else { continue }
      let digit = nearestDigit(to: component.box)
      found[digit] = found[digit].doubted
    }
  }

  /// Whether a component has a digit's size, a third to thrice the first's height, its shape and its ink, and is no line,
  /// frame, or end of the paper.
  private func mayBeLeftOut(_ component: InkComponent, _ first: PixelBox, level: Int32) -> Bool {
    let box = component.box
    guard box.height * 3 >= first.height, box.height <= first.height * 3 else { return false }
    guard box.width <= box.height * 2, edgesTouched(by: box) == 0 else { return false }
    guard component.mass * 2 >= component.area * level, isOfFirstPen(component) else { return false }
    return likeness(of: component) > 0
  }

  /// The digit that was found whose middle is nearest to that of a box in the searched plane.
  private func nearestDigit(to box: PixelBox) -> Int {
    let scale = Int32(factor)
    var (best, least) = (0, Int32.max)
    for index in 0..<foundCount {
      let other = found[index].box
      let away = abs(other.left + other.right - (box.left + box.right) * scale)
      let above = abs(other.top + other.bottom - (box.top + box.bottom) * scale)
      if away + above < least { (best, least) = (index, away + above) }
    }
    return best
  }
}
