import QuillFloat

/// Re-hosts an int8 TensorFlow Lite network: operators become those of a `QuantizedGraph`, scales stay.
struct TensorFlowLiteIntegerImporter {
  let model: TensorFlowLiteModel
  let match: Match
  var graph: QuantizedGraph
  var constants: TensorFlowLiteConstants
  private var inputEdges: [TensorFlowLiteIntegerNetwork.Edge] = []

  /// As the network's.
  var microPaddedCount = 0
  var reroundedCount = 0

  /// The graph's tensors, by TensorFlow Lite's position.
  var ids: [Int: Int] = [:]

  /// The shapes of five axes and more that graph tensors, which hold at most four, stand for.
  var views: [Int: [Int]] = [:]

  private typealias Edge = TensorFlowLiteIntegerNetwork.Edge

  /// The int8 network of a description.
  static func network(
    of model: TensorFlowLiteModel, named name: String, match: Match
  ) throws(ImportError) -> TensorFlowLiteIntegerNetwork {
    var importer = TensorFlowLiteIntegerImporter(
      model: model, match: match, graph: QuantizedGraph(name: name), constants: TensorFlowLiteConstants(model))
    try importer.addInputs()
    for (index, node) in model.nodes.enumerated() {
      try importer.append(node, at: .node(index: index, name: node.name))
    }
    var outputEdges: [TensorFlowLiteIntegerNetwork.Edge] = []
    for output in model.outputs {
      importer.graph.outputs.append(try importer.operand(output, rank: 1))
      outputEdges.append(try importer.edge(output))
    }
    return TensorFlowLiteIntegerNetwork(
      graph: importer.graph, inputEdges: importer.inputEdges, outputEdges: outputEdges,
      microPaddedCount: importer.microPaddedCount, reroundedCount: importer.reroundedCount)
  }

  private func edge(_ tensor: Int) throws(ImportError) -> TensorFlowLiteIntegerNetwork.Edge {
    switch model.tensors[tensor].type {
    case .int8: return .int8
    case .uint8: return .uint8
    case .float32: return .float32
    case let other:
      throw .tensorFlowLite(
        constants.place(tensor), .unsupportedType("\(other)", expected: "int8, uint8 or float32"))
    }
  }

  private mutating func addInputs() throws(ImportError) {
    for input in model.inputs {
      inputEdges.append(try edge(input))
      if inputEdges.last == .float32 {
        // The quantisation of a float input is that of the operator which quantises it.
        let reader = model.nodes.first { $0.operation == .quantize && $0.inputs.first == input }
        guard let quantized = reader?.outputs.first else {
          throw .tensorFlowLite(
            constants.place(input), .unsupportedType("float32", expected: "int8, for an integer network"))
        }
        ids[input] = graph.addTensor(try tensor(quantized, shape: model.batchOfOne(model.tensors[input].shape)))
      } else {
        ids[input] = graph.addTensor(try tensor(input, shape: model.batchOfOne(model.tensors[input].shape)))
      }
      graph.inputs.append(ids[input] ?? 0)
    }
  }

  /// A graph tensor with the scale and zero point of the file's; uint8 is moved by 128 so that int8 holds it.
  func tensor(_ index: Int, shape: [Int]) throws(ImportError) -> QuantizedGraph.Tensor {
    let described = model.tensors[index]
    guard described.type == .int8 || described.type == .uint8 else {
      throw .tensorFlowLite(
        constants.place(index), .unsupportedType("\(described.type)", expected: "int8, for an integer network"))
    }
    guard let quantization = described.quantization, quantization.scales.count == 1 else {
      throw .tensorFlowLite(constants.place(index), .badQuantization)
    }
    let zeroPoint = quantization.zeroPoints[0] - (described.type == .uint8 ? 128 : 0)
    guard (-128...127).contains(zeroPoint) else { throw .tensorFlowLite(constants.place(index), .badQuantization) }
    return QuantizedGraph.Tensor(
      name: described.name.isEmpty ? "tensor \(index)" : described.name, shape: shape, scale: quantization.scales[0],
      zeroPoint: zeroPoint)
  }

  /// The graph's tensor; a constant becomes a node when it is first read, with leading axes of 1 up to `rank`.
  mutating func operand(_ index: Int, rank: Int) throws(ImportError) -> Int {
    if let id = ids[index] { return id }
    let described = model.tensors[index]
    guard described.data != nil else {
      throw .tensorFlowLite(constants.place(index), .notReady(described.name))
    }
    guard described.type == .int8 || described.type == .uint8 else {
      throw .tensorFlowLite(constants.place(index), .unsupportedType("\(described.type)", expected: "int8"))
    }
    try constants.claim(described.shape.product, index)
    let missing = max(0, rank - described.shape.count)
    let shape = [Int](repeating: 1, count: missing) + described.shape
    let id = graph.addTensor(try tensor(index, shape: shape))
    let offset = described.type == .uint8 ? 128 : 0
    let values = try constants.signed(index).map { Int8(truncatingIfNeeded: $0 - offset) }
    graph.nodes.append(
      QuantizedGraph.Node(name: graph.tensors[id].name, operation: .constant(values), inputs: [], output: id))
    ids[index] = id
    return id
  }

  private mutating func append(
    _ node: TensorFlowLiteModel.Node, at place: TensorFlowLitePlace
  ) throws(ImportError) {
    let (ids, graph) = (ids, graph)
    if try constants.fold(node, shapeOf: { ids[$0].map { graph.tensors[$0].shape } }) { return }
    try node.expectOperands(at: place)
    guard let output = node.outputs.first, let source = node.inputs[0] else {
      throw .tensorFlowLite(place, .missing("operand 0"))
    }
    if node.operation == .quantize || node.operation == .dequantize, model.tensors[source].data == nil {
      return try appendQuantize(node, source: source, output: output, at: place)
    }
    var node = node
    var operands = try operands(of: node)
    if match == .tensorFlowLiteMicro { try padWithBytesOfZero(&node, &operands, at: place) }
    guard let first = operands.first.map(graphTensor) else { throw .tensorFlowLite(place, .missing("operand 0")) }
    let geometry = TensorFlowLiteGeometry(
      node: node, place: place, input: views[operands[0]] ?? first.shape,
      declared: model.batchOfOne(model.tensors[output].shape), constants: constants)
    if try appendParts(node, operands, geometry) { return }
    var weights: QuantizedWeights?
    if node.operation.hasWeights { weights = try self.weights(of: node, at: place) }
    let lowered = try QuantizedLowering(geometry: geometry, weights: weights).operation()
    try add(lowered, operands, output: output, geometry)
  }

  func graphTensor(_ id: Int) -> QuantizedGraph.Tensor { graph.tensors[id] }

  /// The graph's tensors that a node reads; weights and biases belong to the operation.
  private mutating func operands(of node: TensorFlowLiteModel.Node) throws(ImportError) -> [Int] {
    let rank = node.inputs.reduce(1) { max($0, $1.map { model.tensors[$0].shape.count } ?? 0) }
    var operands: [Int] = []
    for (position, input) in node.inputs.enumerated() where node.operation.readsValues(ofOperand: position) {
      guard let input, position == 0 || !node.operation.hasWeights else { continue }
      operands.append(try operand(input, rank: node.operation == .gather(axis: 0) ? 1 : rank))
    }
    return operands
  }

  /// Adds a node whose result has the shape that the operation gives.
  private mutating func add(
    _ operation: QuantizedOperation, _ operands: [Int], output: Int, _ geometry: TensorFlowLiteGeometry
  ) throws(ImportError) {
    let shapes = operands.map { graph.tensors[$0].shape }
    let declared = try geometry.target(of: operation)
    let shape: [Int]
    do throws(GraphError) {
      shape = try operation.outputShape(of: shapes, declared: declared)
    } catch {
      throw .tensorFlowLite(geometry.place, .graph(error))
    }
    if case .slice = operation, shape != (try geometry.slice().result) {
      // Axes that a slice drops become a reshape of their own.
      var taken = try tensor(output, shape: shape)
      taken.name += "/slice"
      let id = graph.addTensor(taken)
      graph.nodes.append(QuantizedGraph.Node(name: taken.name, operation: operation, inputs: operands, output: id))
      return try append(.reshape, [id], output: output, shape: try geometry.slice().result)
    }
    try append(operation, operands, output: output, shape: shape)
  }

  /// Adds a node with the file's tensor as its result.
  private mutating func append(
    _ operation: QuantizedOperation, _ operands: [Int], output: Int, shape: [Int]
  ) throws(ImportError) {
    let result = try tensor(output, shape: shape)
    if let expected = operation.fixedOutput, (result.scale, result.zeroPoint) != expected {
      throw .tensorFlowLite(constants.place(output), .badQuantization)
    }
    var operands = operands
    if operation.keepsQuantization {
      for (position, operand) in operands.enumerated() {
        let given = graph.tensors[operand]
        if (given.scale, given.zeroPoint) == (result.scale, result.zeroPoint) { continue }
        if case .concatenate = operation { throw .tensorFlowLite(constants.place(output), .badQuantization) }
        // The reference kernels look at the bytes alone: the same bytes under the result's scale.
        operands[position] = emit(.lookup(.identity), [operand], like: result, shape: given.shape)
      }
    }
    let id = graph.addTensor(result)
    ids[output] = id
    graph.nodes.append(
      QuantizedGraph.Node(name: result.name, operation: operation, inputs: operands, output: id))
  }

  /// `QUANTIZE` and `DEQUANTIZE`: nothing at the edges to floats, a change of scale between integers.
  private mutating func appendQuantize(
    _ node: TensorFlowLiteModel.Node, source: Int, output: Int, at place: TensorFlowLitePlace
  ) throws(ImportError) {
    let input = try operand(source, rank: 1)
    if node.operation == .dequantize {
      guard model.outputs.contains(output), model.tensors[output].type == .float32 else {
        throw .tensorFlowLite(place, .floatsInside)
      }
      ids[output] = input
      return
    }
    let before = graph.tensors[input]
    let after = try tensor(output, shape: before.shape)
    if before.scale == after.scale, before.zeroPoint == after.zeroPoint {
      ids[output] = input
      return
    }
    let id = graph.addTensor(after)
    ids[output] = id
    graph.nodes.append(
      QuantizedGraph.Node(name: after.name, operation: .lookup(.requantize), inputs: [input], output: id))
  }
}
