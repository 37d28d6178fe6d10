import QuillFloat

extension ONNXError: CustomStringConvertible {
  /// One line: where, what was found, what was expected or can be done.
  public var description: String { "\(place): \(problem)" }
}

extension ONNXError.Place: CustomStringConvertible {
  /// The place in words.
  public var description: String {
    switch self {
    case .file: "ONNX file"
    case .offset(let offset): "ONNX file, byte \(offset)"
    case .tensor(let name): "tensor \(quoted(name))"
    case .input(let name): "input \(quoted(name))"
    case .output(let name): "output \(quoted(name))"
    case .node(let index, let name, let nodeName): "node \(index) (\(printable(name)) \(quoted(nodeName)))"
    case .path(let path): printable(path)
    }
  }
}

extension ONNXError.WireKind: CustomStringConvertible {
  /// protobuf's word.
  public var description: String {
    switch self {
    case .varint: "a varint"
    case .fixed32: "four bytes"
    case .fixed64: "eight bytes"
    case .bytes: "a run of bytes"
    }
  }
}

extension ONNXError.Part: CustomStringConvertible {
  /// The part in words.
  public var description: String {
    switch self {
    case .nodes: "nodes"
    case .tensors: "tensors"
    case .attributes: "attributes of a node"
    case .windowTaps: "taps in a dilated window"
    case .pieces: "pieces gathered from a computed tensor"
    }
  }
}

extension ONNXError.Expectation: CustomStringConvertible {
  /// What was expected, in words.
  public var description: String {
    switch self {
    case .rank(let ranks) where ranks.count == 1: counted(ranks.lowerBound, "axis", "axes")
    case .rank(let ranks) where ranks.upperBound >= 64: "at least \(counted(ranks.lowerBound, "axis", "axes"))"
    case .rank(let ranks): "\(ranks.lowerBound) to \(ranks.upperBound) axes"
    case .shape(let shape): "\(shape)"
    case .elementCount(let count): counted(count, "element", "elements")
    case .scalar: "one element"
    case .broadcastable(let shape): "a shape that broadcasts to \(shape)"
    case .convolutionWeights(let channels, let groups):
      "[outputs, \(channels / max(groups, 1)), rows, columns], for \(channels) input channels in "
        + counted(groups, "group", "groups")
    }
  }
}

extension ONNXError.Problem: CustomStringConvertible {
  /// The fault in words: the table of all wording.
  public var description: String {
    switch self {
    case .empty, .tooLarge, .unreadable, .noGraph, .tooMany, .truncated, .lengthPastEnd, .varintTooLong, .fieldNumber,
      .wireType, .wireKind, .notUTF8:
      fileDescription
    case .noOpset, .opset, .noOutputs, .undefinedTensor, .duplicateTensor, .notATensor, .unknownShape, .unknownExtent,
      .emptyAxis, .shapeTooLarge, .givenShape, .elementType, .elementCount, .externalDataMissing, .externalDataPlace,
      .notFinite, .foldingTooLarge:
      modelDescription
    case .unsupportedOperator, .dynamicQuantization, .unsupportedAttribute, .missingAttribute, .attributeType,
      .attributeValue, .operandCount, .missingOperand, .operandNotConstant, .integerOperand, .operandType,
      .operandShape,
      .unsupportedOutput, .reshape, .arithmetic, .graph:
      nodeDescription
    }
  }

  private var fileDescription: String {
    switch self {
    case .empty: "it is empty; expected a network"
    case .tooLarge(let count): "\(count) bytes; expected less than 2 GiB, with larger weights as external data"
    case .unreadable(.notFound): "there is no such file"
    case .unreadable(.notPermitted): "it cannot be read; expected a file that you may read"
    case .noGraph: "there is no graph in it; expected an ONNX model, which begins with its IR version and producer"
    case .tooMany(let part, let maximum): "more than \(maximum) \(part); expected at most so many"
    case .truncated(let needed, let available):
      "\(counted(needed, "byte is", "bytes are")) needed and \(available) left; the file is cut off or damaged"
    case .lengthPastEnd(let length, let available):
      "a field of \(length) bytes where \(available) are left; the file is cut off or damaged"
    case .varintTooLong: "a number longer than 64 bits; the file is damaged or no ONNX file"
    case .fieldNumber(let number):
      "field number \(number); expected 1 to 536870911; the file is damaged or no ONNX file"
    case .wireType(let type, let field):
      "wire type \(type) in field \(field); expected 0, 1, 2 or 5; the file is damaged or no ONNX file"
    case .wireKind(let field, let found, let expected):
      "field \(field) holds \(found); expected \(expected); the file is damaged or no ONNX file"
    case .notUTF8(let field): "the text of field \(field) is not UTF-8; the file is damaged or no ONNX file"
    default: ""
    }
  }

  private var modelDescription: String {
    switch self {
    case .noOpset: "no version of the standard operators is declared; export the network again"
    case .opset(let found, let supported):
      "operator set \(found); expected \(supported.lowerBound) to \(supported.upperBound); "
        + "export with an opset_version among these"
    case .noOutputs: "the network has no outputs; expected at least one"
    case .undefinedTensor(let name):
      "\(quoted(name)) is used, but nothing computes it; the network lacks a node, or goes in a circle"
    case .duplicateTensor(let name): "\(quoted(name)) stands for two things; expected each name once"
    case .notATensor: "it is no tensor; expected a tensor (sequences, maps and optional values are not read)"
    case .unknownShape: "it has no shape; export the network with fixed input shapes"
    case .unknownExtent(let axis, let symbol):
      "axis \(axis)\(symbol.isEmpty ? "" : " (\(quoted(symbol)))") has no fixed extent; "
        + "give the shape, or export with fixed input shapes (only the batch may be open)"
    case .emptyAxis(let axis, let extent): "axis \(axis) has the extent \(extent); expected at least 1"
    case .shapeTooLarge(let shape): "the shape \(shape) has too many elements; expected at most 2^28"
    case .givenShape(let given, let declared):
      "the given shape \(given) does not fit; expected "
        + "[\(declared.map { $0.map(String.init) ?? "any" }.joined(separator: ", "))]"
    case .elementType(let number, let name):
      "elements of type \(name ?? String(number)); "
        + "expected float, float16, bfloat16 or double, or integers where shapes and indices are meant"
    case .elementCount(let found, let expected):
      "\(counted(found, "element", "elements")); expected \(expected), which the shape says"
    case .externalDataMissing(let location):
      "its values are in \(quoted(location)), which is not there; keep it beside the network"
    case .externalDataPlace(let location, let offset, let length, let available):
      "its values are at \(offset) in \(quoted(location)), \(length) bytes of \(available); "
        + "expected a file beside the network that holds as many as the shape says"
    case .notFinite(let position): "element \(position) is infinite or NaN; expected finite numbers; train again"
    case .foldingTooLarge(let count, let maximum):
      "constants of \(count) elements to calculate; expected at most \(maximum) for a file of this size"
    default: ""
    }
  }

  private var nodeDescription: String {
    switch self {
    case .dynamicQuantization:
      "the network quantises its values anew for each input, with floats in between; expected scales that are fixed: "
        + "quantise with onnxruntime's quantize_static, or give the float network"
    case .unsupportedOperator(let domain, let opset):
      "this operator of \(domain.isEmpty ? "operator set \(opset)" : "domain \(quoted(domain))") is not read; supported: "
        + ONNXReader.supportedOperators.joined(separator: ", ")
    case .unsupportedAttribute(let name, let found, let supported):
      "\(name) is \(printable(found)); supported: \(supported)"
    case .missingAttribute(let name): "there is no \(name); expected the attribute or operand"
    case .attributeType(let name): "the attribute \(name) is of another type than ONNX says"
    case .attributeValue(let name, let found): "\(name) is \(found), which does not fit the operands"
    case .operandCount(let found, let expected):
      "\(counted(found, "operand", "operands")); expected "
        + (expected.count == 1
          ? "\(expected.lowerBound)"
          : expected.upperBound == .max
            ? "at least \(expected.lowerBound)" : "\(expected.lowerBound) to \(expected.upperBound)")
    case .missingOperand(let position): "operand \(position) is left out; expected a tensor"
    case .operandNotConstant(let position, let tensor):
      "operand \(position), \(quoted(tensor)), is computed by the network; expected a constant"
    case .integerOperand(let position, let tensor):
      "operand \(position), \(quoted(tensor)), holds integers or truth values that the network computes; expected floats"
    case .operandType(let position, let tensor, let found):
      "operand \(position), \(quoted(tensor)), is of type \(found.name); expected another (float for values, "
        + "integers for shapes and indices)"
    case .operandShape(let position, let tensor, let found, let expected):
      "operand \(position), \(quoted(tensor)), has the shape \(found); expected \(expected)"
    case .unsupportedOutput(let position): "output \(position) is used; supported: output 0 alone"
    case .reshape(let from, let to): "\(from) cannot become \(to); expected as many elements, and at most one -1"
    case .arithmetic: "integer arithmetic on shapes overflows, divides by zero or leaves its range"
    case .graph(let problem): "\(problem)"
    default: ""
    }
  }
}

private func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }

/// A name from a file, in quotation marks and fit for one line.
private func quoted(_ name: String) -> String { "\"\(printable(name))\"" }

/// Text from a file without line breaks or other control characters, and not longer than a line.
private func printable(_ text: String) -> String {
  let cleaned = String(String.UnicodeScalarView(text.unicodeScalars.prefix(120).map { isPlain($0) ? $0 : "?" }))
  return text.unicodeScalars.count > 120 ? cleaned + "..." : cleaned
}

private func isPlain(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
  default: true
  }
}
