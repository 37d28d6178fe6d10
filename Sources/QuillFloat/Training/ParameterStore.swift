/// All trained parameters of a network and their gradients, each layer's in one stretch.
final class ParameterStore {
  /// A stretch of parameters.
  struct Stretch {
    /// The first position.
    let offset: Int

    /// The parameters; a multiple of 16, the surplus staying zero.
    let count: Int

    /// Whether weight decay applies; it does not to biases, scales and shifts.
    let decays: Bool

    /// The positions.
    var range: Range<Int> { offset..<(offset + count) }
  }

  /// The stretches, in the order of the layers.
  private(set) var stretches: [Stretch] = []

  /// The parameters.
  private(set) var values = FloatStorage(count: 0)

  /// The gradient of the loss for each parameter.
  private(set) var gradients = FloatStorage(count: 0)

  /// All parameters.
  var count: Int { stretches.last.map { $0.offset + $0.count } ?? 0 }

  /// Reserves a stretch, before `allocate`.
  func reserve(_ count: Int, decays: Bool) -> Stretch {
    let stretch = Stretch(offset: self.count, count: (count + 15) / 16 * 16, decays: decays)
    stretches.append(stretch)
    return stretch
  }

  /// Makes room for what was reserved.
  func allocate() {
    values = FloatStorage(count: count)
    gradients = FloatStorage(count: count)
  }

  /// The parameters of a stretch.
  func values(_ stretch: Stretch) -> UnsafeMutablePointer<Float> { values.base + stretch.offset }

  /// The gradients of a stretch.
  func gradients(_ stretch: Stretch) -> UnsafeMutablePointer<Float> { gradients.base + stretch.offset }
}
