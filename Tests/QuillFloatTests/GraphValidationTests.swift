import QuillFloat
import Testing

/// Every rule of `Graph.validate`, broken once.
struct GraphValidationTests {
  typealias ID = Graph.TensorID

  /// `y = relu(x + c)` with `x` and `c` of two elements.
  private func valid() throws -> Graph {
    var builder = GraphBuilder(name: "valid")
    let x = try builder.input("x", shape: [2])
    let c = try builder.constant("c", shape: [2], [1, 2])
    let sum = try builder.append(.binary(.add, .none), [x, c], name: "sum")
    builder.output(try builder.append(.unary(.activation(.relu)), [sum], name: "y"))
    return try builder.finish()
  }

  private func expect(_ wording: String, _ change: (inout Graph) -> Void) throws {
    var graph = try valid()
    change(&graph)
    let error = #expect(throws: GraphError.self) { try graph.validate() }
    #expect(error?.description == wording)
    let engineError = #expect(throws: GraphError.self) { try FloatEngine(graph) }
    #expect(engineError == error)
  }

  @Test func tensors() throws {
    try expect("tensor 2 \"x\": tensor 0 has the same name; expected unique names") { $0.tensors[2].name = "x" }
    try expect("tensor 0 \"x\": axis 0 has 0 elements; expected at least 1") { $0.tensors[0].shape = [0] }
    try expect("tensor 0 \"x\": axis 1 has -3 elements; expected at least 1") { $0.tensors[0].shape = [2, -3] }
    try expect(
      "tensor 0 \"x\": the shape [4611686018427387904, 4] holds too many elements; expected at most 268435456"
    ) { $0.tensors[0].shape = [1 << 62, 4] }
    try expect("tensor 1 \"c\": 1 values do not fill the shape [2]") { $0.tensors[1].constant = [1] }
    try expect("tensor 1 \"c\": the value at position 1 is NaN; expected finite numbers") {
      $0.tensors[1].constant = [1, .nan]
    }
    try expect("tensor 1 \"c\": the value at position 0 is infinity; expected finite numbers") {
      $0.tensors[1].constant = [.infinity, 1]
    }
  }

  @Test func inputsAndOutputs() throws {
    try expect("graph: tensor 9 does not exist; the graph has 4 tensors") { $0.inputs = [ID(9)] }
    try expect("tensor 1 \"c\": is an input of the graph and a constant; expected one of the two") {
      $0.inputs.append(ID(1))
    }
    try expect("tensor 0 \"x\": is an input of the graph twice") { $0.inputs.append(ID(0)) }
    try expect("graph: no outputs; expected at least one") { $0.outputs = [] }
    try expect("graph: tensor -1 does not exist; the graph has 4 tensors") { $0.outputs = [ID(-1)] }
    try expect("tensor 4 \"z\": is an output of the graph, but no node computes it") {
      $0.outputs = [$0.addTensor(Graph.Tensor(name: "z", shape: [2]))]
    }
  }

  @Test func nodes() throws {
    try expect("node 0 (ReLU \"y\"): reads \"sum\", which no input, constant or earlier node provides") {
      $0.nodes.reverse()
    }
    try expect("node 0 (Add \"sum\"): tensor 7 does not exist; the graph has 4 tensors") {
      $0.nodes[0].inputs[1] = ID(7)
    }
    try expect("node 1 (ReLU \"y\"): tensor 8 does not exist; the graph has 4 tensors") { $0.nodes[1].output = ID(8) }
    try expect(
      "node 1 (ReLU \"y\"): computes \"sum\", which an input, a constant or an earlier node already provides"
    ) { $0.nodes[1].output = ID(2) }
    try expect("node 0 (Add \"sum\"): the output is declared as [1, 2]; expected [2], which follows from the operands")
    {
      $0.tensors[2].shape = [1, 2]
    }
    try expect(
      "node 0 (Add \"sum\"): the shapes [2] and [3] cannot be broadcast; "
        + "expected equal extents or 1, counted from the last axis"
    ) { $0.tensors[1] = Graph.Tensor(name: "c", shape: [3], constant: [1, 2, 3]) }
  }

  @Test func memoryIsBounded() throws {
    var builder = GraphBuilder(name: "large")
    let x = try builder.input("x", shape: [1 << 27])
    let y = try builder.append(.unary(.negate), [x], name: "y")
    builder.output(try builder.append(.binary(.add, .none), [x, y], name: "z"))
    let error = #expect(throws: GraphError.self) { try FloatEngine(builder.graph) }
    #expect(
      error?.description
        == "graph: the intermediate tensors need 402653184 elements at once; expected at most 268435456")
  }

  @Test func builderKeepsNamesUnique() throws {
    var builder = GraphBuilder(name: "names")
    let x = try builder.input("x", shape: [1])
    let first = try builder.append(.unary(.negate), [x], name: "x")
    let second = try builder.append(.unary(.negate), [first], name: "x")
    builder.output(second)
    let graph = try builder.finish()
    #expect(graph.tensors.map(\.name) == ["x", "x_2", "x_3"])
    #expect(graph.nodes.map(\.name) == ["x", "x"])
  }

  @Test func builderNamesTheNodeThatFails() throws {
    var builder = GraphBuilder(name: "names")
    let x = try builder.input("x", shape: [1, 4])
    let error = #expect(throws: GraphError.self) {
      try builder.append(.reshape, [x], name: "flat", outputShape: [3])
    }
    #expect(
      error?.description == "node 0 (Reshape \"flat\"): the shapes [1, 4] and [3] hold different numbers of elements")
  }
}
