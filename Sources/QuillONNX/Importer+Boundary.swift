import QuillFloat

/// What comes in and what goes out: constants, inputs, outputs, and the batch size.
extension Importer {
  /// Registers constants by name; they are decoded when first used.
  mutating func declareConstants() throws(ONNXError) {
    for tensor in model.initializers where !tensor.name.isEmpty {
      guard initializers.updateValue(tensor, forKey: tensor.name) == nil else {
        throw ONNXError(at: .tensor(tensor.name), .duplicateTensor(tensor.name))
      }
    }
  }

  /// Adds the network's inputs; those that have a constant are none (IR version 3 and before list them too).
  mutating func declareInputs() throws(ONNXError) {
    exportedBatch = findExportedBatch()
    for input in model.inputs where initializers[input.name] == nil {
      guard values[input.name] == nil else {
        throw ONNXError(at: .input(input.name), .duplicateTensor(input.name))
      }
      if let bytes = options.boundInputs[input.name] {
        values[input.name] = .constant(try Constant(tensorFile: bytes, name: input.name))
        continue
      }
      let place = ONNXError.Place.input(input.name)
      guard input.isTensor else { throw ONNXError(at: place, .notATensor) }
      guard let type = ElementType(rawValue: input.elementType), type.kind != .unsupported else {
        let name = ElementType(rawValue: input.elementType)?.name
        throw ONNXError(at: place, .elementType(input.elementType, name: name))
      }
      let shape = try inputShape(input)
      guard let count = shape.boundedProduct, count <= Graph.maximumElementCount else {
        throw ONNXError(at: place, .shapeTooLarge(shape))
      }
      tensorNames.insert(input.name)
      let id = graph.addTensor(Graph.Tensor(name: input.name, shape: shape))
      graph.inputs.append(id)
      values[input.name] = .computed(id, type)
    }
  }

  private func inputShape(_ input: ONNXModel.ValueInfo) throws(ONNXError) -> [Int] {
    let place = ONNXError.Place.input(input.name)
    if let given = options.inputShapes[input.name] {
      let declared = input.dims.map { dims in dims.map { $0.value.flatMap { Int(exactly: $0) } } }
      let fits = declared.map { $0.count == given.count && zip($0, given).allSatisfy { $0 == nil || $0 == $1 } }
      guard fits ?? true, given.allSatisfy({ $0 > 0 }) else {
        throw ONNXError(at: place, .givenShape(given, declared: declared ?? []))
      }
      return given
    }
    guard let dims = input.dims, dims.count <= 64 else { throw ONNXError(at: place, .unknownShape) }
    var shape: [Int] = []
    for (axis, dimension) in dims.enumerated() {
      if axis == 0, options.batch == .one, isBatch(dimension, rank: dims.count) {
        shape.append(1)
        continue
      }
      // Old exporters wrote an unknown extent as 0 or -1.
      guard let extent = dimension.value, extent > 0 || (extent != 0 && extent != -1) else {
        throw ONNXError(at: place, .unknownExtent(axis: axis, symbol: dimension.symbol))
      }
      guard extent > 0, let extent = Int(exactly: extent) else {
        throw ONNXError(at: place, .emptyAxis(axis: axis, extent: extent))
      }
      shape.append(extent)
    }
    return shape
  }

  private func isBatch(_ dimension: ONNXModel.Dimension, rank: Int) -> Bool {
    guard let value = dimension.value, value > 0 else { return true }
    return rank >= 2 && exportedBatch.map(Int64.init) == value
  }

  /// The number that leads every input and output, where it is above 1: the batch that the network was exported with.
  private func findExportedBatch() -> Int? {
    guard options.batch == .one else { return nil }
    let fed = model.inputs.filter { initializers[$0.name] == nil && options.boundInputs[$0.name] == nil }
    let leading = (fed + model.outputs).map { $0.dims?.first }
    guard let first = fed.first?.dims, first.count >= 2, let batch = first[0].value, batch > 1 else { return nil }
    // An output may leave its batch open; a number must agree.
    guard leading.allSatisfy({ $0?.value == nil || $0?.value == batch }) else { return nil }
    return Int(exactly: batch)
  }

  /// Names the network's outputs, each a tensor of its own that a node computes.
  mutating func declareOutputs() throws(ONNXError) {
    guard !model.outputs.isEmpty else { throw ONNXError(at: .file, .noOutputs) }
    for output in model.outputs {
      let place = ONNXError.Place.output(output.name)
      guard let value = try value(named: output.name) else {
        throw ONNXError(at: place, .undefinedTensor(output.name))
      }
      let id: Graph.TensorID
      switch value {
      case .computed(let computed, let type):
        guard type.kind == .float || type.isByte || producers[computed] != nil else {
          throw ONNXError(at: place, .elementType(type.rawValue, name: type.name))
        }
        id = computed
      case .constant(let constant):
        guard constant.type.kind == .float else {
          throw ONNXError(at: place, .elementType(constant.type.rawValue, name: constant.type.name))
        }
        id = try materialize(constant, name: output.name)
      case .comparison:
        throw ONNXError(at: place, .elementType(ElementType.bool.rawValue, name: ElementType.bool.name))
      }
      graph.outputs.append(try namedOutput(id, output.name))
    }
  }

  /// The tensor itself where it can take the output's name, or a copy that can.
  private mutating func namedOutput(_ id: Graph.TensorID, _ name: String) throws(ONNXError) -> Graph.TensorID {
    if graph[id].name == name, producers[id] != nil, !graph.outputs.contains(id) { return id }
    if producers[id] != nil, !graph.outputs.contains(id) {
      tensorNames.insert(name)
      graph[id].name = name
      return id
    }
    node = ONNXModel.Node(name: name, operatorName: "Identity", outputs: [name])
    let copy = try emit(.reshape, [id], shape: graph[id].shape)
    if graph[id].name == name { graph[id].name = unusedName(like: name, "source") }
    graph[copy].name = name
    return copy
  }
}

extension Constant {
  /// The tensor that a file of ONNX's `TensorProto` holds.
  init(tensorFile bytes: [UInt8], name: String) throws(ONNXError) {
    guard !bytes.isEmpty else { throw ONNXError(at: .file, .empty) }
    guard bytes.count <= ONNXModel.maximumByteCount else {
      throw ONNXError(at: .file, .tooLarge(byteCount: bytes.count))
    }
    var tensor = try ONNXModel.Tensor(parsing: bytes, in: 0..<bytes.count)
    if !name.isEmpty { tensor.name = name }
    self = try tensor.decoded(in: bytes, externalData: { _ in nil })
  }
}
