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
  /// How thick its strokes are; see `InkComponent.thickness`.
  var thickness: Int32 = 0
  /// Whether it is as simple as a hole in a stroke: convex, or nearly.
  var isConvex = false
  /// Whether it is no thicker than a stroke of its length.
  var isThin = false
  /// 0...255.
  var quality: UInt8 = 0

  /// Whether what surrounds the digit is quiet, so that no other estimate of the paper need be tried.
  var isClear = false

  /// Whether the shape is one that a pen writes.
  private var isSure: Bool { quality >= FoundDigit.unsureQuality }

  /// Whether the shape is clear and a line, by whatever pen.
  private var isStroke: Bool { isClear && !isConvex && thickness * 5 <= box.longSide }

  /// Whether this is a much finer line within the other, a shadow.
  func isWritten(in shadow: FinderAttempt) -> Bool {
    let isPart = box.intersection(shadow.box) == box && box.longSide * 4 >= shadow.box.longSide
    return isStroke && isPart && thickness * 2 <= shadow.thickness
  }

  /// Whether this is all but as large as the other, and of its polarity.
  func covers(_ other: FinderAttempt) -> Bool {
    polarity == other.polarity && box.intersection(other.box).longSide * 10 >= other.box.longSide * 9
  }

  /// Whether this is a line of the other polarity within the other's box.
  func liesOn(_ other: FinderAttempt) -> Bool {
    isStroke && polarity != other.polarity && box.intersection(other.box) == box
  }

  /// Whether this is a line on the other, which then is the rim of a sheet, and not a hole in a stroke, which is no line.
  private func isWritten(on other: FinderAttempt) -> Bool {
    isStroke && quality >= other.quality
  }

  /// Whether this shows a digit more surely, or as surely and with more ink.
  ///
  /// Of two shapes in each other, one dark and one light, the inner one is a hole in the other unless that one is no
  /// clear shape.
  func isBetter(than other: FinderAttempt) -> Bool {
    guard score > 0, other.score > 0 else { return score > 0 }
    if polarity != other.polarity {
      if box.intersection(other.box) == box { return isClear && !isConvex && (!other.isClear || isWritten(on: other)) }
      if box.intersection(other.box) == other.box {
        return !other.isWritten(on: self) && (isClear || other.isConvex || !other.isClear)
      }
    }
    guard isClear == other.isClear else { return isClear }
    // Where paper is followed into a solid thing, its outline is left: no reason to prefer that.
    let shared = box.intersection(other.box)
    let isElsewhere = shared != box && shared != other.box
    return isClear && isElsewhere && isSure != other.isSure ? isSure : score > other.score
  }
}
