import Quill
import QuillConverter
import QuillFloat

/// Float arithmetic on the int8 network's own operands, one layer at a time: what a layer adds to the noise by itself.
struct IsolatedLayers: Sendable {
  private let network: SharedModel
  private let programs: [Int: FloatProgram]

  init(_ lowered: Graph, _ network: SharedModel, _ pairs: [Drift.TensorPair]) {
    self.network = network
    let nodes = Dictionary(lowered.nodes.map { ($0.output, $0) }, uniquingKeysWith: { first, _ in first })
    var programs: [Int: FloatProgram] = [:]
    for pair in pairs {
      guard let node = nodes[pair.float], let program = Self.program(node, of: lowered) else { continue }
      // A constant operand of the float network is a tensor of the int8 one, and a file of another network can have
      // names in common with this one: such nodes are left out.
      let found = network.model.operandIndices(pair.operation).map { network.model.tensors[$0].count }
      if found == program.graph.inputs.map({ program.graph[$0].shape.product }) { programs[pair.operation] = program }
    }
    self.programs = programs
  }

  /// A network of a single node.
  private static func program(_ node: Graph.Node, of graph: Graph) -> FloatProgram? {
    var small = Graph(name: node.name)
    var places: [Graph.TensorID: Graph.TensorID] = [:]
    for input in node.inputs where places[input] == nil {
      places[input] = small.addTensor(graph[input])
      if graph[input].constant == nil, let place = places[input] { small.inputs.append(place) }
    }
    let output = small.addTensor(graph[node.output])
    small.outputs = [output]
    small.nodes = [
      Graph.Node(
        name: node.name, operation: node.operation, inputs: node.inputs.compactMap { places[$0] }, output: output)
    ]
    return try? FloatProgram(small)
  }

  /// An operator's operands as real numbers, before it runs and may write over them.
  func operands(of operation: Int, in engine: borrowing Engine) -> [FloatTensor]? {
    guard let program = programs[operation] else { return nil }
    return zip(network.model.operandIndices(operation), program.graph.inputs).map { index, id in
      let tensor = network.model.tensors[index]
      let values = network.values(of: index, in: engine)
      return FloatTensor(
        shape: program.graph[id].shape,
        values: values.map { dequantize($0, scale: tensor.scale, zeroPoint: tensor.zeroPoint) })
    }
  }

  /// The layer in float on such operands.
  func run(_ operation: Int, _ operands: [FloatTensor]) -> [Float]? {
    programs[operation].map { FloatEngine($0).run(operands)[0].values }
  }
}
