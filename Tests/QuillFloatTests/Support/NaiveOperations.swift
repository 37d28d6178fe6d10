import QuillFloat

/// Every operation as the plainest loops over positions, by the engine's law of order, for comparison to the bit.
enum Naive {
  static func run(_ operation: QuillFloat.Operation, _ inputs: [FloatTensor], outputShape: [Int]) -> FloatTensor {
    var result = FloatTensor(shape: outputShape, repeating: 0)
    for position in result.positions {
      result[position] = element(operation, inputs, position, outputShape)
    }
    return result
  }

  private static func element(
    _ operation: QuillFloat.Operation, _ inputs: [FloatTensor], _ at: [Int], _ shape: [Int]
  ) -> Float {
    let x = inputs[0]
    switch operation {
    case .conv2D(let convolution): return self.convolution(convolution, inputs, at)
    case .depthwiseConv2D(let convolution): return depthwise(convolution, inputs, at)
    case .fullyConnected(let activation):
      var sum: Float = 0
      for k in 0..<inputs[1].shape[1] {
        sum = sum.addingProduct(x[at.dropLast() + [k]], inputs[1][[at[at.count - 1], k]])
      }
      return activate(inputs.count > 2 ? sum + inputs[2][[at[at.count - 1]]] : sum, activation)
    case .matrixMultiply: return matrix(inputs, at)
    case .maxPool2D(let pooling):
      return taps(pooling, x, at).reduce(-.infinity) { $1 > $0 ? $1 : $0 }
    case .averagePool2D(let pooling, let countsPadding):
      let values = taps(pooling, x, at)
      let count = countsPadding ? pooling.windowHeight * pooling.windowWidth : values.count
      return values.reduce(0, +) / Float(count)
    case .mean(let axes, let keepsAxes):
      let values = reduced(x, axes, keepsAxes, at)
      return Float(values.reduce(0, +) / Double(values.count))
    case .sum(let axes, let keepsAxes): return Float(reduced(x, axes, keepsAxes, at).reduce(0, +))
    case .batchNormalization(let epsilon):
      let c = [at[at.count - 1]]
      let factor = inputs[1][c] / (inputs[4][c] + epsilon).squareRoot()
      return (x[at] - inputs[3][c]) * factor + inputs[2][c]
    case .normalize(let axes, let centers, let epsilon):
      let values = reduced(x, axes, true, at.indices.map { axes.contains($0) ? 0 : at[$0] })
      let mean = centers ? values.reduce(0, +) / Double(values.count) : 0
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count) + Double(epsilon)
      return square > 0 ? Float((Double(x[at]) - mean) * (1 / square.squareRoot())) : 0
    case .binary(let binaryOperator, let activation):
      return activate(binary(binaryOperator, broadcast(inputs[0], at), broadcast(inputs[1], at)), activation)
    case .unary(let unaryOperator): return unary(unaryOperator, x[at])
    case .softmax(let axis), .logSoftmax(let axis):
      let line = (0..<x.shape[axis]).map { k in Double(x[at.replacing(axis, with: k)]) }
      let maximum = line.reduce(-.infinity, max)
      let sum = line.reduce(0) { $0 + FixedMath.exp($1 - maximum) }
      let difference = line[at[axis]] - maximum
      if case .softmax = operation { return Float(FixedMath.exp(difference) / sum) }
      return Float(difference - FixedMath.log(sum))
    case .pad(let before, after: _, let value):
      let source = zip(at, before).map { $0 - $1 }
      return zip(source, x.shape).allSatisfy { $0 >= 0 && $0 < $1 } ? x[source] : value
    case .reshape: return x.values[FloatTensor(shape: shape, repeating: 0).offset(at)]
    case .transpose(let permutation):
      var source = at
      for (axis, from) in permutation.enumerated() { source[from] = at[axis] }
      return x[source]
    case .concatenate(let axis):
      var position = at
      for input in inputs {
        if position[axis] < input.shape[axis] { return input[position] }
        position[axis] -= input.shape[axis]
      }
      return .nan
    case .slice(let starts, let steps): return x[at.indices.map { starts[$0] + at[$0] * steps[$0] }]
    case .resizeNearest(let resize):
      return x[[at[0], source(at[1], x.shape[1], shape[1], resize), source(at[2], x.shape[2], shape[2], resize), at[3]]]
    }
  }

  static func activate(_ x: Float, _ activation: QuillFloat.Operation.Activation) -> Float {
    switch activation {
    case .none: x
    case .relu: x < 0 ? 0 : x
    case .relu6: x < 0 ? 0 : min(x, 6)
    case .reluMinus1To1: x < -1 ? -1 : min(x, 1)
    }
  }

  private static func convolution(
    _ c: QuillFloat.Operation.Convolution, _ inputs: [FloatTensor], _ at: [Int]
  ) -> Float {
    let (x, w) = (inputs[0], inputs[1])
    let group = at[3] / (w.shape[0] / c.groups)
    var sum: Float = 0
    for kh in 0..<w.shape[1] {
      for kw in 0..<w.shape[2] {
        for i in 0..<w.shape[3] {
          let row = at[1] * c.strideHeight - c.padding.top + kh * c.dilationHeight
          let column = at[2] * c.strideWidth - c.padding.left + kw * c.dilationWidth
          let inside = row >= 0 && row < x.shape[1] && column >= 0 && column < x.shape[2]
          let value = inside ? x[[at[0], row, column, group * w.shape[3] + i]] : 0
          sum = sum.addingProduct(value, w[[at[3], kh, kw, i]])
        }
      }
    }
    return activate(inputs.count > 2 ? sum + inputs[2][[at[3]]] : sum, c.activation)
  }

  private static func depthwise(
    _ c: QuillFloat.Operation.Convolution, _ inputs: [FloatTensor], _ at: [Int]
  ) -> Float {
    let (x, w) = (inputs[0], inputs[1])
    let multiplier = w.shape[3] / x.shape[3]
    var sum: Float = 0
    for kh in 0..<w.shape[1] {
      for kw in 0..<w.shape[2] {
        let row = at[1] * c.strideHeight - c.padding.top + kh * c.dilationHeight
        let column = at[2] * c.strideWidth - c.padding.left + kw * c.dilationWidth
        let inside = row >= 0 && row < x.shape[1] && column >= 0 && column < x.shape[2]
        sum = sum.addingProduct(inside ? x[[at[0], row, column, at[3] / multiplier]] : 0, w[[0, kh, kw, at[3]]])
      }
    }
    return activate(inputs.count > 2 ? sum + inputs[2][[at[3]]] : sum, c.activation)
  }

  private static func matrix(_ inputs: [FloatTensor], _ at: [Int]) -> Float {
    let (row, column) = (at[at.count - 2], at[at.count - 1])
    var sum: Float = 0
    for k in 0..<inputs[0].shape[inputs[0].shape.count - 1] {
      let left = broadcast(inputs[0], at.dropLast(2) + [row, k])
      let right = broadcast(inputs[1], at.dropLast(2) + [k, column])
      sum = sum.addingProduct(left, right)
    }
    return sum
  }

  private static func taps(
    _ pooling: QuillFloat.Operation.Pooling, _ x: FloatTensor, _ at: [Int]
  ) -> [Float] {
    var values: [Float] = []
    for kh in 0..<pooling.windowHeight {
      for kw in 0..<pooling.windowWidth {
        let row = at[1] * pooling.strideHeight - pooling.padding.top + kh
        let column = at[2] * pooling.strideWidth - pooling.padding.left + kw
        if row >= 0 && row < x.shape[1] && column >= 0 && column < x.shape[2] {
          values.append(x[[at[0], row, column, at[3]]])
        }
      }
    }
    return values
  }

  private static func reduced(_ x: FloatTensor, _ axes: [Int], _ keepsAxes: Bool, _ at: [Int]) -> [Double] {
    x.positions.filter { position in
      let kept = position.indices.filter { !axes.contains($0) }.map { position[$0] }
      let wanted = keepsAxes ? at.indices.filter { !axes.contains($0) }.map { at[$0] } : at
      return kept == wanted
    }.map { Double(x[$0]) }
  }

  static func broadcast(_ x: FloatTensor, _ at: [Int]) -> Float {
    let position = at.suffix(x.shape.count)
    return x[zip(position, x.shape).map { $1 == 1 ? 0 : $0 }]
  }

  private static func binary(_ binaryOperator: QuillFloat.Operation.BinaryOperator, _ a: Float, _ b: Float) -> Float {
    switch binaryOperator {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .maximum: max(a, b)
    case .minimum: min(a, b)
    case .power: FixedMath.power(a, b)
    }
  }

  private static func unary(_ unaryOperator: QuillFloat.Operation.UnaryOperator, _ x: Float) -> Float {
    switch unaryOperator {
    case .activation(let activation): activate(x, activation)
    case .leakyRelu(let alpha): x < 0 ? alpha * x : x
    case .elu(let alpha): x < 0 ? alpha * FixedMath.expMinusOne(x) : x
    case .clip(let low, let high): min(max(x, low), high)
    case .sigmoid: FixedMath.sigmoid(x)
    case .hardSigmoid(let alpha, let beta): max(0, min(1, alpha * x + beta))
    case .hardSwish: x * min(max(x + 3, 0), 6) / 6
    case .tanh: FixedMath.tanh(x)
    case .exp: FixedMath.exp(x)
    case .log: FixedMath.log(x)
    case .squareRoot: x.squareRoot()
    case .absolute: abs(x)
    case .negate: -x
    case .reciprocal: 1 / x
    case .errorFunction: FixedMath.errorFunction(x)
    case .softplus: FixedMath.softplus(x)
    }
  }

  private static func source(
    _ index: Int, _ from: Int, _ to: Int, _ resize: QuillFloat.Operation.ResizeNearest
  ) -> Int {
    let (i, n, m) = (Double(index), Double(from), Double(to))
    if resize.alignsCorners && to > 1 { return Int((i * (n - 1) / (m - 1) + 1e-9).rounded()) }
    return min(Int(((resize.halfPixelCenters ? i + 0.5 : i) * n / m + 1e-9).rounded(.down)), from - 1)
  }
}

extension [Int] {
  /// The same position with another index on one axis.
  func replacing(_ axis: Int, with index: Int) -> [Int] {
    var position = self
    position[axis] = index
    return position
  }
}
