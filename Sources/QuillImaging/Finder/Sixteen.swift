// Loops over bytes, mostly 16, the side of the finder's cells and blocks. Each is a function of its own so that the compiler
// makes it a few vector instructions; within a larger function it does not.

/// The sum and count of 16 values in `lowest`...`lowest + range`, which ends at 255 or before.
@inline(never)
func sumNear16(_ values: Span<UInt8>, _ lowest: UInt8, _ range: UInt8) -> (sum: Int32, count: Int32) {
  guard values.count == 16 else { return (0, 0) }
  var sum: UInt16 = 0
  var count: UInt8 = 0
  for place in 0..<16 {
    let value = values[place]
    let mask: UInt8 = value &- lowest <= range ? 255 : 0
    sum &+= UInt16(value & mask)
    count &+= mask & 1
  }
  return (Int32(sum), Int32(count))
}

/// The greatest of 16 values.
@inline(never)
func greatest16(_ values: Span<UInt8>) -> UInt8 {
  guard values.count == 16 else { return 0 }
  var most: UInt8 = 0
  for place in 0..<16 { most = max(most, values[place]) }
  return most
}

/// How many of any number of values are at least `least`.
@inline(never)
func countAtLeast(_ least: UInt8, _ values: Span<UInt8>) -> Int32 {
  var count: Int32 = 0
  var first = 0
  while first < values.count {
    // Counted in a byte, which holds 255 steps.
    let part = values.extracting(first..<min(first + 255, values.count))
    var few: UInt8 = 0
    for place in part.indices { few &+= part[place] >= least ? 1 : 0 }
    count += Int32(few)
    first += 255
  }
  return count
}

/// Writes the upper bytes of `start`, `start + step`, `start + 2 step`, ..., all modulo 2^16, to 16 places.
@inline(never)
func writeLine16(_ line: inout MutableSpan<UInt8>, _ start: UInt16, _ step: UInt16) {
  guard line.count == 16 else { return }
  for place in 0..<16 {
    line[place] = UInt8(truncatingIfNeeded: (start &+ step &* UInt16(truncatingIfNeeded: place)) >> 8)
  }
}

/// The line from `left` towards `right`, levels with 4 fractional bits, in 16 steps: each rounded towards `left` to
/// 4 fractional bits, then half up to a whole level.
func writeLine(_ line: inout MutableSpan<UInt8>, _ left: Int32, _ right: Int32) {
  // 8 fractional bits modulo 2^16, which holds every level between the ends.
  let start = UInt16(truncatingIfNeeded: left * 16 + (right < left ? 128 + 15 : 128))
  let step = UInt16(truncatingIfNeeded: right - left)
  guard line.count != 16 else { return writeLine16(&line, start, step) }
  for place in line.indices {
    line[place] = UInt8(truncatingIfNeeded: (start &+ step &* UInt16(truncatingIfNeeded: place)) >> 8)
  }
}
