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
  /// 0...255.
  var quality: UInt8 = 0
}
