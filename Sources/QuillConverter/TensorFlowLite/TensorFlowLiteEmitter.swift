import QuillFloat

/// Adds the nodes of one operator of a float network.
struct TensorFlowLiteEmitter {
  var builder: GraphBuilder
  let place: TensorFlowLitePlace

  /// The name of the operator's result.
  var name: String

  func shape(_ id: Graph.TensorID) -> [Int] { builder.graph[id].shape }

  mutating func node(
    _ operation: Operation, _ operands: [Graph.TensorID], suffix: String = "", shape: [Int]? = nil
  ) throws(ImportError) -> Graph.TensorID {
    do throws(GraphError) {
      return try builder.append(operation, operands, name: name + suffix, outputShape: shape)
    } catch {
      throw .tensorFlowLite(place, .graph(error))
    }
  }

  mutating func constant(_ value: Float, suffix: String) throws(ImportError) -> Graph.TensorID {
    do throws(GraphError) {
      return try builder.constant(name + suffix, shape: [1], [value])
    } catch {
      throw .tensorFlowLite(place, .graph(error))
    }
  }

  /// Adds an operation and, where there is one, the activation after it.
  private mutating func activated(
    _ operation: Operation, _ operands: [Graph.TensorID], _ activation: Operation.Activation
  ) throws(ImportError) -> Graph.TensorID {
    guard activation != .none else { return try node(operation, operands) }
    let result = try node(operation, operands, suffix: "/linear")
    return try node(.unary(.activation(activation)), [result])
  }

  /// Adds the nodes of an operator and answers its result.
  mutating func emit(
    _ operation: TensorFlowLiteOperation, _ operands: [Graph.TensorID], _ geometry: TensorFlowLiteGeometry
  ) throws(ImportError) -> Graph.TensorID {
    let input = operands[0]
    switch operation {
    case .conv2D(let options):
      let parameters = try geometry.convolution(options, weights: shape(operands[1]), isDepthwise: false)
      return try node(.conv2D(parameters), operands)
    case .depthwiseConv2D(let options):
      let parameters = try geometry.convolution(options, weights: shape(operands[1]), isDepthwise: true)
      return try node(.depthwiseConv2D(parameters), operands)
    case .transposedConv2D(let options): return try transposedConvolution(options, operands, geometry)
    case .resizeBilinear(let options): return try resizedBilinearly(input, options, geometry)
    case .fullyConnected(let activation, let keepsAxes):
      return try fullyConnected(activation, operands, keepsAxes: keepsAxes)
    case .maxPool2D(let options):
      return try activated(.maxPool2D(try geometry.pooling(options)), operands, options.activation)
    case .averagePool2D(let options):
      let pooling = try geometry.pooling(options)
      return try activated(.averagePool2D(pooling, countsPadding: false), operands, options.activation)
    case .binary(.squaredDifference, _):
      let difference = try node(.binary(.subtract, .none), operands, suffix: "/difference")
      return try node(.binary(.multiply, .none), [difference, difference])
    case .binary(let binary, let activation): return try node(.binary(Self.binary(binary), activation), operands)
    case .unary(let unary): return try emit(unary, input)
    case .reduction(let reduction, let keepsAxes):
      let axes = try geometry.reducedAxes()
      switch reduction {
      case .mean: return try node(.mean(axes: axes, keepsAxes: keepsAxes), [input])
      case .sum: return try node(.sum(axes: axes, keepsAxes: keepsAxes), [input])
      case .maximum: return try maximum(input, axes, keepsAxes)
      case .minimum:
        let negated = try node(.unary(.negate), [input], suffix: "/negated")
        return try node(.unary(.negate), [try maximum(negated, axes, keepsAxes, suffix: "/largest")])
      case .product: throw .tensorFlowLite(place, .unsupportedOperator)
      }
    case .softmax(let beta): return try softmax(input, beta: beta)
    case .logSoftmax: return try node(.logSoftmax(axis: shape(input).count - 1), [input])
    case .concatenation(let axis, let activation):
      return try activated(.concatenate(axis: try geometry.axis(axis)), operands, activation)
    case .pack(let axis): return try pack(operands, axis, geometry)
    case .cast where geometry.node.inputs[0].map(geometry.constants.model.isFedBytes) ?? false: return input
    case .cast, .dequantize:
      guard builder.graph[input].constant != nil else { throw .tensorFlowLite(place, .unsupportedOperator) }
      return input
    case .gather(let axis): return try gather(input, try geometry.gatheredRuns(axis), geometry.declared)
    case .tile: return try tile(input, try geometry.tiles())
    case .spaceToDepth(let block), .depthToSpace(let block): return try moveBlocks(operation, input, block, geometry)
    case .mirrorPad(let keepsEdge): return try mirrored(input, keepsEdge: keepsEdge, geometry)
    case .quantize, .shape, .split, .splitV, .unpack, .spaceToBatch, .batchToSpace:
      throw .tensorFlowLite(place, .unsupportedOperator)
    case .reshape, .squeeze, .expandDims, .pad, .padV2, .transpose, .slice, .stridedSlice, .resizeNearest, .prelu:
      return try arrange(operation, operands, geometry)
    }
  }

  private mutating func arrange(
    _ operation: TensorFlowLiteOperation, _ operands: [Graph.TensorID], _ geometry: TensorFlowLiteGeometry
  ) throws(ImportError) -> Graph.TensorID {
    let input = operands[0]
    switch operation {
    case .reshape(let target):
      return try node(.reshape, [input], shape: try geometry.reshaped(target))
    case .pad, .padV2:
      let paddings = try geometry.paddings()
      var value: Float = 0
      if operation == .padV2, let operand = geometry.node.inputs[2] {
        var constants = geometry.constants
        value = try constants.reals(operand).values.first ?? 0
      }
      return try node(.pad(before: paddings.before, after: paddings.after, value: value), [input])
    case .transpose: return try node(.transpose(permutation: try geometry.permutation()), [input])
    case .slice, .stridedSlice:
      let slice = try geometry.slice()
      if slice.result == slice.extents {
        return try node(.slice(starts: slice.starts, steps: slice.steps), [input], shape: slice.extents)
      }
      let taken = try node(
        .slice(starts: slice.starts, steps: slice.steps), [input], suffix: "/slice", shape: slice.extents)
      return try node(.reshape, [taken], shape: slice.result)
    case .resizeNearest(let options):
      return try node(.resizeNearest(options), [input], shape: try geometry.resized())
    case .prelu: return try parametricReLU(operands)
    default: return try node(.reshape, [input], shape: geometry.declared)
    }
  }

  private mutating func fullyConnected(
    _ activation: Operation.Activation, _ operands: [Graph.TensorID], keepsAxes: Bool
  ) throws(ImportError) -> Graph.TensorID {
    var operands = operands
    let (input, weights) = (shape(operands[0]), shape(operands[1]))
    guard weights.count == 2, weights[1] > 0, input.product % weights[1] == 0 else {
      throw .tensorFlowLite(place, .badShape(weights))
    }
    if input.count != 2 && !keepsAxes || input.last != weights[1] {
      operands[0] = try node(
        .reshape, [operands[0]], suffix: "/flat", shape: [input.product / weights[1], weights[1]])
    }
    return try node(.fullyConnected(activation), operands)
  }

  private mutating func softmax(_ input: Graph.TensorID, beta: Float) throws(ImportError) -> Graph.TensorID {
    var operand = input
    if beta != 1 {
      let factor = try constant(beta, suffix: "/beta")
      operand = try node(.binary(.multiply, .none), [input, factor], suffix: "/scaled")
    }
    return try node(.softmax(axis: shape(input).count - 1), [operand])
  }

  private mutating func pack(
    _ operands: [Graph.TensorID], _ axis: Int, _ geometry: TensorFlowLiteGeometry
  ) throws(ImportError) -> Graph.TensorID {
    let rank = geometry.input.count + 1
    let axis = try geometry.axis(axis, rank: rank)
    var parts: [Graph.TensorID] = []
    for (position, operand) in operands.enumerated() {
      var extents = shape(operand)
      guard extents.count == rank - 1 else { throw .tensorFlowLite(place, .badShape(extents)) }
      extents.insert(1, at: axis)
      parts.append(try node(.reshape, [operand], suffix: "/\(position)", shape: extents))
    }
    return try node(.concatenate(axis: axis), parts)
  }

  private mutating func parametricReLU(_ operands: [Graph.TensorID]) throws(ImportError) -> Graph.TensorID {
    let positive = try node(.unary(.activation(.relu)), [operands[0]], suffix: "/positive")
    let negative = try node(.unary(.clip(low: -.infinity, high: 0)), [operands[0]], suffix: "/negative")
    let scaled = try node(.binary(.multiply, .none), [negative, operands[1]], suffix: "/scaled")
    return try node(.binary(.add, .none), [positive, scaled])
  }

  private mutating func emit(
    _ unary: TensorFlowLiteOperation.Unary, _ input: Graph.TensorID
  ) throws(ImportError) -> Graph.TensorID {
    switch unary {
    case .relu: return try node(.unary(.activation(.relu)), [input])
    case .relu6: return try node(.unary(.activation(.relu6)), [input])
    case .reluMinus1To1: return try node(.unary(.activation(.reluMinus1To1)), [input])
    case .relu0To1: return try node(.unary(.clip(low: 0, high: 1)), [input])
    case .logistic: return try node(.unary(.sigmoid), [input])
    case .tanh: return try node(.unary(.tanh), [input])
    case .elu: return try node(.unary(.elu(alpha: 1)), [input])
    case .hardSwish: return try node(.unary(.hardSwish), [input])
    case .exp: return try node(.unary(.exp), [input])
    case .log: return try node(.unary(.log), [input])
    case .squareRoot: return try node(.unary(.squareRoot), [input])
    case .negate: return try node(.unary(.negate), [input])
    case .absolute: return try node(.unary(.absolute), [input])
    case .leakyRelu(let alpha): return try node(.unary(.leakyRelu(alpha: alpha)), [input])
    case .square: return try node(.binary(.multiply, .none), [input, input])
    case .gelu(let isApproximate): return try gelu(input, isApproximate: isApproximate)
    case .reciprocalSquareRoot:
      let root = try node(.unary(.squareRoot), [input], suffix: "/root")
      return try node(.unary(.reciprocal), [root])
    }
  }

  private static func binary(_ binary: TensorFlowLiteOperation.Binary) -> Operation.BinaryOperator {
    switch binary {
    case .add: .add
    case .subtract, .squaredDifference: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .maximum: .maximum
    case .minimum: .minimum
    case .power: .power
    }
  }
}
