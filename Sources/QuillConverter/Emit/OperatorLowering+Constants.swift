import Quill
import QuillFloat

// Operators other than the linear ones: what `arithmetic.md` derives from scales, computed once, here.

extension OperatorLowering {
  private func source(_ node: QuantizedGraph.Node, _ index: Int = 0) -> QuantizedGraph.Tensor {
    graph.tensors[node.inputs[index]]
  }

  private func target(_ node: QuantizedGraph.Node) -> QuantizedGraph.Tensor { graph.tensors[node.output] }

  private func range(_ node: QuantizedGraph.Node, of activation: Operation.Activation) -> OutputRange {
    OutputRange(activation, scale: target(node).scale, zeroPoint: target(node).zeroPoint)
  }

  private func tooFarApart(_ node: QuantizedGraph.Node, _ operation: String) -> ConverterError {
    .scales(
      node: node.name, operation: operation,
      reason: "the scales of its operands and its output are too far apart for its integers")
  }

  func pool(
    _ node: QuantizedGraph.Node, _ pooling: Operation.Pooling, _ activation: Operation.Activation
  ) -> Pool {
    var result = Pool()
    result.windowHeight = UInt16(clamping: pooling.windowHeight)
    result.windowWidth = UInt16(clamping: pooling.windowWidth)
    result.strideHeight = UInt16(clamping: pooling.strideHeight)
    result.strideWidth = UInt16(clamping: pooling.strideWidth)
    result.padTop = UInt16(clamping: pooling.padding.top)
    result.padLeft = UInt16(clamping: pooling.padding.left)
    result.range = range(node, of: activation)
    return result
  }

  /// The axes of an image (0 rows, 1 columns, 2 channels) behind a tensor's axis; `nil` for the batch.
  private func imageAxis(_ axis: Int, rank: Int) -> Int? {
    let positive = axis < 0 ? axis + rank : axis
    return positive == 0 && rank > 1 ? nil : positive + (4 - max(rank, 1)) - 1
  }

  /// The set of a node's axes, as `Reduction` has it.
  private func imageAxes(_ axes: [Int], _ node: QuantizedGraph.Node) -> UInt32 {
    axes.reduce(0) { set, axis in
      imageAxis(axis, rank: source(node).shape.count).map { set | 1 << UInt32($0) } ?? set
    }
  }

  func normalization(
    _ node: QuantizedGraph.Node, _ axes: [Int], _ centers: Bool, _ epsilon: Float
  ) throws(ConverterError) -> Normalization {
    var result = Normalization()
    result.group.axes = imageAxes(axes, node)
    let count = result.group.count(of: tensors[node.inputs[0]])
    guard count <= Normalization.maximumCount else {
      throw .unsupported(
        node: node.name, operation: "Normalize",
        reason: "it goes over \(count) values; expected at most \(Normalization.maximumCount)")
    }
    result.centers = centers ? 1 : 0
    let scale = Double(source(node).scale)
    let steps = (Double(count) * Double(count) * Double(epsilon) / (scale * scale)).rounded(.toNearestOrAwayFromZero)
    guard steps <= Double(Normalization.maximumEpsilon),
      let multiplier = Multiplier(real: 1 / Double(target(node).scale)), (-4...16).contains(multiplier.shift)
    else { throw tooFarApart(node, "Normalize") }
    result.epsilon = UInt64(steps)
    result.group.multiplier = multiplier
    return result
  }

  func reduction(_ node: QuantizedGraph.Node, _ axes: [Int], isMean: Bool) throws(ConverterError) -> Reduction {
    var result = Reduction()
    result.axes = imageAxes(axes, node)
    guard let multiplier = Multiplier(real: Double(source(node).scale) / Double(target(node).scale)) else {
      throw tooFarApart(node, isMean ? "Mean" : "Sum")
    }
    result.multiplier = multiplier
    if isMean {
      let count = UInt64(result.count(of: tensors[node.inputs[0]]))
      let shift = min(63 - count.leadingZeroBitCount, 32, 31 + Int(multiplier.shift))
      result.multiplier.quantized = Int32((Int64(multiplier.quantized) << Int64(shift)) / Int64(count))
      result.multiplier.shift -= Int32(shift)
    }
    return result
  }

  func addition(_ node: QuantizedGraph.Node, _ activation: Operation.Activation) throws(ConverterError) -> Addition {
    let first = Double(source(node, 0).scale)
    let second = Double(source(node, 1).scale)
    let twice = 2 * max(first, second)
    let ratio = twice / (0x1p20 * Double(target(node).scale))
    guard ratio < 1, let left = Multiplier(real: first / twice), let right = Multiplier(real: second / twice),
      let sum = Multiplier(real: ratio)
    else { throw tooFarApart(node, "Add") }
    var result = Addition()
    result.first = left
    result.second = right
    result.sum = sum
    result.range = range(node, of: activation)
    return result
  }

  func multiplication(
    _ node: QuantizedGraph.Node, _ activation: Operation.Activation
  ) throws(ConverterError) -> Multiplication {
    let first = source(node, 0).scale
    let second = source(node, 1).scale
    let output = target(node).scale
    let real = match == .liteRT ? Double(first * second / output) : Double(first) * Double(second) / Double(output)
    guard let product = Multiplier(real: real), product.shift <= 14 else { throw tooFarApart(node, "Mul") }
    var result = Multiplication()
    result.product = product
    result.range = range(node, of: activation)
    return result
  }

  mutating func lookup(_ node: QuantizedGraph.Node, _ function: LookupFunction) throws(ConverterError) -> Lookup {
    let table = LookupTable(input: source(node), output: target(node), match: match)
    guard let values = table.values(function) else { throw tooFarApart(node, "\(function)") }
    var result = Lookup()
    result.function = function.coreFunction
    result.tableOffset = keep(values)
    return result
  }

  func softmax(_ node: QuantizedGraph.Node, _ beta: Float) throws(ConverterError) -> Softmax {
    let channels = source(node).shape.last ?? 1
    guard channels <= Softmax.maximumChannels else {
      throw .unsupported(
        node: node.name, operation: "Softmax",
        reason: "\(channels) classes; expected at most \(Softmax.maximumChannels): leave the softmax off (--no-softmax)"
      )
    }
    let real = min(Double(beta) * Double(source(node).scale) * 0x1p26, 0x1p31 - 1)
    guard real > 1, let multiplier = Multiplier(real: real, maximumShift: 31), multiplier.shift >= 1 else {
      throw tooFarApart(node, "Softmax")
    }
    var result = Softmax()
    result.multiplier = multiplier
    result.differenceMinimum = -Int32((Int64(31) << 26) >> Int64(multiplier.shift))
    return result
  }

  func padding(_ node: QuantizedGraph.Node, _ before: [Int]) throws(ConverterError) -> Padding {
    var result = Padding()
    for (axis, count) in before.enumerated() where count > 0 {
      switch imageAxis(axis, rank: before.count) {
      case 0: result.top = UInt32(count)
      case 1: result.left = UInt32(count)
      case 2: result.before = UInt32(count)
      default: throw .unsupported(node: node.name, operation: "Pad", reason: "it pads the batch")
      }
    }
    return result
  }

  func transposition(_ node: QuantizedGraph.Node, _ permutation: [Int]) throws(ConverterError) -> Transposition {
    var result = Transposition()
    let rank = permutation.count
    guard rank <= 4, rank < 2 || permutation[0] == 0 else {
      throw .unsupported(node: node.name, operation: "Transpose", reason: "it moves the batch, \(permutation)")
    }
    for axis in 0..<rank where axis > 0 {
      if let to = imageAxis(axis, rank: rank), let from = imageAxis(permutation[axis], rank: rank) {
        result.axes[to] = UInt32(from)
      }
    }
    return result
  }

  func concatenation(_ node: QuantizedGraph.Node, _ axis: Int) throws(ConverterError) -> Concatenation {
    guard let image = imageAxis(axis, rank: target(node).shape.count), node.inputs.count <= 64 else {
      throw .unsupported(
        node: node.name, operation: "Concatenate", reason: "it joins batches, or more than 64 tensors")
    }
    var result = Concatenation()
    result.axis = UInt32(image)
    return result
  }

  func slice(_ node: QuantizedGraph.Node, _ starts: [Int], _ steps: [Int]) throws(ConverterError) -> StridedSlice {
    var result = StridedSlice()
    for axis in starts.indices {
      guard let image = imageAxis(axis, rank: starts.count) else { continue }
      guard (0...Int(Int32.max)).contains(starts[axis]), abs(steps[axis]) <= 65_535 else {
        throw .unsupported(node: node.name, operation: "Slice", reason: "start or step is out of range")
      }
      result.starts[image] = Int32(starts[axis])
      result.steps[image] = Int32(steps[axis])
    }
    return result
  }

  mutating func nearestResize(_ node: QuantizedGraph.Node, _ resize: Operation.ResizeNearest) -> NearestResize {
    let input = tensors[node.inputs[0]]
    let output = tensors[node.output]
    let rows = Self.sources(from: Int(input.height), to: Int(output.height), resize)
    let columns = Self.sources(from: Int(input.width), to: Int(output.width), resize)
    var result = NearestResize()
    result.indexOffset = keep(rows + columns)
    return result
  }

  /// The source index of each output index (`arithmetic.md`, "Resize nearest").
  private static func sources(from input: Int, to output: Int, _ resize: Operation.ResizeNearest) -> [Int32] {
    let aligned = resize.alignsCorners && output > 1
    let scale = aligned ? Float(input - 1) / Float(output - 1) : Float(input) / Float(output)
    return (0..<output).map { index in
      let position = (Float(index) + (resize.halfPixelCenters ? 0.5 : 0)) * scale
      let rounded = resize.alignsCorners ? position.rounded(.toNearestOrAwayFromZero) : position.rounded(.down)
      return Int32(max(0, min(Int(rounded), input - 1)))
    }
  }
}

extension LookupFunction {
  /// The name that the core keeps for reports.
  var coreFunction: Lookup.Function {
    switch self {
    case .requantize: .requantize
    case .relu: .relu
    case .relu6: .relu6
    case .reluMinus1To1: .reluMinus1To1
    case .leakyRelu: .leakyRelu
    case .elu: .elu
    case .logistic: .logistic
    case .tanh: .tanh
    case .hardSwish: .hardSwish
    case .identity, .reversed, .negativePart, .negatedByte, .absolute, .squareRoot, .relu0To1, .reciprocalSquareRoot,
      .quotient, .tabulated, .other,
      .composed:
      .other
    }
  }
}
