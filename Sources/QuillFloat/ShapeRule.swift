/// The shape rules of the operations, for operands of given shapes; `Operation.outputShape` picks one.
struct ShapeRule {
  /// The operation's name, for errors.
  let name: String

  /// The operands' shapes.
  let inputs: [[Int]]

  /// Attributes beyond this are refused, so that sums of a few of them and of extents cannot overflow.
  static let largestAttribute = 1 << 30

  func fail(_ problem: GraphError.Problem) -> GraphError {
    GraphError(at: .operation(name), problem)
  }

  /// Proves the number of operands, and that their elements can be counted.
  func expectOperands(_ counts: ClosedRange<Int>) throws(GraphError) {
    guard counts.contains(inputs.count) else { throw fail(.operandCount(found: inputs.count, expected: counts)) }
    for shape in inputs {
      for (axis, extent) in shape.enumerated() where extent < 1 {
        throw fail(.emptyAxis(axis: axis, found: extent))
      }
      _ = try expectCountable(shape)
    }
  }

  func expectRank(_ rank: Int, of operand: GraphError.Operand, _ shape: [Int]) throws(GraphError) {
    guard shape.count == rank else { throw fail(.rank(operand, shape: shape, expected: rank)) }
  }

  func expectRank(atLeast rank: Int, of operand: GraphError.Operand, _ shape: [Int]) throws(GraphError) {
    guard shape.count >= rank else { throw fail(.rankTooLow(operand, shape: shape, minimum: rank)) }
  }

  func expectExtent(
    _ expected: Int, of operand: GraphError.Operand, _ shape: [Int], axis: Int
  ) throws(GraphError) {
    guard shape[axis] == expected else {
      throw fail(.extent(operand, axis: axis, found: shape[axis], expected: expected))
    }
  }

  func expectAxis(_ axis: Int, rank: Int) throws(GraphError) {
    guard axis >= 0, axis < rank else { throw fail(.axis(axis, rank: rank)) }
  }

  func expect(_ value: Int, atLeast minimum: Int, _ parameter: GraphError.Parameter) throws(GraphError) {
    guard value >= minimum else { throw fail(.tooSmall(parameter, found: value, minimum: minimum)) }
    guard value <= Self.largestAttribute else {
      throw fail(.tooLarge(parameter, found: value, maximum: Self.largestAttribute))
    }
  }

  func expectFinite(_ value: Float, _ parameter: GraphError.Parameter) throws(GraphError) {
    if let kind = GraphError.NonFinite(value) { throw fail(.nonFiniteParameter(parameter, kind)) }
  }

  /// The result's elements, counted without overflow.
  func expectCountable(_ shape: [Int]) throws(GraphError) -> [Int] {
    guard let count = shape.checkedProduct, count <= Graph.maximumElementCount else {
      throw fail(.tooManyElements(shape: shape, maximum: Graph.maximumElementCount))
    }
    return shape
  }
}

extension [Int] {
  /// The number of elements of a tensor with this shape, or `nil` where an `Int` cannot hold it or an extent is
  /// negative.
  package var checkedProduct: Int? {
    var product = 1
    for extent in self {
      let (result, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow || extent < 0 { return nil }
      product = result
    }
    return product
  }
}
