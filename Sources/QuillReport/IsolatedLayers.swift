import Quill
import QuillConverter
import QuillFloat

/// Float arithmetic on the int8 network's own operands, one layer at a time: what a layer adds to the noise by itself.
struct IsolatedLayers: Sendable {
  /// What an operator computes, in float.
  private struct Layer: Sendable {
    let program: FloatProgram

    /// The int8 tensors that the program's inputs are given as.
    let operands: [Int]
  }

  private let network: SharedModel
  private let layers: [Int: Layer]

  init(_ lowered: Graph, _ network: SharedModel, _ pairs: [DriftTensor]) {
    self.network = network
    let finder = LayerFinder(lowered, network)
    var layers: [Int: Layer] = [:]
    for pair in pairs {
      // A file of another network can have names in common with this one: what does not fit is left out.
      guard let operands = finder.operands(of: pair.operation),
        let small = finder.graph(from: operands.map(\.float), to: pair.float), let program = try? FloatProgram(small)
      else { continue }
      layers[pair.operation] = Layer(program: program, operands: operands.map(\.quantized))
    }
    self.layers = layers
  }

  /// An operator's operands as real numbers, before it runs and may write over them.
  func operands(of operation: Int, in engine: borrowing Engine) -> [FloatTensor]? {
    guard let layer = layers[operation] else { return nil }
    return zip(layer.operands, layer.program.graph.inputs).map { index, id in
      let tensor = network.model.tensors[index]
      let values = network.values(of: index, in: engine)
      return FloatTensor(
        shape: layer.program.graph[id].shape,
        values: values.map { dequantize($0, scale: tensor.scale, zeroPoint: tensor.zeroPoint) })
    }
  }

  /// The layer in float on such operands.
  func run(_ operation: Int, _ operands: [FloatTensor]) -> [Float]? {
    layers[operation].map { FloatEngine($0.program).run(operands)[0].values }
  }
}

/// Finds the part of the float network that one int8 operator computes: a table can stand for several float nodes.
private struct LayerFinder {
  /// A tensor of the int8 network and the float one that it stands for.
  struct Operand {
    let quantized: Int
    let float: Graph.TensorID
  }

  private let lowered: Graph
  private let network: SharedModel

  /// Float tensors by name.
  private let named: [String: Graph.TensorID]

  /// The float nodes, and the int8 operators, by what they compute.
  private let nodes: [Graph.TensorID: Int]
  private let operators: [Int: Int]

  init(_ lowered: Graph, _ network: SharedModel) {
    self.lowered = lowered
    self.network = network
    named = Dictionary(
      lowered.tensors.indices.map { (lowered.tensors[$0].name, Graph.TensorID($0)) },
      uniquingKeysWith: { first, _ in first })
    nodes = Dictionary(lowered.nodes.enumerated().map { ($1.output, $0) }, uniquingKeysWith: { first, _ in first })
    operators = Dictionary(
      (0..<network.model.operatorCount).map { (network.model.outputIndex($0), $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// What an operator reads that the float network computes or is given; `nil` where the two networks do not agree.
  func operands(of operation: Int) -> [Operand]? {
    var found: [Operand] = []
    for index in network.model.operandIndices(operation) {
      guard let float = float(index), lowered[float].shape.product == network.model.tensors[index].count else {
        return nil
      }
      if lowered[float].constant == nil, !found.contains(where: { $0.float == float }) {
        found.append(Operand(quantized: index, float: float))
      }
    }
    return found
  }

  /// The float tensor of the same name; of a tensor that was only requantised, that of the one before.
  private func float(_ quantized: Int) -> Graph.TensorID? {
    if let id = named[network.model.tensorName(quantized)] { return id }
    guard let producer = operators[quantized], case .lookup = network.model.operation(producer),
      let source = network.model.operandIndices(producer).first
    else { return nil }
    return named[network.model.tensorName(source)]
  }

  /// The nodes between some tensors and another one as a network; `nil` where it needs more than those tensors.
  func graph(from inputs: [Graph.TensorID], to output: Graph.TensorID) -> Graph? {
    var members: Set<Int> = []
    var open = [output]
    while let next = open.popLast() {
      if next != output, inputs.contains(next) || lowered[next].constant != nil { continue }
      guard let node = nodes[next] else { return nil }
      if members.insert(node).inserted { open += lowered.nodes[node].inputs }
    }
    var small = Graph(name: lowered[output].name)
    var places: [Graph.TensorID: Graph.TensorID] = [:]
    func place(_ id: Graph.TensorID) -> Graph.TensorID {
      if let known = places[id] { return known }
      let added = small.addTensor(lowered[id])
      places[id] = added
      return added
    }
    small.inputs = inputs.map(place)
    for index in members.sorted() {
      let node = lowered.nodes[index]
      small.nodes.append(
        Graph.Node(
          name: node.name, operation: node.operation, inputs: node.inputs.map(place), output: place(node.output)))
    }
    small.outputs = [place(output)]
    return small
  }
}
