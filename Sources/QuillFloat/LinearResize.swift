/// Bilinear resizing of `[1, H, W, C]` as two products with constants: every row of the result is a sum of two of the
/// input's, and then every column.
///
/// Any rule for the place of an element can be had in this way, and the runtime needs no operator for it.
package struct LinearResize: Sendable, Equatable {
  /// Weights `[target, source]` along rows or columns; `nil` where the axis stays as it is.
  package struct Axis: Sendable, Equatable {
    package let source: Int
    package let target: Int
    package let weights: [Float]

    /// More than any network for a small board asks for.
    private static let permittedCount = 1 << 22

    /// - Parameter place: where among the source's elements one of the result's lies; beyond the ends is at the ends.
    package init?(source: Int, target: Int, place: (Int) -> Double) {
      let (count, overflow) = source.multipliedReportingOverflow(by: target)
      guard source >= 1, target >= 1, !overflow, count <= Self.permittedCount else { return nil }
      self.source = source
      self.target = target
      var weights = [Float](repeating: 0, count: count)
      for index in 0..<target {
        let exact = place(index)
        guard exact.isFinite else { return nil }
        let inside = min(max(exact, 0), Double(source - 1))
        let lower = Int(inside.rounded(.down))
        let share = inside - Double(lower)
        weights[index * source + lower] += Float(1 - share)
        if share > 0 { weights[index * source + lower + 1] += Float(share) }
      }
      self.weights = weights
    }

    /// TensorFlow's rule, by its two options.
    package init?(source: Int, target: Int, alignsCorners: Bool, halfPixelCenters: Bool) {
      let step =
        alignsCorners && target > 1 ? Double(source - 1) / Double(target - 1) : Double(source) / Double(target)
      self.init(source: source, target: target) { index in
        halfPixelCenters ? (Double(index) + 0.5) * step - 0.5 : Double(index) * step
      }
    }

    /// Whether every element stays what it is.
    fileprivate var isIdentity: Bool {
      source == target && (0..<source).allSatisfy { weights[$0 * source + $0] == 1 }
    }
  }

  private let rows: Axis
  private let columns: Axis

  package init(rows: Axis, columns: Axis) {
    self.rows = rows
    self.columns = columns
  }

  /// The axes that change, rows first: a product with weights `[target, source]` each.
  package var products: [Axis] { [rows, columns].filter { !$0.isIdentity } }

  /// Puts the resizing together.
  ///
  /// - Parameters:
  ///   - image: what is resized.
  ///   - channels: its channels.
  ///   - weights: those of `products`.
  ///   - emit: adds an operation with a result of that shape; the last one is the whole.
  package func assembled<Tensor, Failure: Error>(
    _ image: Tensor, channels: Int, weights: [Tensor],
    _ emit: (_ operation: Operation, _ inputs: [Tensor], _ shape: [Int]) throws(Failure) -> Tensor
  ) throws(Failure) -> Tensor {
    var result = image
    var next = 0
    if !rows.isIdentity {
      let turned = [1, columns.source, channels, rows.source]
      result = try emit(.transpose(permutation: [0, 2, 3, 1]), [result], turned)
      result = try emit(
        .fullyConnected(.none), [result, weights[next]], Array(turned.dropLast()) + [rows.target])
      next += 1
      if columns.isIdentity {
        return try emit(.transpose(permutation: [0, 3, 1, 2]), [result], [1, rows.target, columns.source, channels])
      }
      result = try emit(
        .transpose(permutation: [0, 3, 2, 1]), [result], [1, rows.target, channels, columns.source])
    } else if !columns.isIdentity {
      result = try emit(
        .transpose(permutation: [0, 1, 3, 2]), [result], [1, rows.source, channels, columns.source])
    }
    guard !columns.isIdentity else { return result }
    result = try emit(
      .fullyConnected(.none), [result, weights[next]], [1, rows.target, channels, columns.target])
    return try emit(
      .transpose(permutation: [0, 1, 3, 2]), [result], [1, rows.target, columns.target, channels])
  }
}
