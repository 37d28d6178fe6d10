/// A straight thin line across the plane, as ruled and squared paper has.
struct RuleLine {
  /// Rise of the line over `RuleSearch.slopeRun` pixels along it.
  var slope: Int32 = 0
  /// Where it crosses the middle of the plane, in pixels across.
  var place: Int32 = 0
  /// Samples that lie on it.
  var votes: Int32 = 0
}

/// Looks for long thin lines in one direction: every fourth column (or row) is looked through for short runs of ink, and
/// their middles vote for lines of few slopes. Hough, "Method and means for recognizing complex patterns" (1962).
struct RuleSearch: ~Copyable {
  /// Pixels from one sampled column to the next.
  static let step = 4
  /// Slopes are counted in pixels over this many.
  static let slopeRun: Int32 = 640
  /// Steepest slope on either side of none, and the distance of two slopes that are told apart.
  static let steepest: Int32 = 66
  static let slopeStep: Int32 = 3
  /// How far a line may leave the plane's side within it.
  static let margin = 80

  /// Middles of short runs: column, place across.
  private var points: [InlineArray<2, Int16>]
  private(set) var count = 0
  /// Votes for the places of lines of up to three slopes, `room` places each.
  private var votes: [UInt16]
  private let room: Int
  private var middleSlope: Int32 = 0
  private var length = 0

  /// Makes room for planes with sides up to `side`.
  init(side: Int) {
    points = [InlineArray<2, Int16>](repeating: [0, 0], count: (side / Self.step + 1) * 32)
    room = side + 2 * Self.margin
    votes = [UInt16](repeating: 0, count: 3 * room)
  }

  /// Columns that are looked through along `length` pixels.
  static func samples(_ length: Int) -> Int { (length + step - 1) / step }

  /// Gathers the runs of at most `thickest` pixels of ink.
  mutating func gather(_ pixels: [UInt8], _ way: RuleDirection, threshold: UInt8, thickest: Int) {
    let plane = pixels.span
    count = 0
    length = way.length
    for along in stride(from: 0, to: way.length, by: Self.step) {
      var start = -1
      for across in 0...way.breadth {
        let isInk = across < way.breadth && plane[way.place(along, across)] >= threshold
        if isInk, start < 0 { start = across }
        if !isInk, start >= 0 {
          if across - start <= thickest, count < points.count {
            points[count] = [Int16(along), Int16((start + across) / 2)]
            count += 1
          }
          start = -1
        }
      }
    }
  }

  /// The slope for which the votes gather in the fewest places: that of all the paper's lines, which are parallel.
  mutating func commonSlope(breadth: Int) -> Int32 {
    var best: Int32 = 0
    var most: Int64 = -1
    // Where there are many, a few hundred tell.
    let every = max(3, count / 400)
    for slope in stride(from: -Self.steepest, through: Self.steepest, by: Int(Self.slopeStep)) {
      tally(slope, breadth: breadth, every: every)
      var sum: Int64 = 0
      for place in 0..<(breadth + 2 * Self.margin) { sum += Int64(votes[place]) * Int64(votes[place]) }
      if sum > most {
        most = sum
        best = slope
      }
    }
    return best
  }

  /// Counts the votes for lines of a slope and of the two next to it; to be followed by `takeBest`.
  mutating func countVotes(near slope: Int32, breadth: Int) {
    middleSlope = slope
    for turn in 0..<3 { tally(self.slope(of: turn), breadth: breadth, every: 1, turn: turn) }
  }

  /// The line with the most votes of those counted; its points take no part any more.
  mutating func takeBest(breadth: Int) -> RuleLine {
    var best = RuleLine()
    for turn in 0..<3 {
      let own = votes.span.extracting((turn * room)..<(turn * room + breadth + 2 * Self.margin))
      for place in 1..<(own.count - 1) {
        let near = Int32(own[place - 1] &+ own[place] &+ own[place + 1])
        if near > best.votes { best = RuleLine(slope: slope(of: turn), place: Int32(place - Self.margin), votes: near) }
      }
    }
    var kept = 0
    for index in 0..<count {
      if abs(offset(index, best.slope) - best.place) > 3 {
        points[kept] = points[index]
        kept += 1
      } else {
        for turn in 0..<3 {
          let place = Int(offset(index, slope(of: turn))) + Self.margin
          if place >= 0, place < breadth + 2 * Self.margin { votes[turn * room + place] -= 1 }
        }
      }
    }
    count = kept
    return best
  }

  private func slope(of turn: Int) -> Int32 { middleSlope + Int32(turn - 1) * Self.slopeStep }

  private mutating func tally(_ slope: Int32, breadth: Int, every: Int, turn: Int = 0) {
    let first = turn * room
    for place in first..<(first + breadth + 2 * Self.margin) { votes[place] = 0 }
    for index in stride(from: 0, to: count, by: every) {
      let place = Int(offset(index, slope)) + Self.margin
      if place >= 0, place < breadth + 2 * Self.margin { votes[first + place] += 1 }
    }
  }

  /// Where the line of a slope through a point crosses the middle.
  private func offset(_ index: Int, _ slope: Int32) -> Int32 {
    let along = Int32(points[index][0]) - Int32(length / 2)
    return Int32(points[index][1]) - RuleLine(slope: slope).rise(along)
  }
}

extension RuleLine {
  /// How far the line has risen `along` pixels from its middle.
  func rise(_ along: Int32) -> Int32 {
    let scaled = along * slope
    return (scaled >= 0 ? scaled + RuleSearch.slopeRun / 2 : scaled - RuleSearch.slopeRun / 2) / RuleSearch.slopeRun
  }
}

/// Which way lines run: how the steps along and across them lie in memory.
struct RuleDirection {
  let length: Int
  let breadth: Int
  let alongStep: Int
  let acrossStep: Int

  func place(_ along: Int, _ across: Int) -> Int { along * alongStep + across * acrossStep }
}
