import QuillFloat

/// Attributes that TensorFlow Lite leaves to the shapes: paddings, axes, targets. Shared by float and int8 networks.
struct TensorFlowLiteGeometry {
  let node: TensorFlowLiteModel.Node
  let place: TensorFlowLitePlace

  /// The shape of the first operand.
  let input: [Int]

  /// The shape that the file gives the result.
  let declared: [Int]

  let constants: TensorFlowLiteConstants

  private func expectImage() throws(ImportError) {
    guard input.count == 4 else { throw .tensorFlowLite(place, .badShape(input)) }
  }

  private func padding(
    _ padding: TensorFlowLiteOperation.Padding, window: KerasCall.Pair, strides: KerasCall.Pair
  ) -> Operation.Padding {
    padding == .same ? SamePadding.padding(input, window: window, strides: strides) : .none
  }

  /// A convolution with those weights; `groups` as Quill counts them.
  func convolution(
    _ options: TensorFlowLiteOperation.Convolution, weights: [Int], isDepthwise: Bool
  ) throws(ImportError) -> Operation.Convolution {
    try expectImage()
    guard weights.count == 4, weights.allSatisfy({ $0 >= 1 && $0 <= 1 << 24 }) else {
      throw .tensorFlowLite(place, .badShape(weights))
    }
    guard isDepthwise || input[3] % weights[3] == 0 else { throw .tensorFlowLite(place, .badShape(weights)) }
    let reach = KerasCall.Pair(
      height: (weights[1] - 1) * options.dilationHeight + 1, width: (weights[2] - 1) * options.dilationWidth + 1)
    let strides = KerasCall.Pair(height: options.strideHeight, width: options.strideWidth)
    return Operation.Convolution(
      strideHeight: options.strideHeight, strideWidth: options.strideWidth, dilationHeight: options.dilationHeight,
      dilationWidth: options.dilationWidth,
      padding: options.explicitPadding ?? padding(options.padding, window: reach, strides: strides),
      groups: isDepthwise ? input[3] : input[3] / weights[3], activation: options.activation)
  }

  func pooling(_ options: TensorFlowLiteOperation.Pooling) throws(ImportError) -> Operation.Pooling {
    try expectImage()
    let window = KerasCall.Pair(height: options.windowHeight, width: options.windowWidth)
    let strides = KerasCall.Pair(height: options.strideHeight, width: options.strideWidth)
    return Operation.Pooling(
      windowHeight: window.height, windowWidth: window.width, strideHeight: strides.height,
      strideWidth: strides.width, padding: padding(options.padding, window: window, strides: strides))
  }

  /// An axis counted from the end where it is negative.
  func axis(_ value: Int, rank: Int? = nil) throws(ImportError) -> Int {
    let rank = rank ?? input.count
    guard value >= -rank, value < rank else {
      throw .tensorFlowLite(place, .unsupportedOption("axis", found: "\(value)", expected: "an axis of \(rank)"))
    }
    return value < 0 ? value + rank : value
  }

  /// The axes of a reduction, each once, in order.
  func reducedAxes() throws(ImportError) -> [Int] {
    var axes: Set<Int> = []
    for value in try constants.knownIntegers(node, 1, at: place) { axes.insert(try axis(value)) }
    return axes.sorted()
  }

  /// The shape that a reshape, squeeze or expansion gives.
  func reshaped(_ target: [Int]?) throws(ImportError) -> [Int] {
    var wanted = target
    if node.inputs.count > 1, let operand = node.inputs[1] { wanted = try constants.integers(operand)?.values }
    guard var shape = wanted, case .reshape = node.operation else { return declared }
    // A scalar shape tensor of an early exporter, or none at all: then the result's own shape counts.
    guard !shape.isEmpty, shape.count(where: { $0 == -1 }) <= 1, shape.allSatisfy({ $0 >= -1 && $0 <= 1 << 28 }) else {
      return declared
    }
    let count = input.checkedProduct ?? 0
    if let free = shape.firstIndex(of: -1) {
      let rest = shape.filter { $0 != -1 }.checkedProduct ?? 0
      guard rest > 0, count % rest == 0 else { throw .tensorFlowLite(place, .badShape(shape)) }
      shape[free] = count / rest
    }
    return shape
  }

  /// Elements before and after each axis.
  func paddings() throws(ImportError) -> (before: [Int], after: [Int]) {
    let values = try constants.knownIntegers(node, 1, at: place)
    guard values.count == 2 * input.count, values.allSatisfy({ (0...(1 << 24)).contains($0) }) else {
      throw .tensorFlowLite(place, .badShape(values))
    }
    return (input.indices.map { values[2 * $0] }, input.indices.map { values[2 * $0 + 1] })
  }

  func permutation() throws(ImportError) -> [Int] {
    var axes: [Int] = []
    for value in try constants.knownIntegers(node, 1, at: place) { axes.append(try axis(value)) }
    return axes
  }

  /// Rows and columns of a resized image.
  func resized() throws(ImportError) -> [Int] {
    try expectImage()
    let size = try constants.knownIntegers(node, 1, at: place)
    guard size.count == 2 else { throw .tensorFlowLite(place, .badShape(size)) }
    return [input[0], size[0], size[1], input[3]]
  }

  /// What a slice takes of each axis, and the shape after axes of one element were dropped.
  struct Slice: Equatable {
    var starts: [Int]
    var steps: [Int]
    var extents: [Int]
    var result: [Int]
  }

  func slice() throws(ImportError) -> Slice {
    let begin = try constants.knownIntegers(node, 1, at: place)
    let second = try constants.knownIntegers(node, 2, at: place)
    guard begin.count <= input.count, second.count == begin.count else {
      throw .tensorFlowLite(place, .badShape(begin))
    }
    guard case .stridedSlice(let options) = node.operation else { return try plainSlice(begin, second) }
    let steps = try constants.knownIntegers(node, 3, at: place)
    guard steps.count == begin.count else { throw .tensorFlowLite(place, .badShape(steps)) }
    var slice = Slice(starts: [], steps: [], extents: [], result: [])
    for axis in input.indices {
      guard axis < begin.count else {
        slice.append(start: 0, step: 1, extent: input[axis], isDropped: false)
        continue
      }
      guard
        let range = SliceRange(
          options, axis: axis, extent: input[axis], begin: begin[axis], end: second[axis], step: steps[axis])
      else {
        throw .tensorFlowLite(
          place, .unsupportedOption("slice", found: "axis \(axis)", expected: "at least one element, plain masks"))
      }
      slice.append(
        start: range.start, step: range.step, extent: range.count,
        isDropped: options.shrinkAxisMask >> axis & 1 == 1)
    }
    return slice
  }

  private func plainSlice(_ begin: [Int], _ size: [Int]) throws(ImportError) -> Slice {
    var slice = Slice(starts: [], steps: [], extents: [], result: [])
    guard begin.count == input.count else { throw .tensorFlowLite(place, .badShape(begin)) }
    for axis in input.indices {
      guard (0..<input[axis]).contains(begin[axis]) else { throw .tensorFlowLite(place, .badShape(begin)) }
      let extent = size[axis] == -1 ? input[axis] - begin[axis] : size[axis]
      guard extent >= 1, extent <= input[axis] - begin[axis] else { throw .tensorFlowLite(place, .badShape(size)) }
      slice.append(start: begin[axis], step: 1, extent: extent, isDropped: false)
    }
    return slice
  }
}

extension TensorFlowLiteGeometry.Slice {
  fileprivate mutating func append(start: Int, step: Int, extent: Int, isDropped: Bool) {
    starts.append(start)
    steps.append(step)
    extents.append(extent)
    if !isDropped { result.append(extent) }
  }
}
