import QuillFloat

/// Operators that the core has no operator for: taken apart into those that it has, to the same bytes.
extension TensorFlowLiteIntegerImporter {
  /// Adds the nodes of such an operator; false for all others.
  mutating func appendParts(
    _ node: TensorFlowLiteModel.Node, _ operands: [Int], _ geometry: TensorFlowLiteGeometry
  ) throws(ImportError) -> Bool {
    let (input, output) = (operands[0], node.outputs[0])
    let result = try tensor(output, shape: geometry.declared)
    switch node.operation {
    case .split, .splitV, .unpack: try appendPieces(node, input, geometry)
    case .gather(let axis): try finish(output, gathered(input, geometry.gatheredRuns(axis), like: result))
    case .pack(let axis): try appendPack(operands, axis, geometry, output)
    case .tile: try appendTile(input, geometry, output)
    case .spaceToDepth(let block): try finish(output, gatheredBlocks(input, block, geometry, like: result))
    case .depthToSpace(let block): try finish(output, spreadBlocks(input, block, geometry, like: result))
    case .mirrorPad(let keepsEdge): try appendMirror(input, keepsEdge: keepsEdge, geometry, output)
    case .padV2: try appendPadding(input, geometry, output)
    case .transposedConv2D(let options):
      let weights = try weights(of: node, at: geometry.place)
      try finish(output, transposedConvolution(input, weights, options, geometry, like: result))
    case .reduction(.maximum, _): try appendExtremum(input, isMaximum: true, geometry, output)
    case .reduction(.minimum, _): try appendExtremum(input, isMaximum: false, geometry, output)
    case .resizeBilinear(let options): try finish(output, bilinear(input, options, geometry, like: result))
    case .prelu: finish(output, parametricReLU(operands, like: result))
    case .binary(.divide, let activation): try finish(output, quotient(operands, activation, geometry, like: result))
    case .reshape, .squeeze, .expandDims: return appendView(node, input, geometry, output)
    default:
      guard views[input] == nil else {
        throw .tensorFlowLite(geometry.place, .badShape(views[input] ?? []))
      }
      return false
    }
    return true
  }

  // MARK: Tensors

  /// Adds a node and its result, with the scale and zero point of another tensor.
  mutating func emit(
    _ operation: QuantizedOperation, _ operands: [Int], like tensor: QuantizedGraph.Tensor, shape: [Int]
  ) -> Int {
    var result = tensor
    result.shape = shape
    result.name = "\(tensor.name)/\(graph.nodes.count)"
    let id = graph.addTensor(result)
    graph.nodes.append(QuantizedGraph.Node(name: result.name, operation: operation, inputs: operands, output: id))
    return id
  }

  /// The tensor under another shape.
  mutating func reshaped(_ id: Int, _ shape: [Int]) -> Int {
    graph.tensors[id].shape == shape ? id : emit(.reshape, [id], like: graph.tensors[id], shape: shape)
  }

  /// The same bytes with the scale and zero point of another tensor.
  mutating func relabelled(_ id: Int, like tensor: QuantizedGraph.Tensor) -> Int {
    let given = graph.tensors[id]
    if (given.scale, given.zeroPoint) == (tensor.scale, tensor.zeroPoint) { return id }
    return emit(.lookup(.identity), [id], like: tensor, shape: given.shape)
  }

  /// Makes a tensor the file's, under the shape that the file gives it.
  mutating func finish(_ output: Int, _ id: Int) {
    let name = model.tensors[output].name
    let shape = model.batchOfOne(model.tensors[output].shape)
    var id = id
    if shape.count > 4 {
      views[id] = shape
    } else {
      id = reshaped(id, shape)
      if views[id] == nil, !name.isEmpty, ids.values.allSatisfy({ $0 != id }) { graph.tensors[id].name = name }
    }
    ids[output] = id
  }

  /// A shape of more axes than a tensor can have is kept beside its tensor until another shape follows.
  private mutating func appendView(
    _ node: TensorFlowLiteModel.Node, _ input: Int, _ geometry: TensorFlowLiteGeometry, _ output: Int
  ) -> Bool {
    guard geometry.declared.count > 4 || views[input] != nil,
      geometry.declared.product == graph.tensors[input].shape.product
    else { return false }
    // A tensor has one view at a time: another reader may need the other.
    let source = graph.tensors[input]
    finish(output, emit(.reshape, [input], like: source, shape: [1, source.shape.product]))
    return true
  }

  // MARK: Parts

  private mutating func appendPieces(
    _ node: TensorFlowLiteModel.Node, _ input: Int, _ geometry: TensorFlowLiteGeometry
  ) throws(ImportError) {
    for (output, piece) in zip(node.outputs, try geometry.pieces()) {
      let result = try tensor(output, shape: geometry.input)
      finish(output, try gathered(input, GatheredRuns(axis: piece.axis, runs: [piece.range]), like: result))
    }
  }

  /// Runs of an axis, side by side.
  private mutating func gathered(
    _ input: Int, _ gathering: GatheredRuns, like result: QuantizedGraph.Tensor
  ) throws(ImportError) -> Int {
    let source = relabelled(input, like: result)
    let shape = graph.tensors[source].shape
    var parts: [Int] = []
    for run in gathering.runs {
      var extents = shape
      var starts = shape.map { _ in 0 }
      (extents[gathering.axis], starts[gathering.axis]) = (run.count, run.lowerBound)
      let steps = shape.map { _ in 1 }
      parts.append(emit(.slice(starts: starts, steps: steps), [source], like: result, shape: extents))
    }
    return joined(parts, axis: gathering.axis, like: result)
  }

  /// Tensors joined along an axis, at most 64 at a time as the core joins them.
  mutating func joined(_ parts: [Int], axis: Int, like result: QuantizedGraph.Tensor) -> Int {
    var parts = parts
    while parts.count > 1 {
      var next: [Int] = []
      for start in stride(from: 0, to: parts.count, by: 64) {
        let group = Array(parts[start..<min(start + 64, parts.count)])
        var shape = graph.tensors[group[0]].shape
        shape[axis] = group.reduce(0) { $0 + graph.tensors[$1].shape[axis] }
        next.append(group.count == 1 ? group[0] : emit(.concatenate(axis: axis), group, like: result, shape: shape))
      }
      parts = next
    }
    return parts[0]
  }

  private mutating func appendPack(
    _ operands: [Int], _ axis: Int, _ geometry: TensorFlowLiteGeometry, _ output: Int
  ) throws(ImportError) {
    let axis = try geometry.axis(axis, rank: geometry.input.count + 1)
    let result = try tensor(output, shape: geometry.declared)
    // All axes before the new one together, and all after it.
    let outer = geometry.input[..<axis].reduce(1, *)
    var parts: [Int] = []
    for operand in operands {
      let given = graph.tensors[operand]
      guard given.shape == geometry.input, (given.scale, given.zeroPoint) == (result.scale, result.zeroPoint) else {
        throw .tensorFlowLite(constants.place(output), .badQuantization)
      }
      parts.append(reshaped(operand, [1, outer, given.shape.product / outer]))
    }
    finish(output, joined(parts, axis: 2, like: result))
  }

  private mutating func appendTile(
    _ input: Int, _ geometry: TensorFlowLiteGeometry, _ output: Int
  ) throws(ImportError) {
    let multiples = try geometry.tiles()
    let result = try tensor(output, shape: geometry.declared)
    var shape = geometry.input
    var id = relabelled(input, like: result)
    for axis in shape.indices where multiples[axis] > 1 {
      let outer = shape[..<axis].reduce(1, *)
      let block = reshaped(id, [1, outer, shape.product / outer])
      id = joined([Int](repeating: block, count: multiples[axis]), axis: 2, like: result)
      shape[axis] *= multiples[axis]
    }
    finish(output, id)
  }

  /// The pixels of each place in the blocks as channels of their own.
  private mutating func gatheredBlocks(
    _ input: Int, _ block: Int, _ geometry: TensorFlowLiteGeometry, like result: QuantizedGraph.Tensor
  ) throws(ImportError) -> Int {
    let shape = geometry.input
    guard shape.count == 4, block <= 8, shape[1] % block == 0, shape[2] % block == 0 else {
      throw .tensorFlowLite(geometry.place, .badShape(shape))
    }
    let source = relabelled(input, like: result)
    var parts: [Int] = []
    for row in 0..<block {
      for column in 0..<block {
        parts.append(
          emit(
            .slice(starts: [0, row, column, 0], steps: [1, block, block, 1]), [source], like: result,
            shape: [1, shape[1] / block, shape[2] / block, shape[3]]))
      }
    }
    return joined(parts, axis: 3, like: result)
  }

  /// The reverse: the channels of a block's row are that row's pixels already; rows of blocks are joined as columns.
  private mutating func spreadBlocks(
    _ input: Int, _ block: Int, _ geometry: TensorFlowLiteGeometry, like result: QuantizedGraph.Tensor
  ) throws(ImportError) -> Int {
    let shape = geometry.input
    guard shape.count == 4, block <= 64, shape[3] % (block * block) == 0 else {
      throw .tensorFlowLite(geometry.place, .badShape(shape))
    }
    let row = shape[3] / block
    var parts: [Int] = []
    for index in 0..<block {
      let runs = GatheredRuns(axis: 3, runs: [index * row..<(index + 1) * row])
      parts.append(reshaped(try gathered(input, runs, like: result), [1, shape[1], 1, shape[2] * row]))
    }
    return joined(parts, axis: 2, like: result)
  }

  /// The largest or smallest value over axes: a pool whose window is all of a column; the smallest by turning every
  /// byte round, -1 - x, before and after.
  private mutating func appendExtremum(
    _ input: Int, isMaximum: Bool, _ geometry: TensorFlowLiteGeometry, _ output: Int
  ) throws(ImportError) {
    let axes = try geometry.reducedAxes()
    let result = try tensor(output, shape: geometry.declared)
    let shape = geometry.input
    let kept = shape.indices.filter { !axes.contains($0) }
    let permutation = kept.prefix { $0 == 0 } + axes.filter { $0 > 0 } + kept.filter { $0 > 0 }
    guard !axes.contains(0) || shape[0] == 1 else { throw .tensorFlowLite(geometry.place, .badShape(shape)) }
    var id = relabelled(input, like: result)
    if !isMaximum { id = emit(.lookup(.reversed), [id], like: result, shape: shape) }
    let order = shape.isEmpty || shape[0] == 1 ? [0] + permutation.filter { $0 > 0 } : Array(permutation)
    if order != Array(shape.indices) {
      id = emit(.transpose(permutation: order), [id], like: result, shape: order.map { shape[$0] })
    }
    let rows = axes.map { shape[$0] }.product
    let columns = shape.product / rows
    let image = reshaped(id, [1, rows, 1, columns])
    let pooling = Operation.Pooling(windowHeight: rows, windowWidth: 1, strideHeight: 1, strideWidth: 1)
    id = emit(.maxPool2D(pooling, .none), [image], like: result, shape: [1, 1, 1, columns])
    if !isMaximum { id = emit(.lookup(.reversed), [id], like: result, shape: [1, 1, 1, columns]) }
    finish(output, id)
  }
}
