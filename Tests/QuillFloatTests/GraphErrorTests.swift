import QuillFloat
import Testing

/// The wording of every fault, pinned.
struct GraphErrorTests {
  static let wordings: [(GraphError, String)] = [
    (GraphError(at: .graph, .noOutputs), "graph: no outputs; expected at least one"),
    (
      GraphError(at: .operation("Add"), .operandCount(found: 3, expected: 2...2)), "Add: 3 operands; expected 2"
    ),
    (
      GraphError(at: .operation("Conv2D"), .operandCount(found: 1, expected: 2...3)),
      "Conv2D: 1 operands; expected 2 to 3"
    ),
    (
      GraphError(at: .operation("Concatenate"), .operandCount(found: 0, expected: 1...Int.max)),
      "Concatenate: 0 operands; expected at least 1"
    ),
    (
      GraphError(at: .node(index: 7, operation: "Conv2D", name: "stem"), .rank(.weights, shape: [3, 3], expected: 4)),
      "node 7 (Conv2D \"stem\"): the weights have the shape [3, 3]; expected 4 axes"
    ),
    (
      GraphError(at: .operation("MatrixMultiply"), .rankTooLow(.left, shape: [3], minimum: 2)),
      "MatrixMultiply: the left operand has the shape [3]; expected at least 2 axes"
    ),
    (
      GraphError(at: .operation("Conv2D"), .extent(.weights, axis: 3, found: 24, expected: 32)),
      "Conv2D: the weights have 24 elements on axis 3; expected 32, to fit the other operands"
    ),
    (
      GraphError(at: .operation("Conv2D"), .groups(3, inputChannels: 4, outputChannels: 6)),
      "Conv2D: 3 groups do not divide 4 input and 6 output channels"
    ),
    (
      GraphError(at: .operation("DepthwiseConv2D"), .depthMultiplier(inputChannels: 4, outputChannels: 6)),
      "DepthwiseConv2D: 6 output channels; expected a multiple of the 4 input channels"
    ),
    (
      GraphError(at: .operation("Conv2D"), .tooSmall(.strideHeight, found: 0, minimum: 1)),
      "Conv2D: strideHeight is 0; expected at least 1"
    ),
    (
      GraphError(at: .operation("Pad"), .tooLarge(.before, found: 9, maximum: 8)),
      "Pad: before is 9; expected at most 8"
    ),
    (
      GraphError(at: .operation("ELU"), .nonFiniteParameter(.alpha, .nan)),
      "ELU: alpha is NaN; expected a finite number"
    ),
    (
      GraphError(at: .operation("BatchNormalization"), .negativeParameter(.epsilon, -1)),
      "BatchNormalization: epsilon is -1.0; expected at least 0"
    ),
    (
      GraphError(at: .operation("Pad"), .listCount(.after, found: 3, expected: 4)),
      "Pad: after has 3 entries; expected 4, one an axis"
    ),
    (GraphError(at: .operation("Softmax"), .axis(2, rank: 2)), "Softmax: axis is 2; expected 0 to 1"),
    (GraphError(at: .operation("Softmax"), .axis(0, rank: 0)), "Softmax: axis 0 of a scalar, which has none"),
    (
      GraphError(at: .operation("Mean"), .repeatedAxis(1)),
      "Mean: axis 1 is named twice; expected each axis at most once"
    ),
    (
      GraphError(at: .operation("Transpose"), .permutation([0, 0])),
      "Transpose: the permutation [0, 0] does not name each axis from 0 to 1 once"
    ),
    (
      GraphError(at: .operation("MaxPool2D"), .window(.height, extent: 5, available: 4)),
      "MaxPool2D: the window needs 5 rows; the padded input has 4"
    ),
    (
      GraphError(at: .operation("MaxPool2D"), .window(.width, extent: 5, available: 4)),
      "MaxPool2D: the window needs 5 columns; the padded input has 4"
    ),
    (
      GraphError(at: .operation("MaxPool2D"), .emptyWindow(.paddingTop, found: 2, window: 2)),
      "MaxPool2D: paddingTop is 2; expected less than 2, the window, so that each window holds an element"
    ),
    (
      GraphError(at: .operation("Add"), .broadcast([2, 3], [4])),
      "Add: the shapes [2, 3] and [4] cannot be broadcast; "
        + "expected equal extents or 1, counted from the last axis"
    ),
    (
      GraphError(at: .operation("Reshape"), .elementCount([2, 3], [5])),
      "Reshape: the shapes [2, 3] and [5] hold different numbers of elements"
    ),
    (
      GraphError(at: .operation("Slice"), .slice(axis: 1, first: 0, last: 9, extent: 8)),
      "Slice: elements 0 to 9 of axis 1 are wanted; expected positions from 0 to 7"
    ),
    (
      GraphError(at: .operation("Reshape"), .undeclaredShape),
      "Reshape: the output needs a declared shape, because the operands do not say it"
    ),
    (
      GraphError(at: .operation("Add"), .declaredShape([1], inferred: [2])),
      "Add: the output is declared as [1]; expected [2], which follows from the operands"
    ),
    (
      GraphError(at: .tensor(index: 4, name: "w"), .duplicateName(firstIndex: 2)),
      "tensor 4 \"w\": tensor 2 has the same name; expected unique names"
    ),
    (
      GraphError(at: .tensor(index: 4, name: "w"), .emptyAxis(axis: 0, found: 0)),
      "tensor 4 \"w\": axis 0 has 0 elements; expected at least 1"
    ),
    (
      GraphError(at: .tensor(index: 4, name: "w"), .tooManyElements(shape: [9, 9], maximum: 80)),
      "tensor 4 \"w\": the shape [9, 9] holds too many elements; expected at most 80"
    ),
    (
      GraphError(at: .tensor(index: 4, name: "w"), .constantCount(found: 5, shape: [2, 3])),
      "tensor 4 \"w\": 5 values do not fill the shape [2, 3]"
    ),
    (
      GraphError(at: .tensor(index: 4, name: "w"), .nonFiniteConstant(.negativeInfinity, position: 17)),
      "tensor 4 \"w\": the value at position 17 is -infinity; expected finite numbers"
    ),
    (
      GraphError(at: .tensor(index: 0, name: "x"), .inputIsConstant),
      "tensor 0 \"x\": is an input of the graph and a constant; expected one of the two"
    ),
    (GraphError(at: .tensor(index: 0, name: "x"), .inputTwice), "tensor 0 \"x\": is an input of the graph twice"),
    (
      GraphError(at: .tensor(index: 0, name: "x"), .outputNeverComputed),
      "tensor 0 \"x\": is an output of the graph, but no node computes it"
    ),
    (
      GraphError(at: .node(index: 0, operation: "Add", name: "a\n\u{1B}[2J"), .unknownTensor(index: -1, count: 3)),
      "node 0 (Add \"a\\u{a}\\u{1b}[2J\"): tensor -1 does not exist; the graph has 3 tensors"
    ),
    (
      GraphError(at: .node(index: 0, operation: "Add", name: "a"), .operandNotReady("b")),
      "node 0 (Add \"a\"): reads \"b\", which no input, constant or earlier node provides"
    ),
    (
      GraphError(at: .node(index: 0, operation: "Add", name: "a"), .resultTaken("b")),
      "node 0 (Add \"a\"): computes \"b\", which an input, a constant or an earlier node already provides"
    ),
    (
      GraphError(at: .graph, .arena(elementCount: 100, maximum: 10)),
      "graph: the intermediate tensors need 100 elements at once; expected at most 10"
    ),
  ]

  @Test(arguments: wordings)
  func saysWhereWhatAndWhatWasExpected(error: GraphError, wording: String) {
    #expect(error.description == wording)
  }

  @Test func boundsLongNames() {
    let error = GraphError(at: .tensor(index: 0, name: String(repeating: "x", count: 200)), .inputTwice)
    let expected = "tensor 0 \"" + String(repeating: "x", count: 100) + "...\": is an input of the graph twice"
    #expect(error.description == expected)
  }
}
