/// A tensor that is known while a file is read: weights as floats, shapes and indices as integers.
struct Constant: Equatable {
  /// The type of the elements; integers of every width and truth values are held as `Int64`.
  var type: ElementType

  /// The extents; empty for a scalar. An extent may be 0.
  var shape: [Int]

  /// The elements in row-major order.
  var elements: Elements

  /// The integers that the elements were, where a file keeps them so.
  var quantization: ConstantQuantization?

  /// Elements of one kind.
  enum Elements: Equatable {
    case floats([Float])
    case integers([Int64])

    /// How many there are.
    var count: Int {
      switch self {
      case .floats(let values): values.count
      case .integers(let values): values.count
      }
    }
  }

  /// A constant of 64-bit integers along one axis.
  init(integers: [Int64]) {
    self.init(type: .int64, shape: [integers.count], elements: .integers(integers))
  }

  /// A constant by type, shape and elements, which must fill the shape.
  init(type: ElementType, shape: [Int], elements: Elements) {
    self.type = type
    self.shape = shape
    self.elements = elements
    precondition(count == shape.reduce(1, *))
  }

  /// The number of elements.
  var count: Int { elements.count }

  /// The elements as floats; integers are rounded to the nearest.
  var floats: [Float] {
    switch elements {
    case .floats(let values): values
    case .integers(let values): values.map { Float($0) }
    }
  }

  /// The elements as integers, or `nil` for floats.
  var integers: [Int64]? {
    if case .integers(let values) = elements { values } else { nil }
  }

  /// The same elements under another shape of the same count.
  func reshaped(_ shape: [Int]) -> Constant {
    var result = Constant(type: type, shape: shape, elements: elements)
    if let quantization, quantization.scales.count == 1 { result.quantization = quantization }
    return result
  }

  /// The elements at the given positions, under a shape.
  func gathered(_ positions: [Int], shape: [Int]) -> Constant {
    switch elements {
    case .floats(let values):
      Constant(type: type, shape: shape, elements: .floats(positions.map { values[$0] }))
    case .integers(let values):
      Constant(type: type, shape: shape, elements: .integers(positions.map { values[$0] }))
    }
  }

  /// The constant with its axes in another order: axis `i` of the result is axis `permutation[i]`.
  func transposed(_ permutation: [Int]) -> Constant {
    let strides = shape.rowMajorStrides
    let outputShape = permutation.map { shape[$0] }
    var result = gathered(
      outputShape.positions(strides: permutation.map { strides[$0] }), shape: outputShape)
    result.quantization = quantization
    result.quantization?.axis = quantization?.axis.flatMap { permutation.firstIndex(of: $0) }
    return result
  }

  /// The constant repeated along axes of extent 1 or missing in front, to a shape that it broadcasts to.
  func broadcast(to target: [Int]) -> Constant {
    if target == shape { return self }
    let strides = shape.rowMajorStrides
    let missing = target.count - shape.count
    let steps = target.indices.map { axis in
      axis < missing || shape[axis - missing] == 1 ? 0 : strides[axis - missing]
    }
    return gathered(target.positions(strides: steps), shape: target)
  }
}

extension [Int] {
  /// The distance in memory between neighbours on each axis of a dense row-major tensor of this shape.
  var rowMajorStrides: [Int] {
    var strides = [Int](repeating: 1, count: count)
    for axis in indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * self[axis + 1] }
    return strides
  }

  /// The position in memory of each element of a view of this shape, in row-major order.
  func positions(start: Int = 0, strides: [Int]) -> [Int] {
    var positions = [start]
    for (extent, stride) in zip(self, strides) {
      if extent == 1 { continue }
      var next: [Int] = []
      next.reserveCapacity(positions.count * extent)
      for position in positions {
        for index in 0..<extent { next.append(position + index * stride) }
      }
      positions = next
    }
    return positions
  }

  /// The shape that two shapes broadcast to by numpy's rule, or `nil`; extents of 0 are allowed.
  static func broadcasting(_ left: [Int], _ right: [Int]) -> [Int]? {
    let rank = Swift.max(left.count, right.count)
    var shape = [Int](repeating: 1, count: rank)
    for axis in 0..<rank {
      let one = axis < rank - left.count ? 1 : left[axis - (rank - left.count)]
      let other = axis < rank - right.count ? 1 : right[axis - (rank - right.count)]
      guard one == other || one == 1 || other == 1 else { return nil }
      shape[axis] = one == 1 ? other : one
    }
    return shape
  }
}
