import QuillData

/// The `.npy` inputs of a network, checked against its shapes.
struct ArrayBatch {
  /// The values of each input, all samples one after the other.
  enum Values {
    case float([[Float]])
    case int8([[Int8]])
  }

  /// The number of samples.
  let count: Int
  let values: Values

  /// Whether the integers were given as uint8, 128 more than the int8 that the network computes with.
  let isUnsigned: Bool

  /// The files, for errors.
  let paths: [String]

  /// Reads one file for each input.
  /// - Throws: `UsageError`, `DataError`, or `ToolError` with the file that does not fit.
  init(paths: [String], for facts: NetworkFacts) throws {
    guard paths.count == facts.inputs.count else {
      throw UsageError.inputCount(found: paths.count, expected: facts.inputs.count)
    }
    guard paths.filter({ $0 == "-" }).count + (facts.path == FileBytes.displayName("-") ? 1 : 0) <= 1 else {
      throw UsageError.twoReadersOfStandardInput
    }
    self.paths = paths.map(FileBytes.displayName)
    var arrays: [NumpyArray] = []
    for (path, tensor) in zip(paths, facts.inputTensors) {
      arrays.append(try Self.read(path, tensor: tensor, takesInt8: facts.isQuantized))
    }
    count = arrays[0].shape[0]
    for (array, path) in zip(arrays, self.paths) where array.shape[0] != count {
      throw ToolError.inputBatch(path: path, found: array.shape[0], otherPath: self.paths[0], expected: count)
    }
    isUnsigned = arrays.allSatisfy { $0.element == .uint8 }
    if isUnsigned {
      values = .int8(arrays.map { array in array.bytes.map { Int8(bitPattern: $0 ^ 0x80) } })
      return
    }
    let int8s = arrays.compactMap { $0.int8s() }
    if int8s.count == arrays.count {
      values = .int8(int8s)
    } else {
      let kinds: [NumpyArray.Element?] = arrays.map { [.int8, .uint8].contains($0.element) ? $0.element : nil }
      if let odd = kinds.firstIndex(where: { $0 != kinds[0] }) {
        throw ToolError.inputMix(path: self.paths[odd], otherPath: self.paths[0])
      }
      values = .float(arrays.map { $0.floats() })
    }
  }

  /// The values as floats, none of which is not a number.
  /// - Throws: `ToolError.inputNotANumber`, or `inputElement` where integers were given.
  func floats() throws(ToolError) -> [[Float]] {
    guard case .float(let inputs) = values else {
      throw ToolError.inputElement(path: paths[0], found: isUnsigned ? "uint8" : "int8", wanted: Self.floatsWanted)
    }
    for (values, path) in zip(inputs, paths) {
      if let index = values.firstIndex(where: \.isNaN) { throw ToolError.inputNotANumber(path: path, index: index) }
    }
    return inputs
  }

  /// What a float network takes, and how to come by it.
  private static let floatsWanted = "floats, scaled as in training (numpy: x.astype(numpy.float32) / 255, say)"

  private static func read(_ path: String, tensor: NetworkFacts.Tensor, takesInt8: Bool) throws -> NumpyArray {
    let array = try NumpyFile.read(path)
    let name = FileBytes.displayName(path)
    switch array.element {
    case .float16, .float32, .float64: break
    case .int8 where takesInt8, .uint8 where takesInt8: break
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .bool:
      throw ToolError.inputElement(
        path: name, found: "\(array.element)", wanted: takesInt8 ? "floats, int8 or uint8" : floatsWanted)
    }
    guard !array.shape.isEmpty else { throw ToolError.inputWithoutBatch(path: name) }
    // The array's bytes fill its shape, so that only a batch of none leaves the other extents unbounded.
    guard array.shape[0] == 0 || array.shape.dropFirst().reduce(1, *) == tensor.count else {
      throw ToolError.inputExtent(path: name, shape: array.shape, input: tensor.name, expected: tensor.shape)
    }
    return array
  }
}
