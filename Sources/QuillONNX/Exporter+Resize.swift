import QuillFloat

extension Exporter {
  /// Nearest-neighbour resizing by factors, or by sizes where rounded factors would find other neighbours.
  mutating func writeResize(_ resize: Operation.ResizeNearest) throws(ONNXError) -> Value {
    let (from, to) = (graph[node.inputs[0]].shape, graph[node.output].shape)
    let isPlain = !resize.alignsCorners && !resize.halfPixelCenters
    let rule = ResizeRule(
      coordinates: resize.alignsCorners ? "align_corners" : isPlain ? "asymmetric" : "half_pixel",
      rounding: isPlain ? "floor" : "round_prefer_ceil")
    func agrees(_ scale: (Int) -> Float) -> Bool {
      [1, 2].allSatisfy { axis in
        rule.positions(source: from[axis], target: to[axis], scale: scale(axis))
          == resize.positions(source: from[axis], target: to[axis])
      }
    }
    let operands: [String]
    if agrees({ Self.scale(from[$0], to[$0]) }) {
      let scales = [1, 1, Self.scale(from[1], to[1]), Self.scale(from[2], to[2])]
      let name = names.take("\(graph[node.output].name)/scales")
      constants.append(Initializer(name: name, shape: [4], elements: .floats(scales)))
      operands = ["", name]
    } else if agrees({ Float(to[$0]) / Float(from[$0]) }) {
      operands = ["", "", constant("sizes", [to[0], to[3], to[1], to[2]])]
    } else {
      throw ONNXError(
        at: .node(index: nodeIndex, operator: node.operation.name, name: node.name),
        .unsupportedAttribute(
          "resize", found: "\(from) to \(to)", supported: "neighbours that ONNX's rules find"))
    }
    let name = add(
      "Resize", [arranged(node.inputs[0], Importer.toNCHW)] + operands, named: resultName(Importer.toNHWC),
      [
        ("mode", .string("nearest")), ("coordinate_transformation_mode", .string(rule.coordinates)),
        ("nearest_mode", .string(rule.rounding)),
      ])
    return Value(name: name, permutation: Importer.toNHWC)
  }

  /// The factor from which ONNX's `floor(extent * scale)` gives the wanted extent.
  private static func scale(_ extent: Int, _ target: Int) -> Float {
    var scale = Float(target) / Float(extent)
    while Int((Double(extent) * Double(scale)).rounded(.down)) < target { scale = scale.nextUp }
    return scale
  }
}
