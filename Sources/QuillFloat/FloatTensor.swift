/// A dense float tensor: a shape and its values in row-major order.
///
/// Images are NHWC: `[batch, height, width, channels]`.
public struct FloatTensor: Sendable, Equatable {
  /// The extent of each axis, outermost first; empty for a scalar.
  public var shape: [Int]

  /// The elements in row-major order; `shape.product` of them.
  public var values: [Float]

  /// A tensor of the given shape over the given values, whose count must be the product of the shape.
  public init(shape: [Int], values: [Float]) {
    precondition(values.count == shape.product, "\(values.count) values do not fill the shape \(shape)")
    self.shape = shape
    self.values = values
  }

  /// A tensor of the given shape with every element the same.
  public init(shape: [Int], repeating value: Float) {
    self.init(shape: shape, values: [Float](repeating: value, count: shape.product))
  }
}

extension [Int] {
  /// The number of elements of a tensor with this shape; 1 for a scalar.
  package var product: Int { reduce(1, *) }
}
