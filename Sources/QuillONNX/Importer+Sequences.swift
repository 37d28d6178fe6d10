import QuillFloat

/// Sequences `[N, C, L]` are read as images of one row, `[N, C, 1, L]`.
extension Importer {
  /// Whether a tensor is a sequence, where it is no image's row already.
  func isSequence(_ id: Graph.TensorID) -> Bool { graph[id].shape.count == 3 && !isInRow }

  /// Computes something on an image of one row, and answers a sequence.
  mutating func asImage(
    _ sequence: Graph.TensorID, _ body: (inout Importer, Graph.TensorID) throws(ONNXError) -> Graph.TensorID
  ) throws(ONNXError) -> Graph.TensorID {
    let shape = graph[sequence].shape
    let row = try emit(.reshape, [sequence], shape: [shape[0], shape[1], 1, shape[2]])
    isInRow = true
    defer { isInRow = false }
    let image = try body(&self, row)
    let extents = graph[image].shape
    return try emit(.reshape, [image], shape: [extents[0], extents[1], extents[3]])
  }

  /// An attribute with a number an axis of images, in front and then behind where there are two an axis; the numbers of a
  /// sequence, with those of a row put before them.
  func extents(_ name: String) throws(ONNXError) -> [Int64]? {
    let values = try ints(name)
    guard isInRow, let values else { return values }
    return switch (name, values.count) {
    case ("pads", 2): [0, values[0], 0, values[1]]
    case ("pads", _): values
    case (_, 1): [1, values[0]]
    // No attribute of a sequence: refused for its length.
    default: []
    }
  }
}
