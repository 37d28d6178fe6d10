import QuillFloat

/// Turns the operators of a float TensorFlow Lite network into the nodes of a graph.
struct TensorFlowLiteImporter {
  private let model: TensorFlowLiteModel
  private var builder: GraphBuilder
  private var constants: TensorFlowLiteConstants

  /// The graph's tensors, by TensorFlow Lite's position.
  private var ids: [Int: Graph.TensorID] = [:]

  /// The graph of a network.
  static func graph(of model: TensorFlowLiteModel, named name: String) throws(ImportError) -> Graph {
    var importer = TensorFlowLiteImporter(
      model: model, builder: GraphBuilder(name: name), constants: TensorFlowLiteConstants(model))
    importer.builder.note("producer", model.summary.isEmpty ? "TensorFlow Lite" : model.summary)
    try importer.addInputs()
    for (index, node) in model.nodes.enumerated() {
      try importer.append(node, at: .node(index: index, name: node.name))
    }
    for output in model.outputs { importer.builder.output(try importer.operand(output)) }
    do throws(GraphError) {
      return try importer.builder.finish()
    } catch {
      throw .tensorFlowLite(.model, .graph(error))
    }
  }

  private mutating func addInputs() throws(ImportError) {
    for input in model.inputs {
      let tensor = model.tensors[input]
      // `InputRange.metadataKey`: what comes in are bytes.
      if model.isFedBytes(input) { builder.note("quill.input.range", "0..255") }
      guard tensor.type == .float32 || model.isFedBytes(input) else {
        throw .tensorFlowLite(
          constants.place(input), .unsupportedType("\(tensor.type)", expected: "float32, for a float network"))
      }
      do throws(GraphError) {
        ids[input] = try builder.input(name(input), shape: model.batchOfOne(tensor.shape))
      } catch {
        throw .tensorFlowLite(constants.place(input), .graph(error))
      }
    }
  }

  /// A tensor's name; exporters leave some empty.
  private func name(_ tensor: Int) -> String {
    let name = model.tensors[tensor].name
    return name.isEmpty ? "tensor \(tensor)" : name
  }

  /// The graph's tensor; a constant becomes one when it is first read.
  private mutating func operand(_ tensor: Int) throws(ImportError) -> Graph.TensorID {
    if let id = ids[tensor] { return id }
    guard model.tensors[tensor].data != nil else {
      throw .tensorFlowLite(constants.place(tensor), .notReady(name(tensor)))
    }
    let value = try constants.reals(tensor)
    do throws(GraphError) {
      let id = try builder.constant(name(tensor), shape: value.shape, value.values)
      ids[tensor] = id
      return id
    } catch {
      throw .tensorFlowLite(constants.place(tensor), .graph(error))
    }
  }

  private func shape(_ id: Graph.TensorID) -> [Int] { builder.graph[id].shape }

  /// Adds one operator's nodes.
  private mutating func append(
    _ node: TensorFlowLiteModel.Node, at place: TensorFlowLitePlace
  ) throws(ImportError) {
    let ids = ids
    let graph = builder.graph
    if try constants.fold(node, shapeOf: { ids[$0].map { graph[$0].shape } }) { return }
    try node.expectOperands(at: place)
    var operands: [Graph.TensorID] = []
    for (position, input) in node.inputs.enumerated() where node.operation.readsValues(ofOperand: position) {
      guard let input else { continue }
      operands.append(try operand(input))
    }
    guard let first = operands.first, let output = node.outputs.first else {
      throw .tensorFlowLite(place, .missing("operand 0"))
    }
    let geometry = TensorFlowLiteGeometry(
      node: node, place: place, input: shape(first), declared: model.batchOfOne(model.tensors[output].shape),
      constants: constants)
    var emitter = TensorFlowLiteEmitter(builder: builder, place: place, name: name(output))
    builder = GraphBuilder(name: "")
    if node.operation.outputCount > 1 || node.operation.isTakingApart {
      for (output, piece) in zip(node.outputs, try geometry.pieces()) {
        emitter.name = name(output)
        let result = try emitter.piece(first, piece, model.batchOfOne(model.tensors[output].shape))
        self.ids[output] = result
      }
    } else {
      self.ids[output] = try emitter.emit(node.operation, operands, geometry)
    }
    builder = emitter.builder
  }
}

extension TensorFlowLiteModel {
  /// Whether a tensor is an input of plain bytes that the network itself makes floats of (AutoKeras writes such ones).
  func isFedBytes(_ tensor: Int) -> Bool {
    inputs.contains(tensor) && tensors[tensor].type == .uint8 && tensors[tensor].quantization == nil
      && nodes.allSatisfy { $0.operation == .cast || !$0.inputs.contains(tensor) }
  }

  /// A shape with its batch set to 1, where the network was exported with a larger one.
  func batchOfOne(_ shape: [Int]) -> [Int] {
    let batch = inputs.first.flatMap { tensors[$0].shape.first } ?? 1
    guard batch > 1, shape.count > 1, shape[0] == batch else { return shape }
    return [1] + shape.dropFirst()
  }
}
