import QuillFloat

/// Layers that resize images: by whole numbers (`UpSampling2D`), or to a size (`Resizing`).
extension KerasImporter {
  mutating func upSampling(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let factor = try call.pair("size", default: KerasCall.Pair(height: 2, width: 2))
    let input = try image(call)
    let (rows, rowOverflow) = input[1].multipliedReportingOverflow(by: factor.height)
    let (columns, columnOverflow) = input[2].multipliedReportingOverflow(by: factor.width)
    guard !rowOverflow, !columnOverflow else { throw call.failure(.badOption("size")) }
    return try resized(call, to: KerasCall.Pair(height: rows, width: columns), default: "nearest")
  }

  mutating func resizing(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    for option in ["crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias"]
    where try call.flag(option, default: false) {
      throw call.failure(.unsupportedOption(option, found: "true", expected: "false"))
    }
    let target = KerasCall.Pair(height: try call.integer("height"), width: try call.integer("width"))
    return try resized(call, to: target, default: "bilinear")
  }

  private func image(_ call: KerasCall) throws(ImportError) -> [Int] {
    let input = shape(call.inputs[0])
    guard input.count == 4 else {
      throw call.failure(.unsupportedOption("input", found: "\(input)", expected: "an image"))
    }
    return input
  }

  private mutating func resized(
    _ call: KerasCall, to target: KerasCall.Pair, default method: String
  ) throws(ImportError) -> Graph.TensorID {
    let input = try image(call)
    let method = call.option("interpolation")?.string ?? method
    if input[1] == target.height, input[2] == target.width { return call.inputs[0] }
    switch method {
    case "nearest":
      return try node(
        .resizeNearest(.init(alignsCorners: false, halfPixelCenters: true)), call.inputs, call.name, call,
        shape: [input[0], target.height, target.width, input[3]])
    case "bilinear":
      guard
        let rows = LinearResize.Axis(
          source: input[1], target: target.height, alignsCorners: false, halfPixelCenters: true),
        let columns = LinearResize.Axis(
          source: input[2], target: target.width, alignsCorners: false, halfPixelCenters: true)
      else { throw call.failure(.badOption("size")) }
      let resize = LinearResize(rows: rows, columns: columns)
      var weights: [Graph.TensorID] = []
      for axis in resize.products {
        weights.append(
          try constant("weights", FloatTensor(shape: [axis.target, axis.source], values: axis.weights), call))
      }
      return try resize.assembled(call.inputs[0], channels: input[3], weights: weights) {
        operation, inputs, shape throws(ImportError) in
        try node(operation, inputs, call.name, call, shape: shape)
      }
    default:
      throw call.failure(.unsupportedOption("interpolation", found: method, expected: "nearest or bilinear"))
    }
  }
}
