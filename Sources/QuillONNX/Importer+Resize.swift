import QuillFloat

/// Resizing of NCHW images to the nearest neighbour, or between neighbours.
///
/// ONNX has many rules for the source of an element; each is calculated as a list of positions and read as the float
/// graph's rule that gives the same list.
extension Importer {
  mutating func lowerResize() throws(ONNXError) {
    let mode = try string("mode") ?? "nearest"
    guard ["nearest", "linear", "bilinear"].contains(mode) else {
      throw fail(.unsupportedAttribute("mode", found: mode, supported: "nearest, linear"))
    }
    let input = try imageOperand()
    let shape = graph[input].shape
    let (target, scales) = try resizeTarget(shape)
    guard target[0] == shape[0], target[1] == shape[1] else {
      throw fail(.attributeValue("sizes", found: target.map(Int64.init)))
    }
    if target == shape {
      try bind(input)
      return
    }
    if mode != "nearest" {
      try bind(linearlyResized(input, from: shape, to: target, scales: scales))
      return
    }
    let resize = try resizeRule(from: shape, to: target, scales: scales)
    let result = try onNHWC(input) { (importer, image) throws(ONNXError) in
      try importer.emit(.resizeNearest(resize), [image], shape: [shape[0], target[2], target[3], shape[1]])
    }
    try bind(result)
  }

  private mutating func linearlyResized(
    _ input: Graph.TensorID, from shape: [Int], to target: [Int], scales: [Float]
  ) throws(ONNXError) -> Graph.TensorID {
    if try int("antialias") ?? 0 != 0 {
      throw fail(.unsupportedAttribute("antialias", found: "1", supported: "0"))
    }
    let coordinates = try opset < 11 ? "asymmetric" : string("coordinate_transformation_mode") ?? "half_pixel"
    let rule = ResizeRule(coordinates: coordinates, rounding: "floor")
    func axis(_ axis: Int) -> LinearResize.Axis? {
      let (source, target) = (shape[axis], target[axis])
      return LinearResize.Axis(source: source, target: target) { index in
        rule.coordinate(Float(index), source: Float(source), target: Float(target), scale: scales[axis])
          .map(Double.init) ?? .nan
      }
    }
    guard let rows = axis(2), let columns = axis(3) else {
      throw fail(
        .unsupportedAttribute(
          "coordinate_transformation_mode", found: coordinates,
          supported: "asymmetric, half_pixel, align_corners, pytorch_half_pixel, half_pixel_symmetric"))
    }
    let resize = LinearResize(rows: rows, columns: columns)
    var weights: [Graph.TensorID] = []
    for axis in resize.products {
      weights.append(try constantTensor("weights", shape: [axis.target, axis.source], axis.weights))
    }
    return try onNHWC(input) { (importer, image) throws(ONNXError) in
      try resize.assembled(image, channels: shape[1], weights: weights) {
        operation, inputs, shape throws(ONNXError) in
        try importer.emit(operation, inputs, shape: shape)
      }
    }
  }

  /// The float graph's rule that finds the same neighbours as the node's.
  private mutating func resizeRule(
    from shape: [Int], to target: [Int], scales: [Float]
  ) throws(ONNXError) -> Operation.ResizeNearest {
    try reserve([target[2], 2])
    try reserve([target[3], 2])
    let rule = try ResizeRule(
      coordinates: opset < 11 ? "asymmetric" : string("coordinate_transformation_mode") ?? "half_pixel",
      rounding: opset < 11 ? "floor" : string("nearest_mode") ?? "round_prefer_floor")
    guard let rows = rule.positions(source: shape[2], target: target[2], scale: scales[2]),
      let columns = rule.positions(source: shape[3], target: target[3], scale: scales[3])
    else {
      throw fail(
        .unsupportedAttribute(
          "coordinate_transformation_mode", found: "\(rule.coordinates) with \(rule.rounding)",
          supported: "asymmetric, half_pixel, align_corners, pytorch_half_pixel, tf_half_pixel_for_nn"))
    }
    let candidates = [(false, false), (false, true), (true, false)].map {
      Operation.ResizeNearest(alignsCorners: $0.0, halfPixelCenters: $0.1)
    }
    guard
      let resize = candidates.first(where: {
        $0.positions(source: shape[2], target: target[2]) == rows
          && $0.positions(source: shape[3], target: target[3]) == columns
      })
    else {
      throw fail(
        .unsupportedAttribute(
          "nearest_mode", found: "\(rule.coordinates) with \(rule.rounding)",
          supported: "positions that TensorFlow's resize can give"))
    }
    return resize
  }

  /// The result's extents, and by how much each axis is scaled.
  private mutating func resizeTarget(_ shape: [Int]) throws(ONNXError) -> (shape: [Int], scales: [Float]) {
    let isOld = node.operatorName == "Upsample" || opset < 11
    if !isOld, hasOperand(3) {
      let sizes = try integers(3)
      guard sizes.count == 4, sizes.allSatisfy({ (1...(1 << 28)).contains($0) }), try ints("axes") == nil else {
        throw fail(.attributeValue("sizes", found: sizes))
      }
      return (sizes.map { Int($0) }, zip(sizes, shape).map { Float($0) / Float($1) })
    }
    let position = isOld ? 1 : 2
    var scales = hasOperand(position) ? try floatConstant(position).floats : try floats("scales") ?? []
    if let axisList = try ints("axes") {
      let list = try axes(axisList, rank: 4)
      guard list.count == scales.count else { throw fail(.attributeValue("axes", found: axisList)) }
      var all = [Float](repeating: 1, count: 4)
      for (axis, scale) in zip(list, scales) { all[axis] = scale }
      scales = all
    }
    guard scales.count == 4, scales.allSatisfy({ $0.isFinite && $0 > 0 && $0 < 0x1p20 }) else {
      throw fail(.missingAttribute("scales"))
    }
    let target = zip(shape, scales).map { Int((Double($0) * Double($1)).rounded(.down)) }
    guard target.allSatisfy({ $0 >= 1 }), let count = target.boundedProduct, count <= Graph.maximumElementCount else {
      throw fail(.shapeTooLarge(target))
    }
    return (target, scales)
  }
}
