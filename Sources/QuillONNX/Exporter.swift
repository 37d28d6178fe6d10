import QuillFloat

/// Turns a float graph into the parts of an ONNX file.
///
/// As in `LayoutRewrite`, a tensor of the graph is a view of an ONNX value: image operators answer in NCHW, and a
/// transpose is written only where something needs the tensor in the graph's own order. The operators' words are in
/// `Exporter+Operators.swift`.
struct Exporter {
  /// A value of the file, and how a tensor of the graph views it: axis `i` is the value's axis `permutation[i]`.
  struct Value {
    var name: String
    var permutation: [Int]
  }

  /// One attribute.
  enum Attribute {
    case int(Int)
    case float(Float)
    case ints([Int])
    case string(String)
  }

  /// One node, ready to be written.
  struct Node {
    var name: String, operatorName: String
    var inputs: [String], outputs: [String]
    var attributes: [(name: String, value: Attribute)]
  }

  /// A constant, ready to be written.
  struct Initializer {
    var name: String
    var shape: [Int]
    var elements: Constant.Elements
  }

  /// A value with its axes in another order, made once.
  struct Arrangement: Hashable {
    var name: String
    var permutation: [Int]
  }

  let graph: Graph
  var nodes: [Node] = []
  var constants: [Initializer] = []
  var values: [Graph.TensorID: Value] = [:]
  var made: [Arrangement: String] = [:]
  var names: UniqueNames
  var nodeNames: Set<String> = []

  /// How often each tensor is used.
  private var useCounts: [Graph.TensorID: Int] = [:]

  /// The node being written.
  var node: Graph.Node
  var nodeIndex = 0

  init(_ graph: Graph) {
    self.graph = graph
    names = UniqueNames(graph.tensors.map(\.name))
    node = Graph.Node(name: "", operation: .reshape, inputs: [], output: Graph.TensorID(0))
    for id in graph.nodes.flatMap(\.inputs) + graph.outputs { useCounts[id, default: 0] += 1 }
  }

  mutating func run() throws(ONNXError) {
    for input in graph.inputs {
      values[input] = Value(name: graph[input].name, permutation: Array(graph[input].shape.indices))
    }
    for (index, node) in graph.nodes.enumerated() {
      self.node = node
      nodeIndex = index
      values[node.output] = try write(node.operation)
    }
    for output in graph.outputs {
      node = Graph.Node(name: graph[output].name, operation: .reshape, inputs: [], output: output)
      let name = arranged(output, Array(graph[output].shape.indices), named: graph[output].name)
      if name != graph[output].name { add("Identity", [name], named: graph[output].name) }
    }
  }

  // MARK: Values

  /// Writes a node and answers the name of its result.
  @discardableResult
  mutating func add(
    _ operatorName: String, _ inputs: [String], named name: String, _ attributes: [(String, Attribute)] = []
  ) -> String {
    var nodeName = node.name.isEmpty || nodeNames.contains(node.name) ? name : node.name
    while !nodeNames.insert(nodeName).inserted { nodeName += "+" }
    nodes.append(
      Node(
        name: nodeName, operatorName: operatorName, inputs: inputs, outputs: [name],
        attributes: attributes.map { (name: $0.0, value: $0.1) }))
    return name
  }

  /// Writes a constant of integers.
  mutating func constant(_ role: String, _ values: [Int]) -> String {
    let name = names.take("\(graph[node.output].name)/\(role)")
    constants.append(Initializer(name: name, shape: [values.count], elements: .integers(values.map(Int64.init))))
    return name
  }

  /// Writes a constant of one float.
  mutating func constant(_ role: String, scalar value: Float) -> String {
    let name = names.take("\(graph[node.output].name)/\(role)")
    constants.append(Initializer(name: name, shape: [], elements: .floats([value])))
    return name
  }

  /// How a tensor of the graph views a value; a constant is written when it is first used.
  mutating func value(_ id: Graph.TensorID) -> Value {
    if let value = values[id] { return value }
    let tensor = graph[id]
    constants.append(Initializer(name: tensor.name, shape: tensor.shape, elements: .floats(tensor.constant ?? [])))
    let value = Value(name: tensor.name, permutation: Array(tensor.shape.indices))
    values[id] = value
    return value
  }

  /// The name of a value whose axis `i` is axis `permutation[i]` of a tensor of the graph, made once.
  mutating func arranged(_ id: Graph.TensorID, _ permutation: [Int], named wanted: String? = nil) -> String {
    let tensor = graph[id]
    if values[id] == nil, let elements = tensor.constant, !permutation.isIdentity {
      let arrangement = Arrangement(name: tensor.name, permutation: permutation)
      if let name = made[arrangement] { return name }
      let turned = Constant(type: .float32, shape: tensor.shape, elements: .floats(elements))
        .transposed(permutation)
      // A constant that is used in one order alone keeps its name.
      let isOnlyUse = useCounts[id] == 1
      let name = isOnlyUse ? tensor.name : names.take(tensor.name + "/transposed")
      constants.append(Initializer(name: name, shape: turned.shape, elements: turned.elements))
      made[arrangement] = name
      return name
    }
    let value = value(id)
    let needed = permutation.composed(after: value.permutation)
    if needed.isIdentity { return value.name }
    let arrangement = Arrangement(name: value.name, permutation: needed)
    if let name = made[arrangement] { return name }
    let isOwn = permutation.isIdentity && value.name != tensor.name
    let name = wanted ?? (isOwn ? tensor.name : names.take(tensor.name + "/transposed"))
    add("Transpose", [value.name], named: name, [("perm", .ints(needed))])
    made[arrangement] = name
    return name
  }

  /// A tensor of the graph in its own order.
  mutating func own(_ id: Graph.TensorID) -> String { arranged(id, Array(graph[id].shape.indices)) }

  /// The name for a result that the current node's tensor views by a permutation.
  mutating func resultName(_ permutation: [Int]) -> String {
    let name = graph[node.output].name
    return permutation.isIdentity ? name : names.take(name + "/NCHW")
  }
}
