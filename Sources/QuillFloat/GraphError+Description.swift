extension GraphError: CustomStringConvertible {
  /// One line: where, what was found, what was expected.
  public var description: String { "\(place): \(problem)" }
}

extension GraphError.Place: CustomStringConvertible {
  /// The place in words.
  public var description: String {
    switch self {
    case .graph: "graph"
    case .tensor(let index, let name): "tensor \(index) \(quoted(name))"
    case .operation(let name): name
    case .node(let index, let operation, let name): "node \(index) (\(operation) \(quoted(name)))"
    }
  }
}

extension GraphError.Operand: CustomStringConvertible {
  /// The role, with its article.
  public var description: String {
    switch self {
    case .input: "the input"
    case .weights: "the weights"
    case .bias: "the bias"
    case .scale: "the scale"
    case .shift: "the shift"
    case .mean: "the mean"
    case .variance: "the variance"
    case .left: "the left operand"
    case .right: "the right operand"
    case .output: "the output"
    case .operand(let index): "operand \(index)"
    }
  }

  /// "has" or "have".
  fileprivate var has: String { self == .weights ? "have" : "has" }
}

extension GraphError.NonFinite: CustomStringConvertible {
  /// The value in words.
  public var description: String {
    switch self {
    case .nan: "NaN"
    case .infinity: "infinity"
    case .negativeInfinity: "-infinity"
    }
  }
}

extension GraphError.Problem: CustomStringConvertible {
  /// The fault in words: the table of all wording.
  public var description: String {
    switch self {
    // Of an operation and its operands.
    case .operandCount(let found, let expected):
      "\(found) operands; expected \(counted(expected))"
    case .rank(let operand, let shape, let expected):
      "\(operand) \(operand.has) the shape \(shape); expected \(expected) axes"
    case .rankTooLow(let operand, let shape, let minimum):
      "\(operand) \(operand.has) the shape \(shape); expected at least \(minimum) axes"
    case .extent(let operand, let axis, let found, let expected):
      "\(operand) \(operand.has) \(found) elements on axis \(axis); expected \(expected), to fit the other operands"
    case .groups(let groups, let inputChannels, let outputChannels):
      "\(groups) groups do not divide \(inputChannels) input and \(outputChannels) output channels"
    case .depthMultiplier(let inputChannels, let outputChannels):
      "\(outputChannels) output channels; expected a multiple of the \(inputChannels) input channels"
    case .broadcast(let left, let right):
      "the shapes \(left) and \(right) cannot be broadcast; expected equal extents or 1, counted from the last axis"
    case .elementCount(let from, let to):
      "the shapes \(from) and \(to) hold different numbers of elements"
    case .slice(let axis, let first, let last, let extent):
      "elements \(first) to \(last) of axis \(axis) are wanted; expected positions from 0 to \(extent - 1)"
    case .undeclaredShape:
      "the output needs a declared shape, because the operands do not say it"
    case .declaredShape(let declared, let inferred):
      "the output is declared as \(declared); expected \(inferred), which follows from the operands"

    // Of an attribute.
    case .tooSmall(let parameter, let found, let minimum):
      "\(parameter) is \(found); expected at least \(minimum)"
    case .tooLarge(let parameter, let found, let maximum):
      "\(parameter) is \(found); expected at most \(maximum)"
    case .nonFiniteParameter(let parameter, let value):
      "\(parameter) is \(value); expected a finite number"
    case .negativeParameter(let parameter, let value):
      "\(parameter) is \(value); expected at least 0"
    case .notAShare(let parameter, let value):
      "\(parameter) is \(value); expected at least 0 and less than 1"
    case .listCount(let parameter, let found, let expected):
      "\(parameter) has \(found) entries; expected \(expected), one an axis"
    case .axis(let axis, let rank):
      rank == 0 ? "axis \(axis) of a scalar, which has none" : "axis is \(axis); expected 0 to \(rank - 1)"
    case .repeatedAxis(let axis):
      "axis \(axis) is named twice; expected each axis at most once"
    case .permutation(let permutation):
      "the permutation \(permutation) does not name each axis from 0 to \(permutation.count - 1) once"
    case .window(let direction, let extent, let available):
      "the window needs \(extent) \(direction == .height ? "rows" : "columns"); the padded input has \(available)"
    case .emptyWindow(let parameter, let found, let window):
      "\(parameter) is \(found); expected less than \(window), the window, so that each window holds an element"

    // Of a tensor, the order of nodes, or the graph.
    case .duplicateName(let firstIndex):
      "tensor \(firstIndex) has the same name; expected unique names"
    case .emptyAxis(let axis, let found):
      "axis \(axis) has \(found) elements; expected at least 1"
    case .tooManyElements(let shape, let maximum):
      "the shape \(shape) holds too many elements; expected at most \(maximum)"
    case .constantCount(let found, let shape):
      "\(found) values do not fill the shape \(shape)"
    case .nonFiniteConstant(let value, let position):
      "the value at position \(position) is \(value); expected finite numbers"
    case .inputIsConstant:
      "is an input of the graph and a constant; expected one of the two"
    case .inputTwice:
      "is an input of the graph twice"
    case .outputNeverComputed:
      "is an output of the graph, but no node computes it"
    case .unknownTensor(let index, let count):
      "tensor \(index) does not exist; the graph has \(count) tensors"
    case .operandNotReady(let name):
      "reads \(quoted(name)), which no input, constant or earlier node provides"
    case .resultTaken(let name):
      "computes \(quoted(name)), which an input, a constant or an earlier node already provides"
    case .noOutputs:
      "no outputs; expected at least one"
    case .arena(let elementCount, let maximum):
      "the intermediate tensors need \(elementCount) elements at once; expected at most \(maximum)"
    }
  }

  private func counted(_ range: ClosedRange<Int>) -> String {
    if range.upperBound == Int.max { return "at least \(range.lowerBound)" }
    if range.count == 1 { return "\(range.lowerBound)" }
    return "\(range.lowerBound) to \(range.upperBound)"
  }
}

/// A name from a file in quotation marks, on one line and of bounded length, whatever it holds.
private func quoted(_ name: String) -> String {
  var text = "\""
  for scalar in name.unicodeScalars.prefix(100) {
    let isControl = scalar.properties.generalCategory == .control
    text += isControl ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
  }
  return text + (name.unicodeScalars.count > 100 ? "...\"" : "\"")
}
