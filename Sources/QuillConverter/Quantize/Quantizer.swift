import QuillFloat

/// Turns a lowered float network and its tensors' ranges into an int8 network.
///
/// Operations that only move or compare values need the same scale on both sides: their tensors form a class, which has
/// one range. Softmax, Logistic and Tanh have a scale of their own; where such a tensor, or an input, meets others in a
/// class, a Requantize stands between.
struct Quantizer {
  let graph: Graph
  let calibration: Calibration
  let perTensor: Bool
  let inputRanges: [Calibration.Range]

  private(set) var result: QuantizedGraph
  private var classes: TensorClasses
  private let functions: ComposedFunctions
  /// The position in `result` of each float tensor that has been computed.
  private var places: [Graph.TensorID: Int] = [:]

  /// - Parameters:
  ///   - learnt: the tensors whose range was learnt; it decides for their class.
  ///   - inputRanges: the range of each input by what it means (0...1 for pixels), not by what was seen.
  static func quantize(
    _ graph: Graph, _ calibration: Calibration, learnt: Set<Int> = [], inputRanges: [Calibration.Range], perTensor: Bool
  ) throws(ConverterError) -> QuantizedGraph {
    var quantizer = Quantizer(graph, calibration, learnt, inputRanges, perTensor)
    try quantizer.run()
    return quantizer.result
  }

  private init(
    _ graph: Graph, _ calibration: Calibration, _ learnt: Set<Int>, _ inputRanges: [Calibration.Range],
    _ perTensor: Bool
  ) {
    self.graph = graph
    self.calibration = calibration
    self.inputRanges = inputRanges
    self.perTensor = perTensor
    result = QuantizedGraph(name: graph.name)
    functions = ComposedFunctions(graph)
    classes = TensorClasses(
      graph, calibration, learnt: learnt, inputRanges, composed: functions.nodes)
  }

  private mutating func run() throws(ConverterError) {
    for input in graph.inputs {
      let place = add(input)
      result.inputs.append(place)
    }
    for (index, node) in graph.nodes.enumerated() {
      if functions.nodes.contains(index) {
        try appendFunction(index)
        continue
      }
      let lowering = NodeQuantizer(graph: graph, node: node, perTensor: perTensor)
      let operands = try operands(of: node)
      let place = add(node.output)
      let operation = try lowering.operation(
        input: operands.first.map { result.tensors[$0] }, output: result.tensors[place])
      result.nodes.append(QuantizedGraph.Node(name: node.name, operation: operation, inputs: operands, output: place))
    }
    result.outputs = graph.outputs.compactMap { places[$0] }
  }

  /// A table for a composed function; nothing for its intermediate results.
  private mutating func appendFunction(_ index: Int) throws(ConverterError) {
    guard let function = functions[index] else { return }
    guard let operand = places[function.input] else {
      throw .graph("tensor \"\(graph[function.input].name)\" is read before it is computed")
    }
    let node = graph.nodes[index]
    result.nodes.append(
      QuantizedGraph.Node(
        name: node.name, operation: .lookup(.composed(function.graph)), inputs: [operand], output: add(node.output)))
  }

  /// Adds a float tensor with its class's scale.
  private mutating func add(_ id: Graph.TensorID) -> Int {
    let parameters = classes.parameters(of: id)
    let place = result.addTensor(
      QuantizedGraph.Tensor(
        name: graph[id].name, shape: graph[id].shape, scale: parameters.scale, zeroPoint: parameters.zeroPoint))
    places[id] = place
    return place
  }

  /// The tensors that a node reads, weights apart: requantised where its class asks for it, constants made tensors.
  private mutating func operands(of node: Graph.Node) throws(ConverterError) -> [Int] {
    var operands: [Int] = []
    for input in NodeQuantizer.tensorInputs(of: node) {
      if let values = graph[input].constant, places[input] == nil { addConstant(input, values) }
      guard let place = places[input] else {
        throw .graph("tensor \"\(graph[input].name)\" is read before it is computed")
      }
      operands.append(requantised(place, for: node) ?? place)
    }
    return operands
  }

  private mutating func addConstant(_ id: Graph.TensorID, _ values: [Float]) {
    let place = add(id)
    let tensor = result.tensors[place]
    let steps = values.map { QuillConverter.quantize($0, scale: tensor.scale, zeroPoint: tensor.zeroPoint) }
    result.nodes.append(
      QuantizedGraph.Node(name: tensor.name, operation: .constant(steps), inputs: [], output: place))
  }

  /// The same tensor in the class of the node's output, where it must be and is not.
  private mutating func requantised(_ place: Int, for node: Graph.Node) -> Int? {
    guard TensorClasses.keepsScale(node.operation) else { return nil }
    let wanted = classes.parameters(of: node.output)
    var tensor = result.tensors[place]
    if tensor.scale == wanted.scale && tensor.zeroPoint == wanted.zeroPoint { return nil }
    let source = tensor.name
    tensor.name = "\(source) for \(node.name)"
    tensor.scale = wanted.scale
    tensor.zeroPoint = wanted.zeroPoint
    let target = result.addTensor(tensor)
    result.nodes.append(
      QuantizedGraph.Node(name: tensor.name, operation: .lookup(.requantize), inputs: [place], output: target))
    return target
  }
}
