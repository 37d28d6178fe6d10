import Quill
import QuillFloat
import QuillONNX

/// Makes an int8 network of an ONNX network of integers, keeping its scales.
///
/// Activations go into the operation before them where no scale stands between, as onnxruntime computes them. The
/// arithmetic is the core's: onnxruntime multiplies sums by a Float32 and rounds ties to even, so that a value may
/// differ by one step an operation.
package struct ONNXRehosting {
  let graph: Graph
  private let source: QuantizedONNX
  private(set) var result: QuantizedGraph

  /// The position in `result` of each tensor that has been computed.
  private var places: [Graph.TensorID: Int] = [:]

  /// The nodes that read a tensor.
  private let readers: [Graph.TensorID: [Int]]

  /// Nodes that another has taken in.
  private var absorbed: Set<Int> = []

  /// The int8 network.
  package static func network(_ source: QuantizedONNX) throws(ConverterError) -> QuantizedGraph {
    var editor = GraphEditor(source.graph)
    editor.mergeMeans()
    let merged = QuantizedONNX(graph: editor.graph, quantizations: source.quantizations)
    let tidy: QuantizedONNX
    do throws(GraphError) {
      tidy = try merged.withFewestTransposes()
    } catch {
      throw .graph(error.description)
    }
    var rehosting = ONNXRehosting(tidy)
    try rehosting.run()
    return rehosting.result
  }

  private init(_ source: QuantizedONNX) {
    self.source = source
    graph = source.graph
    result = QuantizedGraph(name: graph.name)
    readers = GraphEditor(graph).readers()
  }

  private mutating func run() throws(ConverterError) {
    for input in graph.inputs {
      guard let steps = steps(input) else {
        throw .unsupported(
          node: graph[input].name, operation: "input", reason: "nothing quantises it; \(Self.advice)")
      }
      result.inputs.append(add(input, steps))
    }
    for index in graph.nodes.indices where !absorbed.contains(index) { try append(index) }
    for output in graph.outputs {
      guard let place = places[output] else { throw .graph("output \"\(graph[output].name)\" is not computed") }
      result.outputs.append(place)
    }
  }

  /// What to do where something has no scale.
  static let advice =
    "quantise the whole network, with onnxruntime's quant_pre_process before, or give the float network"

  // MARK: Tensors

  /// The steps of a tensor by its name.
  func steps(_ id: Graph.TensorID) -> QuantizationParameters? {
    guard let known = source.quantization(of: graph[id].name), known.scales.count == 1 else { return nil }
    return QuantizationParameters(scale: known.scales[0], zeroPoint: known.zeroPoint)
  }

  func steps(at place: Int) -> QuantizationParameters {
    QuantizationParameters(scale: result.tensors[place].scale, zeroPoint: result.tensors[place].zeroPoint)
  }

  /// Adds a tensor of the graph in the given steps.
  mutating func add(_ id: Graph.TensorID, _ steps: QuantizationParameters) -> Int {
    let place = addTensor(graph[id].name, graph[id].shape, steps)
    places[id] = place
    return place
  }

  mutating func addTensor(_ name: String, _ shape: [Int], _ steps: QuantizationParameters) -> Int {
    result.addTensor(
      QuantizedGraph.Tensor(name: name, shape: shape, scale: steps.scale, zeroPoint: steps.zeroPoint))
  }

  /// A tensor that a node reads; a constant becomes a node when it is first read.
  mutating func operand(_ id: Graph.TensorID) throws(ConverterError) -> Int {
    if let place = places[id] { return place }
    guard let values = graph[id].constant else {
      throw .graph("tensor \"\(graph[id].name)\" is read before it is computed")
    }
    // A constant that the file keeps as floats gets the finest steps that hold it.
    let range = Calibration.Range(low: values.min() ?? 0, high: values.max() ?? 0)
    let place = add(id, steps(id) ?? QuantizationParameters(range))
    let tensor = result.tensors[place]
    let integers = values.map { quantize($0, scale: tensor.scale, zeroPoint: tensor.zeroPoint) }
    emit(.constant(integers), [], place)
    return place
  }

  mutating func emit(_ operation: QuantizedOperation, _ inputs: [Int], _ output: Int) {
    result.nodes.append(
      QuantizedGraph.Node(name: result.tensors[output].name, operation: operation, inputs: inputs, output: output))
  }

  /// A tensor in other steps.
  private mutating func requantised(_ place: Int, _ wanted: QuantizationParameters) -> Int {
    if steps(at: place) == wanted { return place }
    let tensor = result.tensors[place]
    let target = addTensor("\(tensor.name)/requantised", tensor.shape, wanted)
    emit(.lookup(.other(.activation(.none))), [place], target)
    return target
  }

  // MARK: Nodes

  private mutating func append(_ index: Int) throws(ConverterError) {
    let (node, following) = fused(index)
    if let following { absorbed.insert(following) }
    if let normalization = normalization(of: graph.nodes[index]) { return try append(normalization, as: node) }
    var operands: [Int] = []
    for input in NodeQuantizer.tensorInputs(of: node) { operands.append(try operand(input)) }
    if case .softmax(let axis) = node.operation { return try appendSoftmax(node, axis, operands) }
    // As answers, logarithms of probabilities become probabilities, of which eight bits hold more.
    if case .logSoftmax(let axis) = node.operation, isAnswer(node.output) {
      return try appendSoftmax(node, axis, operands)
    }
    if node.operation.keepsSteps { return try appendMovement(node, operands) }
    guard let wanted = steps(node.output) else { throw unquantised(node) }
    let output = add(node.output, wanted)
    let lowering = QuantizedNodeLowering(graph: graph, node: node, source: source)
    try emit(lowering.operation(inputScale: result.tensors[operands[0]].scale), operands, output)
  }

  func unquantised(_ node: Graph.Node) -> ConverterError {
    .unsupported(
      node: node.name, operation: node.operation.name, reason: "its result has no scale; \(Self.advice)")
  }

  /// A node with the activation that follows it, where its own result has no scale and nothing else reads it.
  private func fused(_ index: Int) -> (node: Graph.Node, following: Int?) {
    var node = asLayer(graph.nodes[index])
    guard steps(node.output) == nil, !graph.outputs.contains(node.output), let readers = readers[node.output],
      readers.count == 1, case .unary(let function) = graph.nodes[readers[0]].operation,
      let activation = function.asActivation(within: steps(graph.nodes[readers[0]].output)),
      let operation = node.operation.carrying(activation)
    else { return (node, nil) }
    node.operation = operation
    node.output = graph.nodes[readers[0]].output
    return (node, readers[0])
  }

  /// The core's softmax answers in 1/256. Where that is the network's answer it stays so; else it is brought to the
  /// file's steps.
  private mutating func appendSoftmax(
    _ node: Graph.Node, _ axis: Int, _ operands: [Int]
  ) throws(ConverterError) {
    guard axis == graph[node.output].shape.count - 1 else {
      throw .unsupported(
        node: node.name, operation: node.operation.name, reason: "it runs along axis \(axis), not the last")
    }
    let own = QuantizationParameters(scale: 0x1p-8, zeroPoint: -128)
    let output = add(node.output, own)
    emit(.softmax(beta: 1), operands, output)
    if !isAnswer(node.output), let wanted = steps(node.output) { places[node.output] = requantised(output, wanted) }
  }

  private func isAnswer(_ id: Graph.TensorID) -> Bool { readers[id] == nil }

  /// An operation that keeps its operands' steps: those of its result, where it has some, else those of the first.
  private mutating func appendMovement(_ node: Graph.Node, _ operands: [Int]) throws(ConverterError) {
    let wanted = steps(node.output) ?? steps(at: operands[0])
    let lowering = QuantizedNodeLowering(graph: graph, node: node, source: source)
    if case .averagePool2D = node.operation {
      let isSame = steps(at: operands[0]) == wanted
      if let average = try lowering.pool(isSame: isSame) {
        return emit(average, operands, add(node.output, wanted))
      }
      let pooled = addTensor("\(graph[node.output].name)/pooled", graph[node.output].shape, steps(at: operands[0]))
      emit(try lowering.operation(inputScale: 1), operands, pooled)
      places[node.output] = requantised(pooled, wanted)
      return
    }
    var inputs: [Int] = []
    for operand in operands { inputs.append(requantised(operand, wanted)) }
    try emit(lowering.operation(inputScale: wanted.scale), inputs, add(node.output, wanted))
  }
}
