import QuillFloat

/// One axis of an int8 `RESIZE_BILINEAR`, where TensorFlow Lite's places of elements, in steps of 1/1024, come back after
/// some elements: then convolutions give its bytes, one for each place.
struct BilinearAxis: Equatable {
  /// Where an element of the result lies.
  struct Phase: Equatable {
    /// The source's element before it, counted from the period's first; beyond an end is at the end.
    let first: Int

    /// What the element after that one counts for, of `1 << bits`.
    let share: Int
  }

  /// The elements of a period.
  let phases: [Phase]

  /// The source's elements of a period.
  let stride: Int

  /// The periods, the last of which may reach over the result's end.
  let count: Int

  /// Copies of the first element that are needed before it, and of the last one after it.
  let before: Int
  let after: Int

  /// The source's elements that a convolution reads.
  let window: Int

  /// Shares are of `1 << bits`.
  let bits: Int

  /// More convolutions than any enlargement whose weights int8 holds asks for.
  private static let permittedPhaseCount = 8

  /// Nil where the places do not come back soon enough, or the source's end is left.
  init?(source: Int, target: Int, _ options: Operation.ResizeNearest) {
    guard (1...(1 << 14)).contains(source), (1...(1 << 14)).contains(target) else { return nil }
    let (from, to) = options.alignsCorners && target > 1 ? (source - 1, target - 1) : (source, target)
    // `ResizeBilinearInteger` of LiteRT's reference kernels.
    let step = (1024 * from + to / 2) / to
    guard step >= 1 else { return nil }
    let offset = options.halfPixelCenters ? step / 2 - 512 : 0
    let divisor = 1 << min(10, step.trailingZeroBitCount)
    let period = 1024 / divisor
    guard period <= Self.permittedPhaseCount, ((target - 1) * step + offset) >> 10 < source else { return nil }
    let places = (0..<period).map { $0 * step + offset }
    let zeros = places.map { $0 & 1023 }.reduce(10) { min($0, $1 == 0 ? 10 : $1.trailingZeroBitCount) }
    bits = 10 - zeros
    phases = places.map { Phase(first: $0 >> 10, share: ($0 & 1023) >> zeros) }
    stride = step / divisor
    count = (target + period - 1) / period
    before = max(0, -(phases.map(\.first).min() ?? 0))
    let last = phases.map { $0.first + ($0.share > 0 ? 1 : 0) }.max() ?? 0
    window = before + last + 1
    after = max(0, (count - 1) * stride + last - (source - 1))
    guard (source + before + after - window) / stride + 1 == count else { return nil }
  }

  /// A convolution's weights for one place: `window` numbers with the sum `1 << bits`.
  func weights(_ phase: Int) -> [Int] {
    var weights = [Int](repeating: 0, count: window)
    let place = phases[phase]
    weights[before + place.first] = 1 << bits - place.share
    if place.share > 0 { weights[before + place.first + 1] = place.share }
    return weights
  }
}
