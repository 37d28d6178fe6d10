/// Elements are decoded once, straight from the file's bytes into the array that the graph keeps.
extension ONNXModel.Tensor {
  /// Other files with weights, by location.
  typealias ExternalData = (_ location: String) -> [UInt8]?

  /// Decodes the elements, which lie in the bytes that the tensor was parsed from.
  func decoded(in bytes: [UInt8], externalData: ExternalData) throws(ONNXError) -> Constant {
    let place = ONNXError.Place.tensor(name)
    guard let type = ElementType(rawValue: dataType), type.kind != .unsupported else {
      throw ONNXError(at: place, .elementType(dataType, name: ElementType(rawValue: dataType)?.name))
    }
    let (shape, count) = try checkedShape(at: place)
    if let external {
      let (data, range) = try Self.locate(external, count: count * type.byteCount, externalData, at: place)
      return Constant(type: type, shape: shape, elements: Self.decodeRaw(data, range, type))
    }
    if let raw {
      guard raw.count == count * type.byteCount else {
        throw ONNXError(at: place, .elementCount(found: raw.count / type.byteCount, expected: count))
      }
      return Constant(type: type, shape: shape, elements: Self.decodeRaw(bytes, raw, type))
    }
    let elements = try decodeTyped(in: bytes, type)
    guard elements.count == count else {
      throw ONNXError(at: place, .elementCount(found: elements.count, expected: count))
    }
    return Constant(type: type, shape: shape, elements: elements)
  }

  private func checkedShape(at place: ONNXError.Place) throws(ONNXError) -> (shape: [Int], count: Int) {
    var shape: [Int] = []
    for (axis, extent) in dims.enumerated() {
      guard extent >= 0 else { throw ONNXError(at: place, .emptyAxis(axis: axis, extent: extent)) }
      shape.append(Int(extent))
    }
    guard shape.count <= 64, let count = shape.boundedProduct else { throw ONNXError(at: place, .shapeTooLarge(shape)) }
    return (shape, count)
  }

  private static func locate(
    _ entries: [ONNXModel.Entry], count: Int, _ externalData: ExternalData, at place: ONNXError.Place
  ) throws(ONNXError) -> (data: [UInt8], range: Range<Int>) {
    var location = ""
    var offset: Int64 = 0
    var length: Int64?
    for entry in entries {
      switch entry.key {
      case "location": location = entry.value
      case "offset": offset = Int64(entry.value) ?? -1
      case "length": length = Int64(entry.value) ?? -1
      default: break
      }
    }
    let isInside =
      !location.isEmpty && !location.hasPrefix("/")
      && !location.split(separator: "/", omittingEmptySubsequences: false).contains("..")
    guard isInside else {
      throw ONNXError(
        at: place, .externalDataPlace(location: location, offset: offset, length: length ?? -1, available: 0))
    }
    guard let data = externalData(location) else {
      throw ONNXError(at: place, .externalDataMissing(location: location))
    }
    let end = offset.addingReportingOverflow(Int64(count))
    guard offset >= 0, !end.overflow, end.partialValue <= Int64(data.count), length ?? Int64(count) == Int64(count)
    else {
      throw ONNXError(
        at: place,
        .externalDataPlace(location: location, offset: offset, length: length ?? Int64(count), available: data.count))
    }
    return (data, Int(offset)..<(Int(offset) + count))
  }

  private static func decodeRaw(_ data: [UInt8], _ range: Range<Int>, _ type: ElementType) -> Constant.Elements {
    let start = range.lowerBound
    let count = range.count / type.byteCount
    func floats(_ value: (Int) -> Float) -> Constant.Elements {
      .floats(
        [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
          for index in 0..<count { buffer.initializeElement(at: index, to: value(start + index * type.byteCount)) }
          initialized = count
        })
    }
    func integers(_ value: (Int) -> Int64) -> Constant.Elements {
      .integers((0..<count).map { value(start + $0 * type.byteCount) })
    }
    switch type {
    case .float32: return floats { Float(bitPattern: data.littleEndian(at: $0)) }
    case .float16: return floats { Float(halfBits: data.littleEndian(at: $0)) }
    case .bfloat16: return floats { Float(bitPattern: UInt32(data.littleEndian(at: $0, as: UInt16.self)) << 16) }
    case .float64: return floats { Float(Double(bitPattern: data.littleEndian(at: $0))) }
    case .uint8: return integers { Int64(data[$0]) }
    case .int8: return integers { Int64(Int8(bitPattern: data[$0])) }
    case .bool: return integers { data[$0] == 0 ? 0 : 1 }
    case .uint16: return integers { Int64(data.littleEndian(at: $0, as: UInt16.self)) }
    case .int16: return integers { Int64(data.littleEndian(at: $0, as: Int16.self)) }
    case .int32: return integers { Int64(data.littleEndian(at: $0, as: Int32.self)) }
    case .uint32: return integers { Int64(data.littleEndian(at: $0, as: UInt32.self)) }
    case .int64, .uint64: return integers { data.littleEndian(at: $0, as: Int64.self) }
    case .string, .complex64, .complex128, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .uint4,
      .int4, .float4e2m1:
      return .integers([])
    }
  }

  /// Elements of the typed fields: which field holds which type is said by `TensorProto` in `onnx.proto3`.
  private func decodeTyped(in bytes: [UInt8], _ type: ElementType) throws(ONNXError) -> Constant.Elements {
    var floats: [Float] = []
    var integers: [Int64] = []
    for run in typed {
      var reader = WireReader(bytes, in: run.range)
      while !reader.isAtEnd {
        switch (run.field, type) {
        case (.floats, .float32): floats.append(Float(bitPattern: try reader.readFixed32()))
        case (.doubles, .float64): floats.append(Float(Double(bitPattern: try reader.readFixed64())))
        case (.int32s, .float16):
          floats.append(Float(halfBits: UInt16(truncatingIfNeeded: try reader.readVarint())))
        case (.int32s, .bfloat16):
          floats.append(Float(bitPattern: UInt32(truncatingIfNeeded: try reader.readVarint()) << 16))
        case (.int32s, .bool): integers.append(try reader.readVarint() == 0 ? 0 : 1)
        case (.int32s, .int32), (.int32s, .int8), (.int32s, .uint8), (.int32s, .int16), (.int32s, .uint16):
          integers.append(Int64(Int32(truncatingIfNeeded: try reader.readVarint())))
        case (.int64s, .int64), (.uint64s, .uint64), (.uint64s, .uint32):
          integers.append(Int64(bitPattern: try reader.readVarint()))
        default:
          throw ONNXError(at: .tensor(name), .elementType(type.rawValue, name: type.name))
        }
      }
    }
    return type.kind == .float ? .floats(floats) : .integers(integers)
  }
}

extension [Int] {
  /// The number of elements of this shape, or `nil` past what any tensor may have (2^31 - 1); 0 where an extent is 0.
  var boundedProduct: Int? {
    var product = 1
    for extent in self {
      let (result, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow || result > Int(Int32.max) || result < 0 { return nil }
      product = result
    }
    return product
  }
}

extension Float {
  /// The value of an IEEE 754 binary16 number.
  init(halfBits bits: UInt16) {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1f)
    let fraction = Float(bits & 0x3ff)
    switch exponent {
    case 0: self = sign * fraction * 0x1p-24
    case 31: self = bits & 0x3ff == 0 ? sign * .infinity : .nan
    default: self = sign * (1 + fraction * 0x1p-10) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}
