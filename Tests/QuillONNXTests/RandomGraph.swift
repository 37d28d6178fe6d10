import QuillFloat
import TestSupport

/// Draws small valid graphs in which axes are turned round, joined, cut and flattened in every order.
struct RandomGraph {
  var builder = GraphBuilder(name: "random")
  var generator: SeededGenerator
  private var computed: [Graph.TensorID] = []
  private var constantCount = 0

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  static func draw(seed: UInt64) throws -> Graph {
    var random = RandomGraph(seed: seed)
    let shape = [1] + (0..<3).map { _ in random.int(1, 4) }
    random.computed.append(try random.builder.input("x", shape: shape))
    if random.int(0, 2) == 0 { random.computed.append(try random.builder.input("z", shape: shape)) }
    for index in 0..<random.int(2, 12) {
      let id = random.computed.randomElement(using: &random.generator) ?? random.computed[0]
      if let result = try random.node(on: id, name: "n\(index)") { random.computed.append(result) }
    }
    let used = Set(random.builder.graph.nodes.flatMap(\.inputs))
    for node in random.builder.graph.nodes where !used.contains(node.output) || random.int(0, 9) == 0 {
      random.builder.output(node.output)
    }
    if random.builder.graph.outputs.isEmpty {
      random.builder.output(try random.builder.append(.unary(.negate), [random.computed[0]], name: "last"))
    }
    return try random.builder.finish()
  }

  private mutating func int(_ low: Int, _ high: Int) -> Int { Int.random(in: low...high, using: &generator) }

  private mutating func constant(_ shape: [Int], positive: Bool = false) throws -> Graph.TensorID {
    constantCount += 1
    let values = (0..<shape.reduce(1, *)).map { _ in Float.random(in: (positive ? 0.5 : -1)...1, using: &generator) }
    return try builder.constant("c\(constantCount)", shape: shape, values)
  }

  private mutating func node(on id: Graph.TensorID, name: String) throws -> Graph.TensorID? {
    let shape = builder.graph[id].shape
    switch int(0, 14) {
    case 0, 1:
      return try builder.append(
        .transpose(permutation: Array(shape.indices).shuffled(using: &generator)), [id], name: name)
    case 2: return try builder.append(.unary(.leakyRelu(alpha: 0.5)), [id], name: name)
    case 3: return try binary(id, shape, name)
    case 4: return try concatenation(id, shape, name)
    case 5:
      let (before, after) = (shape.map { _ in int(0, 1) }, shape.map { _ in int(0, 1) })
      guard !shape.isEmpty else { return nil }
      return try builder.append(.pad(before: before, after: after, value: 0.5), [id], name: name)
    case 6: return try slice(id, shape, name)
    case 7:
      let axes = shape.indices.filter { _ in int(0, 1) == 0 }
      let keeps = int(0, 1) == 0
      return try builder.append(
        int(0, 1) == 0 ? .mean(axes: axes, keepsAxes: keeps) : .sum(axes: axes, keepsAxes: keeps), [id], name: name)
    case 8:
      guard let axis = shape.indices.randomElement(using: &generator) else { return nil }
      return try builder.append(int(0, 1) == 0 ? .softmax(axis: axis) : .logSoftmax(axis: axis), [id], name: name)
    case 9: return try reshape(id, shape, name)
    case 10: return try layer(id, shape, name)
    case 11:
      guard let channels = shape.last else { return nil }
      let operands = [try constant([channels]), try constant([channels]), try constant([channels])]
      return try builder.append(
        .batchNormalization(epsilon: 0.01), [id] + operands + [constant([channels], positive: true)], name: name)
    case 12:
      let axes = shape.indices.filter { _ in int(0, 1) == 0 }
      return try builder.append(
        .normalize(axes: axes, centers: int(0, 1) == 0, epsilon: 0.01), [id], name: name)
    default: return try image(id, shape, name)
    }
  }

  private mutating func binary(_ id: Graph.TensorID, _ shape: [Int], _ name: String) throws -> Graph.TensorID {
    let same = computed.filter { builder.graph[$0].shape == shape }
    let other: Graph.TensorID
    if int(0, 1) == 0, let tensor = same.randomElement(using: &generator) {
      other = tensor
    } else {
      var extents = shape.map { int(0, 2) == 0 ? 1 : $0 }
      extents.removeFirst(int(0, shape.count))
      other = try constant(extents)
    }
    let activation: Operation.Activation = [.none, .none, .relu, .relu6, .reluMinus1To1][int(0, 4)]
    let operation = Operation.binary([.add, .subtract, .multiply, .maximum][int(0, 3)], activation)
    return try builder.append(operation, int(0, 1) == 0 ? [id, other] : [other, id], name: name)
  }

  private mutating func concatenation(_ id: Graph.TensorID, _ shape: [Int], _ name: String) throws -> Graph.TensorID? {
    guard let axis = shape.indices.randomElement(using: &generator), shape.reduce(1, *) < 500 else { return nil }
    var operands = [id]
    for _ in 0..<int(1, 2) {
      let same = computed.filter { builder.graph[$0].shape == shape }
      operands.append(int(0, 3) == 0 ? try constant(shape) : same.randomElement(using: &generator) ?? id)
    }
    return try builder.append(.concatenate(axis: axis), operands, name: name)
  }

  private mutating func slice(_ id: Graph.TensorID, _ shape: [Int], _ name: String) throws -> Graph.TensorID {
    var (starts, steps, extents) = ([Int](), [Int](), [Int]())
    for extent in shape {
      let (first, last) = (int(0, extent - 1), int(0, extent - 1))
      starts.append(first)
      steps.append(last < first ? -1 : 1)
      extents.append(abs(last - first) + 1)
    }
    return try builder.append(.slice(starts: starts, steps: steps), [id], name: name, outputShape: extents)
  }

  private mutating func reshape(_ id: Graph.TensorID, _ shape: [Int], _ name: String) throws -> Graph.TensorID {
    let count = shape.reduce(1, *)
    let choices: [[Int]] = [
      [1, count], [count], [1, count, 1], shape.filter { $0 != 1 }, shape.filter { $0 != 1 } + [1],
      [1] + shape, shape.sorted { $0 == 1 && $1 != 1 }, [1, count, 1, 1], shape.reversed(),
    ]
    return try builder.append(.reshape, [id], name: name, outputShape: choices[int(0, choices.count - 1)])
  }

  private mutating func layer(_ id: Graph.TensorID, _ shape: [Int], _ name: String) throws -> Graph.TensorID? {
    guard let inputs = shape.last else { return nil }
    var source = id
    var columns = inputs
    if int(0, 1) == 0, shape.count == 4 {
      columns = shape.reduce(1, *)
      source = try builder.append(.reshape, [id], name: name + "/flat", outputShape: [1, columns])
      if int(0, 1) == 0 { source = try builder.append(.unary(.tanh), [source], name: name + "/tanh") }
    }
    let outputs = int(1, 4)
    var operands = [source, try constant([outputs, columns])]
    if int(0, 1) == 0 { operands.append(try constant([outputs])) }
    return try builder.append(.fullyConnected(int(0, 1) == 0 ? .none : .relu), operands, name: name)
  }

  private mutating func image(_ id: Graph.TensorID, _ shape: [Int], _ name: String) throws -> Graph.TensorID? {
    guard shape.count == 4 else { return nil }
    let pooling = Operation.Pooling(
      windowHeight: 2, windowWidth: 2, strideHeight: int(1, 2), strideWidth: 1,
      padding: Operation.Padding(top: 1, left: 0, bottom: 0, right: 1))
    switch int(0, 4) {
    case 0: return try builder.append(.maxPool2D(pooling), [id], name: name)
    case 1: return try builder.append(.averagePool2D(pooling, countsPadding: int(0, 1) == 0), [id], name: name)
    case 2:
      let resize = Operation.ResizeNearest(alignsCorners: false, halfPixelCenters: int(0, 1) == 0)
      return try builder.append(
        .resizeNearest(resize), [id], name: name,
        outputShape: [shape[0], shape[1] + int(0, 2), shape[2] + int(0, 2), shape[3]])
    case 3:
      let multiplier = int(1, 2)
      let convolution = Operation.Convolution(padding: pooling.padding, groups: shape[3], activation: .relu6)
      return try builder.append(
        .depthwiseConv2D(convolution), [id, constant([1, 2, 2, shape[3] * multiplier])], name: name)
    default:
      let outputs = int(1, 3)
      let convolution = Operation.Convolution(strideWidth: int(1, 2), padding: pooling.padding)
      return try builder.append(
        .conv2D(convolution), [id, constant([outputs, 2, 2, shape[3]]), constant([outputs])], name: name)
    }
  }
}
