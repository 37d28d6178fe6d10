import QuillFloat

/// Layers that join tensors, and layers that move elements without changing them.
extension KerasImporter {
  mutating func merge(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let className = call.className
    try call.expectInputs(className == "Subtract" ? 2...2 : 1...64)
    if className == "Concatenate" {
      let rank = shape(call.inputs[0]).count
      let axis = try call.integer("axis", default: -1, in: -64...64)
      return try node(
        .concatenate(axis: try call.axis(axis, rank: rank, key: "axis")), call.inputs, call.name, call)
    }
    let operators: [String: Operation.BinaryOperator] = [
      "Add": .add, "Average": .add, "Subtract": .subtract, "Multiply": .multiply, "Maximum": .maximum,
      "Minimum": .minimum,
    ]
    guard let binary = operators[className] else { throw call.failure(.unsupportedLayer(className)) }
    var result = call.inputs[0]
    let isAverage = className == "Average"
    for (position, operand) in call.inputs.enumerated().dropFirst() {
      let isLast = position == call.inputs.count - 1 && !isAverage
      let name = isLast ? call.name : "\(call.name)/\(position)"
      result = try node(.binary(binary, .none), [result, operand], name, call)
    }
    guard isAverage else { return result }
    let share = try constant("share", FloatTensor(shape: [1], values: [1 / Float(call.inputs.count)]), call)
    return try node(.binary(.multiply, .none), [result, share], call.name, call)
  }

  mutating func arrange(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    switch call.className {
    case "Flatten": return try flatten(call)
    case "Reshape": return try reshape(call)
    case "Permute": return try permute(call)
    case "ZeroPadding2D": return try zeroPadding(call)
    case "Cropping2D": return try cropping(call)
    default: return try upSampling(call)
    }
  }

  private mutating func flatten(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let input = shape(call.inputs[0])
    if input.count == 2 { return call.inputs[0] }
    return try node(.reshape, call.inputs, call.name, call, shape: [1, input.product])
  }

  private mutating func reshape(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    guard let target = call.option("target_shape")?.array?.map(\.integer), !target.isEmpty else {
      throw call.failure(.badOption("target_shape"))
    }
    let count = shape(call.inputs[0]).product
    var known = 1
    for extent in target where extent != -1 {
      guard let extent, extent > 0, case (let next, let overflow) = known.multipliedReportingOverflow(by: extent),
        !overflow
      else { throw call.failure(.badOption("target_shape")) }
      known = next
    }
    guard target.count(where: { $0 == -1 }) <= 1 else { throw call.failure(.badOption("target_shape")) }
    let result = [1] + target.map { $0 == -1 ? count / known : $0 ?? 1 }
    return try node(.reshape, call.inputs, call.name, call, shape: result)
  }

  private mutating func permute(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    guard let axes = call.option("dims")?.array?.compactMap(\.integer), axes.allSatisfy({ (1...8).contains($0) }) else {
      throw call.failure(.badOption("dims"))
    }
    return try node(.transpose(permutation: [0] + axes), call.inputs, call.name, call)
  }

  private mutating func zeroPadding(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let sides = try sides(call, "padding")
    return try node(
      .pad(before: [0, sides.top, sides.left, 0], after: [0, sides.bottom, sides.right, 0], value: 0), call.inputs,
      call.name, call)
  }

  private mutating func cropping(_ call: KerasCall) throws(ImportError) -> Graph.TensorID {
    let sides = try sides(call, "cropping")
    let input = shape(call.inputs[0])
    guard input.count == 4 else {
      throw call.failure(.unsupportedOption("input", found: "\(input)", expected: "an image"))
    }
    let target = [input[0], input[1] - sides.top - sides.bottom, input[2] - sides.left - sides.right, input[3]]
    return try node(
      .slice(starts: [0, sides.top, sides.left, 0], steps: [1, 1, 1, 1]), call.inputs, call.name, call, shape: target)
  }

  /// `p`, `[rows, columns]` or `[[top, bottom], [left, right]]`.
  private func sides(_ call: KerasCall, _ key: String) throws(ImportError) -> Operation.Padding {
    guard let value = call.option(key) else {
      let rows = call.isLine ? 0 : 1
      return Operation.Padding(top: rows, left: 1, bottom: rows, right: 1)
    }
    var numbers: [Int?] = [value.integer, value.integer, value.integer, value.integer]
    if let axes = value.array, axes.count == 2 {
      numbers = axes.flatMap { axis in axis.array.map { $0.map(\.integer) } ?? [axis.integer, axis.integer] }
    }
    if call.isLine {
      let ends = value.array.map { $0.map(\.integer) } ?? [value.integer, value.integer]
      numbers = [0, 0] + ends
    }
    let found = numbers.compactMap { $0 }.filter { (0...(1 << 20)).contains($0) }
    guard found.count == 4, numbers.count == 4 else { throw call.failure(.badOption(key)) }
    return Operation.Padding(top: found[0], left: found[2], bottom: found[1], right: found[3])
  }
}
