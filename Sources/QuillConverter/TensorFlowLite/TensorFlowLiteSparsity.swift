/// How the elements of a sparse constant lie in its buffer (the schema's `SparsityParameters`), and the dense constant.
///
/// Levels are walked in an order of their own. A level has every index, or those that its list names; the last ones may be
/// of blocks, in which one axis goes on where another level began it.
struct TensorFlowLiteSparsity {
  /// The indices of one level.
  private enum Level {
    case dense(Int)
    case sparse(segments: [Int], indices: [Int])
  }

  /// A level's axis, and by how many elements of it one index goes on.
  private struct Step {
    let level: Level
    let stride: Int
  }

  private let steps: [Step]
  private let count: Int

  /// More elements than this no level tells apart: each is in the file itself, or an entry of one of its lists is.
  private let permittedCount: Int

  private let place: TensorFlowLitePlace

  private var damaged: ImportError { .tensorFlowLite(place, .badSparsity) }

  /// - Parameters:
  ///   - shape: the dense constant's.
  ///   - byteCount: the file's.
  init(_ table: FlatTable, shape: [Int], byteCount: Int, _ place: TensorFlowLitePlace) throws(ImportError) {
    self.place = place
    permittedCount = byteCount
    count = shape.product
    let damaged = ImportError.tensorFlowLite(place, .badSparsity)
    let (order, blocks) = (try table.int32s(0), try table.int32s(1))
    let levelCount = try table.count(2, width: 4)
    guard levelCount <= 16, levelCount == order.count, levelCount == shape.count + blocks.count,
      order.sorted() == Array(0..<levelCount), blocks.allSatisfy(shape.indices.contains),
      Set(blocks).count == blocks.count
    else { throw damaged }
    var strides = shape.map { _ in 1 }
    for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    var levels: [Level] = []
    for index in order.indices { levels.append(try Self.level(try table.table(2, index), damaged)) }
    var blockSizes: [Int: Int] = [:]
    for (index, axis) in order.enumerated() where axis >= shape.count {
      guard case .dense(let size) = levels[index], size <= count else { throw damaged }
      blockSizes[blocks[axis - shape.count]] = size
    }
    var steps: [Step] = []
    for (level, axis) in zip(levels, order) {
      if axis >= shape.count {
        steps.append(Step(level: level, stride: strides[blocks[axis - shape.count]]))
      } else {
        steps.append(Step(level: level, stride: strides[axis] * (blockSizes[axis] ?? 1)))
      }
    }
    self.steps = steps
  }

  private static func level(_ table: FlatTable, _ damaged: ImportError) throws(ImportError) -> Level {
    switch try table.int8(0) {
    case 0:
      let size = try table.int32(1)
      guard size >= 1 else { throw damaged }
      return .dense(size)
    case 1: return .sparse(segments: try list(table, 2, damaged), indices: try list(table, 4, damaged))
    default: throw damaged
    }
  }

  /// A list of indices in one of three widths.
  private static func list(_ table: FlatTable, _ field: Int, _ damaged: ImportError) throws(ImportError) -> [Int] {
    guard let values = try table.table(field + 1) else { throw damaged }
    switch try table.uint8(field) {
    case 1: return try values.int32s(0)
    case 2: return try values.uint16s(0)
    case 3: return try values.uint8s(0)
    default: throw damaged
    }
  }

  /// The elements in their places, zeros between them.
  ///
  /// - Parameter width: bytes of an element.
  func dense(_ bytes: ArraySlice<UInt8>, width: Int) throws(ImportError) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count * width)
    // Where each element that the levels so far tell apart begins, in the order of the buffer.
    var starts = [(position: 0, entry: 0)]
    for step in steps {
      var next: [(position: Int, entry: Int)] = []
      for start in starts {
        switch step.level {
        case .dense(let size):
          guard size <= permittedCount, next.count + size <= permittedCount else { throw damaged }
          for index in 0..<size {
            next.append((start.position + index * step.stride, start.entry * size + index))
          }
        case .sparse(let segments, let indices):
          guard segments.indices.contains(start.entry + 1), segments[start.entry] >= 0,
            segments[start.entry] <= segments[start.entry + 1], segments[start.entry + 1] <= indices.count
          else { throw damaged }
          for entry in segments[start.entry]..<segments[start.entry + 1] {
            guard (0..<count).contains(indices[entry]), next.count < permittedCount else { throw damaged }
            next.append((start.position + indices[entry] * step.stride, entry))
          }
        }
      }
      starts = next
    }
    guard starts.count * width == bytes.count else {
      throw .tensorFlowLite(place, .byteCount(found: bytes.count, expected: starts.count * width))
    }
    for (index, start) in starts.enumerated() {
      guard (0..<count).contains(start.position) else { throw damaged }
      for byte in 0..<width {
        result[start.position * width + byte] = bytes[bytes.startIndex + index * width + byte]
      }
    }
    return result
  }
}
