import QuillFloat

/// Element-wise arithmetic on one tensor and numbers alone, such as `x * sigmoid(x)` or `max(x, 0.1) / 3`: one function
/// of a number, and so one table of 256 answers, rounded once.
struct ComposedFunctions {
  /// A function: what it reads, and a graph that computes it for 256 numbers.
  struct Function {
    let input: Graph.TensorID
    let graph: Graph
  }

  /// The nodes that belong to a function.
  private(set) var nodes: Set<Int> = []

  /// The functions by the node that ends each.
  private var functions: [Int: Function] = [:]

  subscript(node: Int) -> Function? { functions[node] }

  init(_ graph: Graph) {
    let producers = Dictionary(
      graph.nodes.enumerated().map { ($1.output, $0) }, uniquingKeysWith: { first, _ in first })
    var roots: [Graph.TensorID: Graph.TensorID] = [:]
    for node in graph.nodes {
      if let root = Self.root(of: node, graph, roots) { roots[node.output] = root }
    }
    // A result is wanted where something else than its own function reads it.
    var wanted = Set(graph.outputs)
    for node in graph.nodes {
      for input in node.inputs where roots[input] != nil && roots[input] != roots[node.output] { wanted.insert(input) }
    }
    for (index, node) in graph.nodes.enumerated() {
      guard let root = roots[node.output], wanted.contains(node.output) else { continue }
      let members = Self.members(of: index, from: root, graph, producers)
      guard members.count > 1 || !Self.isPlain(node, graph) else { continue }
      functions[index] = Function(input: root, graph: Self.small(graph, members, root, node.output))
      nodes.formUnion(members)
    }
    // What is part of one function may be wanted by itself as a plain operation.
    for index in nodes where functions[index] == nil && wanted.contains(graph.nodes[index].output) {
      guard let root = roots[graph.nodes[index].output] else { continue }
      let members = Self.members(of: index, from: root, graph, producers)
      functions[index] = Function(input: root, graph: Self.small(graph, members, root, graph.nodes[index].output))
    }
  }

  /// The one tensor that a node's result is a function of, number by number.
  private static func root(
    of node: Graph.Node, _ graph: Graph, _ roots: [Graph.TensorID: Graph.TensorID]
  ) -> Graph.TensorID? {
    switch node.operation {
    case .unary, .binary: break
    default: return nil
    }
    var found: Graph.TensorID?
    for input in node.inputs {
      if let values = graph[input].constant {
        guard values.count == 1 else { return nil }
        continue
      }
      let root = roots[input] ?? input
      guard found == nil || found == root, graph[root].shape == graph[node.output].shape else { return nil }
      found = root
    }
    return found
  }

  /// A single operation that the core computes as TensorFlow Lite does.
  private static func isPlain(_ node: Graph.Node, _ graph: Graph) -> Bool {
    switch node.operation {
    case .binary(.divide, _), .binary(.power, _): false
    case .binary: node.inputs[0] != node.inputs[1] && node.inputs.allSatisfy { graph[$0].constant == nil }
    default: true
    }
  }

  /// The nodes between a tensor and a node, that node included, in order.
  private static func members(
    of index: Int, from root: Graph.TensorID, _ graph: Graph, _ producers: [Graph.TensorID: Int]
  ) -> [Int] {
    var members: Set<Int> = []
    var open = [index]
    while let next = open.popLast() {
      guard members.insert(next).inserted else { continue }
      for input in graph.nodes[next].inputs where input != root && graph[input].constant == nil {
        if let producer = producers[input] { open.append(producer) }
      }
    }
    return members.sorted()
  }

  private static func small(
    _ graph: Graph, _ members: [Int], _ root: Graph.TensorID, _ output: Graph.TensorID
  ) -> Graph {
    var small = Graph(name: "function")
    var places: [Graph.TensorID: Graph.TensorID] = [:]
    func place(_ id: Graph.TensorID) -> Graph.TensorID {
      if let known = places[id] { return known }
      let constant = graph[id].constant
      let added = small.addTensor(
        Graph.Tensor(
          name: "\(small.tensors.count)", shape: constant == nil ? [256] : [1], constant: constant))
      places[id] = added
      return added
    }
    small.inputs = [place(root)]
    for index in members {
      let node = graph.nodes[index]
      let inputs = node.inputs.map(place)
      small.nodes.append(
        Graph.Node(name: "\(index)", operation: node.operation, inputs: inputs, output: place(node.output)))
    }
    small.outputs = [place(output)]
    return small
  }
}
