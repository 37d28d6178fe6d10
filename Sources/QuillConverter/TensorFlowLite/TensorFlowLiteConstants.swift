import QuillFloat

/// Reads the constants of a TensorFlow Lite network, and computes what exporters leave of shape arithmetic.
struct TensorFlowLiteConstants {
  let model: TensorFlowLiteModel

  /// Values that may still be converted: a hostile file can use one buffer for many tensors.
  private var countLeft: Int

  /// Integers that are known before the network runs, by tensor, each with its shape.
  private var known: [Int: Integers] = [:]

  /// A tensor of integers.
  struct Integers: Equatable {
    var shape: [Int]
    var values: [Int]
  }

  /// The most values that shape arithmetic works on.
  static let permittedIntegerCount = 4_096

  init(_ model: TensorFlowLiteModel) {
    self.model = model
    countLeft = min(1 << 27, 1 << 20 + 8 * model.byteCount)
  }

  /// The place of a tensor, for errors.
  func place(_ tensor: Int) -> TensorFlowLitePlace { .tensor(index: tensor, name: model.tensors[tensor].name) }

  /// Counts values towards what is permitted.
  mutating func claim(_ count: Int, _ tensor: Int) throws(ImportError) {
    guard count <= countLeft else { throw .tensorFlowLite(place(tensor), .tooLarge(permitted: 1 << 27)) }
    countLeft -= count
  }

  /// A little-endian element of a constant.
  private static func raw(_ data: ArraySlice<UInt8>, _ index: Int, width: Int) -> UInt64 {
    var value: UInt64 = 0
    let start = data.startIndex + index * width
    for byte in 0..<width { value |= UInt64(data[start + byte]) << UInt64(8 * byte) }
    return value
  }

  /// The bytes of a constant, or a fault that names it.
  func data(_ tensor: Int) throws(ImportError) -> ArraySlice<UInt8> {
    guard let data = model.tensors[tensor].data else {
      throw .tensorFlowLite(place(tensor), .notConstant(model.tensors[tensor].name))
    }
    return data
  }

  /// The real values of a constant: floats, or integers by their scales.
  mutating func reals(_ tensor: Int) throws(ImportError) -> FloatTensor {
    let described = model.tensors[tensor]
    let data = try data(tensor)
    let count = described.shape.product
    try claim(count, tensor)
    let values: [Float]
    switch described.type {
    case .float32:
      values = (0..<count).map { Float(bitPattern: UInt32(Self.raw(data, $0, width: 4))) }
    case .float16:
      values = (0..<count).map { HDF5Datatype.half(UInt16(Self.raw(data, $0, width: 2))) }
    case .int8, .uint8, .int32:
      let integers = try signed(tensor)
      values = try dequantized(integers, tensor)
    default:
      throw .tensorFlowLite(place(tensor), .unsupportedType("\(described.type)", expected: "float32, float16 or int8"))
    }
    return FloatTensor(shape: described.shape, values: values)
  }

  private func dequantized(_ integers: [Int], _ tensor: Int) throws(ImportError) -> [Float] {
    let described = model.tensors[tensor]
    guard let quantization = described.quantization else {
      throw .tensorFlowLite(place(tensor), .badQuantization)
    }
    if quantization.scales.count == 1 {
      let (scale, zero) = (quantization.scales[0], Int(quantization.zeroPoints[0]))
      return integers.map { Float($0 - zero) * scale }
    }
    guard described.shape.indices.contains(quantization.axis),
      described.shape[quantization.axis] == quantization.scales.count
    else { throw .tensorFlowLite(place(tensor), .badQuantization) }
    let inner = Array(described.shape[(quantization.axis + 1)...]).product
    return integers.enumerated().map { index, value in
      let channel = index / inner % quantization.scales.count
      return Float(value - Int(quantization.zeroPoints[channel])) * quantization.scales[channel]
    }
  }

  /// The integers of a constant, as they are stored.
  func signed(_ tensor: Int) throws(ImportError) -> [Int] {
    let described = model.tensors[tensor]
    let data = try data(tensor)
    let count = described.shape.product
    switch described.type {
    case .int8: return (0..<count).map { Int(Int8(bitPattern: data[data.startIndex + $0])) }
    case .uint8: return (0..<count).map { Int(data[data.startIndex + $0]) }
    case .int16: return (0..<count).map { Int(Int16(truncatingIfNeeded: Self.raw(data, $0, width: 2))) }
    case .int32: return (0..<count).map { Int(Int32(truncatingIfNeeded: Self.raw(data, $0, width: 4))) }
    case .int64: return (0..<count).map { Int(Int64(bitPattern: Self.raw(data, $0, width: 8))) }
    default:
      throw .tensorFlowLite(place(tensor), .unsupportedType("\(described.type)", expected: "integers"))
    }
  }

  /// The integers of a tensor that is constant or was computed from shapes; nil where they are not known.
  func integers(_ tensor: Int) throws(ImportError) -> Integers? {
    if let known = known[tensor] { return known }
    let described = model.tensors[tensor]
    guard described.data != nil, described.shape.product <= Self.permittedIntegerCount,
      described.type == .int32 || described.type == .int64
    else { return nil }
    return Integers(shape: described.shape, values: try signed(tensor))
  }

  /// The integers of an operand that must be known.
  func knownIntegers(
    _ node: TensorFlowLiteModel.Node, _ operand: Int, at place: TensorFlowLitePlace
  ) throws(ImportError) -> [Int] {
    guard node.inputs.indices.contains(operand), let tensor = node.inputs[operand] else {
      throw .tensorFlowLite(place, .missing("operand \(operand)"))
    }
    guard let integers = try integers(tensor) else {
      throw .tensorFlowLite(place, .notConstant(model.tensors[tensor].name))
    }
    return integers.values
  }

  /// Computes a node of shape arithmetic; false where it is not one, or works on what the network computes.
  mutating func fold(_ node: TensorFlowLiteModel.Node, shapeOf: (Int) -> [Int]?) throws(ImportError) -> Bool {
    guard let output = node.outputs.first, let first = node.inputs.first.flatMap({ $0 }) else { return false }
    if node.operation == .shape {
      guard let shape = shapeOf(first) else { return false }
      known[output] = Integers(shape: [shape.count], values: shape)
      return true
    }
    var operands: [Integers] = []
    for input in node.inputs {
      guard let input, let integers = try integers(input) else { return false }
      operands.append(integers)
    }
    guard operands.reduce(0, { $0 + $1.values.count }) <= Self.permittedIntegerCount,
      let result = Self.folded(node.operation, operands)
    else { return false }
    known[output] = result
    return true
  }

  private static func folded(_ operation: TensorFlowLiteOperation, _ operands: [Integers]) -> Integers? {
    switch operation {
    case .pack(axis: 0):
      guard operands.allSatisfy({ $0.shape == operands[0].shape }) else { return nil }
      return Integers(shape: [operands.count] + operands[0].shape, values: operands.flatMap(\.values))
    case .concatenation(axis: 0, .none):
      guard operands.allSatisfy({ $0.shape.count == 1 }) else { return nil }
      let values = operands.flatMap(\.values)
      return Integers(shape: [values.count], values: values)
    case .cast: return operands[0]
    case .gather(axis: 0):
      guard operands.count == 2, operands[0].shape.count == 1, operands[1].shape.count <= 1,
        operands[1].values.allSatisfy(operands[0].values.indices.contains)
      else { return nil }
      return Integers(shape: operands[1].shape, values: operands[1].values.map { operands[0].values[$0] })
    case .reduction(.product, _):
      guard operands.count == 2, operands[0].shape.count == 1, let product = operands[0].values.checkedProduct else {
        return nil
      }
      return Integers(shape: [], values: [product])
    case .reshape, .squeeze, .expandDims:
      return operands[0].values.count == 1 ? Integers(shape: [], values: operands[0].values) : nil
    case .stridedSlice(let slice):
      guard operands.count == 4, operands[0].shape.count == 1, operands[1].values.count == 1,
        operands[2].values.count == 1, operands[3].values.count == 1,
        let range = SliceRange(
          slice, axis: 0, extent: operands[0].values.count, begin: operands[1].values[0], end: operands[2].values[0],
          step: operands[3].values[0])
      else { return nil }
      let values = (0..<range.count).map { operands[0].values[range.start + $0 * range.step] }
      return Integers(shape: slice.shrinkAxisMask & 1 == 1 ? [] : [values.count], values: values)
    case .binary(let binary, .none):
      guard operands.count == 2, operands[0].values.count == 1, operands[1].values.count == 1 else { return nil }
      let (left, right) = (operands[0].values[0], operands[1].values[0])
      switch binary {
      case .multiply where abs(left) < 1 << 31 && abs(right) < 1 << 31:
        return Integers(shape: operands[0].shape, values: [left * right])
      case .add where abs(left) < 1 << 31 && abs(right) < 1 << 31:
        return Integers(shape: operands[0].shape, values: [left + right])
      default: return nil
      }
    default: return nil
    }
  }
}

/// One axis of a strided slice: which elements it takes.
struct SliceRange: Equatable {
  let start: Int
  let count: Int
  let step: Int

  /// The elements that begin, end and masks ask for; nil where there are none, or the step is 0.
  init?(
    _ slice: TensorFlowLiteOperation.StridedSlice, axis: Int, extent: Int, begin: Int, end: Int, step: Int
  ) {
    let bit = 1 << min(axis, 31)
    guard step != 0, abs(step) < 1 << 31, abs(begin) < 1 << 31, abs(end) < 1 << 31, slice.newAxisMask & bit == 0,
      slice.ellipsisMask & bit == 0
    else { return nil }
    func clamped(_ value: Int) -> Int {
      let positive = value < 0 ? value + extent : value
      return step > 0 ? min(max(positive, 0), extent) : min(max(positive, -1), extent - 1)
    }
    if slice.shrinkAxisMask & bit != 0 {
      let position = begin < 0 ? begin + extent : begin
      guard (0..<extent).contains(position) else { return nil }
      (start, count, self.step) = (position, 1, 1)
      return
    }
    let first = slice.beginMask & bit != 0 ? (step > 0 ? 0 : extent - 1) : clamped(begin)
    let last = slice.endMask & bit != 0 ? (step > 0 ? extent : -1) : clamped(end)
    let distance = step > 0 ? last - first : first - last
    guard distance > 0 else { return nil }
    start = first
    count = (distance - 1) / abs(step) + 1
    self.step = step
  }
}
