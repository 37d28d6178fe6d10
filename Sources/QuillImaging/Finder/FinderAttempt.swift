/// One way to part ink from paper, and how well it went.
struct FinderAttempt {
  var polarity = Polarity.darkOnLight
  /// Cells on each side whose median is taken as the paper.
  var reach = 0
  /// Least contrast of ink.
  var threshold: UInt8 = 0
  /// How much the best component looks like a digit: its mass, weighed.
  var score: Int64 = 0
  /// Mass of the ink that was chosen, and of large shapes that cannot be digits.
  var chosenMass: Int64 = 0
  var refusedMass: Int64 = 0
  /// Whether the threshold parts dark ink from lighter lines, and not ink from paper.
  var isSecond = false
  /// Where the digit is.
  var box = PixelBox(left: 0, top: 0, right: 0, bottom: 0)
  /// Whether it is as simple as a hole in a stroke: convex, or nearly.
  var isConvex = false
  /// Whether it is no thicker than a stroke of its length.
  var isThin = false
  /// 0...255.
  var quality: UInt8 = 0

  /// Whether what surrounds the digit is quiet, so that no other estimate of the paper need be tried.
  var isClear = false

  /// Whether this shows a digit more surely, or as surely and with more ink.
  ///
  /// Of two shapes in each other, one dark and one light, the inner one is a hole in the other unless that one is no
  /// clear shape.
  func isBetter(than other: FinderAttempt) -> Bool {
    guard score > 0, other.score > 0 else { return score > 0 }
    if polarity != other.polarity {
      if box.intersection(other.box) == box { return !other.isClear && isClear && !isConvex }
      if box.intersection(other.box) == other.box { return isClear || other.isConvex || !other.isClear }
    }
    return isClear == other.isClear ? score > other.score : isClear
  }
}
