extension Operation.UnaryOperator {
  /// Applies the operator to `count` elements, one by one; source and target may be the same.
  func apply(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, count: Int) {
    switch self {
    case .activation(let activation):
      let (low, high) = activation.bounds
      each(source, target, count) { clamp($0, low, high) }
    case .leakyRelu(let alpha): each(source, target, count) { $0 >= 0 ? $0 : alpha * $0 }
    case .elu(let alpha): each(source, target, count) { $0 >= 0 ? $0 : alpha * FixedMath.expMinusOne($0) }
    case .clip(let low, let high): each(source, target, count) { clamp($0, low, high) }
    case .sigmoid: each(source, target, count) { FixedMath.sigmoid($0) }
    case .hardSigmoid(let alpha, let beta): each(source, target, count) { clamp(alpha * $0 + beta, 0, 1) }
    case .hardSwish: each(source, target, count) { $0 * clamp($0 + 3, 0, 6) / 6 }
    case .tanh: each(source, target, count) { FixedMath.tanh($0) }
    case .exp: each(source, target, count) { FixedMath.exp($0) }
    case .log: each(source, target, count) { FixedMath.log($0) }
    case .squareRoot: each(source, target, count) { $0.squareRoot() }
    case .absolute: each(source, target, count) { $0.magnitude }
    case .negate: each(source, target, count) { -$0 }
    case .reciprocal: each(source, target, count) { 1 / $0 }
    case .errorFunction: each(source, target, count) { FixedMath.errorFunction($0) }
    case .softplus: each(source, target, count) { FixedMath.softplus($0) }
    }
  }

  @inline(__always)
  private func each(
    _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ count: Int, _ function: (Float) -> Float
  ) {
    for index in 0..<count { target[index] = function(source[index]) }
  }
}

/// `value` raised to `low` and lowered to `high`; NaN stays NaN. The C kernels do the same.
@inline(__always)
func clamp(_ value: Float, _ low: Float, _ high: Float) -> Float {
  let raised = value < low ? low : value
  return raised > high ? high : raised
}

extension Operation.BinaryOperator {
  /// Applies the operator and the bounds to `count` pairs; a stride of 0 repeats one element.
  func apply(
    _ left: UnsafePointer<Float>, _ leftStride: Int, _ right: UnsafePointer<Float>, _ rightStride: Int,
    _ target: UnsafeMutablePointer<Float>, count: Int, low: Float, high: Float
  ) {
    @inline(__always)
    func each(_ function: (Float, Float) -> Float) {
      if leftStride == 1 && rightStride == 1 {
        for index in 0..<count { target[index] = clamp(function(left[index], right[index]), low, high) }
      } else if leftStride == 1 && rightStride == 0 {
        let other = right[0]
        for index in 0..<count { target[index] = clamp(function(left[index], other), low, high) }
      } else {
        for index in 0..<count {
          target[index] = clamp(function(left[index * leftStride], right[index * rightStride]), low, high)
        }
      }
    }
    switch self {
    case .add: each { $0 + $1 }
    case .subtract: each { $0 - $1 }
    case .multiply: each { $0 * $1 }
    case .divide: each { $0 / $1 }
    case .maximum: each { $0 < $1 || $1.isNaN ? $1 : $0 }
    case .minimum: each { $0 > $1 || $1.isNaN ? $1 : $0 }
    case .power: each { FixedMath.power($0, $1) }
    }
  }
}
