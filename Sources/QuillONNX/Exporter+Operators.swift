import QuillFloat

/// Each operation in ONNX's words.
extension Exporter {
  mutating func write(_ operation: Operation) throws(ONNXError) -> Value {
    switch operation {
    case .conv2D(let convolution): return writeConvolution(convolution, weights: [0, 3, 1, 2])
    case .depthwiseConv2D(let convolution): return writeConvolution(convolution, weights: [3, 0, 1, 2])
    case .fullyConnected(let activation): return writeFullyConnected(activation)
    case .matrixMultiply: return inOwnOrder("MatMul")
    case .maxPool2D(let pooling): return writePool("MaxPool", pooling, [])
    case .averagePool2D(let pooling, let countsPadding):
      return writePool("AveragePool", pooling, [("count_include_pad", .int(countsPadding ? 1 : 0))])
    case .mean(let axes, let keepsAxes): return writeReduction("ReduceMean", axes, keepsAxes)
    case .sum(let axes, let keepsAxes): return writeReduction("ReduceSum", axes, keepsAxes)
    case .batchNormalization(let epsilon): return writeBatchNormalization(epsilon)
    case .normalize(let axes, let centers, let epsilon): return writeNormalization(axes, centers, epsilon)
    case .binary(let binaryOperator, let activation): return writeBinary(binaryOperator, activation)
    case .unary(let unaryOperator): return writeUnary(unaryOperator)
    case .softmax(let axis): return onView("Softmax") { [("axis", .int($0[axis]))] }
    case .logSoftmax(let axis): return onView("LogSoftmax") { [("axis", .int($0[axis]))] }
    case .pad(let before, let after, let value): return writePad(before, after, value)
    case .reshape: return writeReshape()
    case .transpose(let permutation):
      let inner = value(node.inputs[0])
      return Value(name: inner.name, permutation: permutation.composed(after: inner.permutation))
    case .concatenate(let axis): return writeConcatenation(axis)
    case .slice(let starts, let steps): return writeSlice(starts, steps)
    case .resizeNearest(let resize): return try writeResize(resize)
    }
  }

  private var ownOrder: [Int] { Array(graph[node.output].shape.indices) }

  /// An operator on operands in the graph's order.
  private mutating func inOwnOrder(_ operatorName: String, _ attributes: [(String, Attribute)] = []) -> Value {
    var inputs: [String] = []
    for input in node.inputs { inputs.append(own(input)) }
    return Value(
      name: add(operatorName, inputs, named: graph[node.output].name, attributes), permutation: ownOrder)
  }

  /// An operator that does not mind the order of axes, on what its operand views.
  private mutating func onView(
    _ operatorName: String, _ extra: [String] = [], _ attributes: ([Int]) -> [(String, Attribute)]
  ) -> Value {
    let input = value(node.inputs[0])
    let name = add(
      operatorName, [input.name] + extra, named: resultName(input.permutation), attributes(input.permutation))
    return Value(name: name, permutation: input.permutation)
  }

  /// Writes what follows a result.
  private mutating func activated(
    _ name: (inout Exporter) -> String, _ activation: Operation.Activation, _ write: (inout Exporter, String) -> Void
  ) -> String {
    if activation == .none {
      let result = name(&self)
      write(&self, result)
      return result
    }
    let sum = names.take(graph[node.output].name + "/linear")
    write(&self, sum)
    let result = name(&self)
    writeActivation(activation, sum, named: result)
    return result
  }

  private mutating func writeActivation(_ activation: Operation.Activation, _ input: String, named name: String) {
    switch activation {
    case .none: add("Identity", [input], named: name)
    case .relu: add("Relu", [input], named: name)
    case .relu6, .reluMinus1To1:
      let bounds = activation.bounds
      let ends = [constant("low", scalar: bounds.low), constant("high", scalar: bounds.high)]
      add("Clip", [input] + ends, named: name)
    }
  }

  // MARK: Images

  private mutating func writeConvolution(_ convolution: Operation.Convolution, weights: [Int]) -> Value {
    var inputs = [arranged(node.inputs[0], Importer.toNCHW), arranged(node.inputs[1], weights)]
    if node.inputs.count > 2 { inputs.append(own(node.inputs[2])) }
    let attributes: [(String, Attribute)] = [
      ("strides", .ints([convolution.strideHeight, convolution.strideWidth])),
      ("dilations", .ints([convolution.dilationHeight, convolution.dilationWidth])),
      ("pads", convolution.padding.attribute), ("group", .int(convolution.groups)),
    ]
    let name = activated({ $0.resultName(Importer.toNHWC) }, convolution.activation) { exporter, sum in
      exporter.add("Conv", inputs, named: sum, attributes)
    }
    return Value(name: name, permutation: Importer.toNHWC)
  }

  private mutating func writePool(
    _ operatorName: String, _ pooling: Operation.Pooling, _ extra: [(String, Attribute)]
  ) -> Value {
    let input = arranged(node.inputs[0], Importer.toNCHW)
    let attributes: [(String, Attribute)] = [
      ("kernel_shape", .ints([pooling.windowHeight, pooling.windowWidth])),
      ("strides", .ints([pooling.strideHeight, pooling.strideWidth])), ("pads", pooling.padding.attribute),
    ]
    let name = add(operatorName, [input], named: resultName(Importer.toNHWC), attributes + extra)
    return Value(name: name, permutation: Importer.toNHWC)
  }

  private mutating func writeBatchNormalization(_ epsilon: Float) -> Value {
    let rank = graph[node.output].shape.count
    let attributes: [(String, Attribute)] = [("epsilon", .float(epsilon))]
    var constants: [String] = []
    for input in node.inputs.dropFirst() { constants.append(own(input)) }
    guard rank != 1 else {
      // ONNX needs a batch.
      let row = add(
        "Unsqueeze", [own(node.inputs[0]), constant("axes", [0])], named: names.take(graph[node.output].name + "/row"))
      let normalized = add(
        "BatchNormalization", [row] + constants, named: names.take(graph[node.output].name + "/normalized"), attributes)
      let name = add("Squeeze", [normalized, constant("axes", [0])], named: graph[node.output].name)
      return Value(name: name, permutation: [0])
    }
    let channelsSecond = [0, rank - 1] + Array(1..<(rank - 1))
    let input = arranged(node.inputs[0], channelsSecond)
    let permutation = channelsSecond.inversePermutation
    let name = add("BatchNormalization", [input] + constants, named: resultName(permutation), attributes)
    return Value(name: name, permutation: permutation)
  }

  /// Normalisation by a sample's own mean and spread, in the operators that every operator set has.
  private mutating func writeNormalization(_ axes: [Int], _ centers: Bool, _ epsilon: Float) -> Value {
    let input = value(node.inputs[0])
    let name = graph[node.output].name
    func step(_ operatorName: String, _ inputs: [String], _ suffix: String) -> String {
      add(operatorName, inputs, named: names.take("\(name)/\(suffix)"))
    }
    let places = axes.map { input.permutation[$0] }.sorted()
    func mean(_ of: String, _ suffix: String) -> String {
      // Without axes, ONNX would take all.
      places.isEmpty
        ? of
        : add(
          "ReduceMean", [of], named: names.take("\(name)/\(suffix)"), [("axes", .ints(places)), ("keepdims", .int(1))])
    }
    let centred = centers ? step("Sub", [input.name, mean(input.name, "mean")], "centred") : input.name
    let spread = mean(step("Mul", [centred, centred], "squares"), "spread")
    let raised = step("Add", [spread, constant("epsilon", scalar: epsilon)], "raised")
    let result = add(
      "Div", [centred, step("Sqrt", [raised], "deviation")], named: resultName(input.permutation))
    return Value(name: result, permutation: input.permutation)
  }

  // MARK: Arrays

  /// A layer on rows is a `Gemm`; on more axes it is a `MatMul` and a sum.
  private mutating func writeFullyConnected(_ activation: Operation.Activation) -> Value {
    let input = own(node.inputs[0])
    let isRows = graph[node.inputs[0]].shape.count == 2
    let weights = isRows ? own(node.inputs[1]) : arranged(node.inputs[1], [1, 0])
    let bias = node.inputs.count > 2 ? own(node.inputs[2]) : nil
    let name = activated({ $0.graph[$0.node.output].name }, activation) { exporter, sum in
      if isRows {
        exporter.add("Gemm", [input, weights] + (bias.map { [$0] } ?? []), named: sum, [("transB", .int(1))])
      } else if let bias {
        let product = exporter.names.take(exporter.graph[exporter.node.output].name + "/product")
        exporter.add("MatMul", [input, weights], named: product)
        exporter.add("Add", [product, bias], named: sum)
      } else {
        exporter.add("MatMul", [input, weights], named: sum)
      }
    }
    return Value(name: name, permutation: ownOrder)
  }

  private mutating func writeBinary(
    _ binaryOperator: Operation.BinaryOperator, _ activation: Operation.Activation
  ) -> Value {
    let operatorName =
      switch binaryOperator {
      case .add: "Add"
      case .subtract: "Sub"
      case .multiply: "Mul"
      case .divide: "Div"
      case .maximum: "Max"
      case .minimum: "Min"
      case .power: "Pow"
      }
    // The view of the first operand that is computed and as wide as the result; operands of fewer axes fit if scalar.
    let rank = graph[node.output].shape.count
    let leading = node.inputs.first { graph[$0].constant == nil && graph[$0].shape.count == rank }
    var permutation = leading.map { value($0).permutation } ?? ownOrder
    let fits = node.inputs.allSatisfy { graph[$0].shape.count == rank || graph[$0].shape.product == 1 }
    if !fits { permutation = ownOrder }
    var inputs: [String] = []
    for input in node.inputs {
      inputs.append(
        graph[input].shape.count == rank ? arranged(input, permutation.inversePermutation) : own(input))
    }
    let name = activated({ $0.resultName(permutation) }, activation) { exporter, sum in
      exporter.add(operatorName, inputs, named: sum)
    }
    return Value(name: name, permutation: permutation)
  }

  private mutating func writeUnary(_ unaryOperator: Operation.UnaryOperator) -> Value {
    switch unaryOperator {
    case .activation(let activation):
      let input = value(node.inputs[0])
      let name = resultName(input.permutation)
      writeActivation(activation, input.name, named: name)
      return Value(name: name, permutation: input.permutation)
    case .clip(let low, let high):
      var ends: [String] = []
      if low > -.infinity || high < .infinity { ends.append(low > -.infinity ? constant("low", scalar: low) : "") }
      if high < .infinity { ends.append(constant("high", scalar: high)) }
      return onView("Clip", ends) { _ in [] }
    case .leakyRelu(let alpha): return onView("LeakyRelu") { _ in [("alpha", .float(alpha))] }
    case .elu(let alpha): return onView("Elu") { _ in [("alpha", .float(alpha))] }
    case .hardSigmoid(let alpha, let beta):
      return onView("HardSigmoid") { _ in [("alpha", .float(alpha)), ("beta", .float(beta))] }
    case .sigmoid: return onView("Sigmoid") { _ in [] }
    case .hardSwish: return onView("HardSwish") { _ in [] }
    case .tanh: return onView("Tanh") { _ in [] }
    case .exp: return onView("Exp") { _ in [] }
    case .log: return onView("Log") { _ in [] }
    case .squareRoot: return onView("Sqrt") { _ in [] }
    case .absolute: return onView("Abs") { _ in [] }
    case .negate: return onView("Neg") { _ in [] }
    case .reciprocal: return onView("Reciprocal") { _ in [] }
    case .errorFunction: return onView("Erf") { _ in [] }
    case .softplus: return onView("Softplus") { _ in [] }
    }
  }

  private mutating func writeReduction(_ operatorName: String, _ axes: [Int], _ keepsAxes: Bool) -> Value {
    if axes.isEmpty { return onView("Identity") { _ in [] } }
    let input = value(node.inputs[0])
    let mapped = axes.map { input.permutation[$0] }.sorted()
    let kept = input.permutation.indices.filter { !axes.contains($0) }.map { input.permutation[$0] }
    let order = kept.sorted()
    let permutation =
      keepsAxes ? input.permutation : kept.map { axis in order.firstIndex(of: axis) ?? 0 }
    let name = resultName(permutation)
    if operatorName == "ReduceSum" {
      let axisName = constant("axes", mapped)
      add(operatorName, [input.name, axisName], named: name, [("keepdims", .int(keepsAxes ? 1 : 0))])
    } else {
      add(operatorName, [input.name], named: name, [("axes", .ints(mapped)), ("keepdims", .int(keepsAxes ? 1 : 0))])
    }
    return Value(name: name, permutation: permutation)
  }

  private mutating func writePad(_ before: [Int], _ after: [Int], _ value: Float) -> Value {
    let inverse = self.value(node.inputs[0]).permutation.inversePermutation
    let pads = constant("pads", inverse.map { before[$0] } + inverse.map { after[$0] })
    return onView("Pad", [pads, constant("value", scalar: value)]) { _ in [] }
  }

  /// A leading extent of 1 is the batch, which ONNX copies where the target says 0.
  private mutating func writeReshape() -> Value {
    let (from, to) = (graph[node.inputs[0]].shape, graph[node.output].shape)
    let keepsBatch = from.first == 1 && to.first == 1
    let target = constant("shape", keepsBatch ? [0] + to.dropFirst() : to)
    let name = add("Reshape", [own(node.inputs[0]), target], named: graph[node.output].name)
    return Value(name: name, permutation: ownOrder)
  }

  private mutating func writeConcatenation(_ axis: Int) -> Value {
    let leading = node.inputs.first { graph[$0].constant == nil }
    let permutation = leading.map { value($0).permutation } ?? ownOrder
    var inputs: [String] = []
    for input in node.inputs { inputs.append(arranged(input, permutation.inversePermutation)) }
    let name = add("Concat", inputs, named: resultName(permutation), [("axis", .int(permutation[axis]))])
    return Value(name: name, permutation: permutation)
  }

  /// Only the axes that lose elements are named, so that the batch may be any.
  private mutating func writeSlice(_ starts: [Int], _ steps: [Int]) -> Value {
    let (from, to) = (graph[node.inputs[0]].shape, graph[node.output].shape)
    let permutation = value(node.inputs[0]).permutation
    let axes = from.indices.filter { from[$0] != to[$0] || steps[$0] != 1 || starts[$0] != 0 }
    if axes.isEmpty { return onView("Identity") { _ in [] } }
    let ends = axes.map { axis in
      let last = starts[axis] + (to[axis] - 1) * steps[axis]
      return steps[axis] > 0 ? last + 1 : last == 0 ? Int(Int32.min) : last - 1
    }
    let operands = [
      constant("starts", axes.map { starts[$0] }), constant("ends", ends),
      constant("axes", axes.map { permutation[$0] }), constant("steps", axes.map { steps[$0] }),
    ]
    return onView("Slice", operands) { _ in [] }
  }
}

extension Operation.Padding {
  /// The padding in ONNX's order.
  fileprivate var attribute: Exporter.Attribute { .ints([top, left, bottom, right]) }
}
