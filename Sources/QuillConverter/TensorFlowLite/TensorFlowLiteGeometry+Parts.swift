import QuillFloat

/// One of several results: a range of an axis.
struct TensorPiece: Equatable {
  let axis: Int
  let range: Range<Int>
}

/// Ranges of an axis that stand side by side in a result.
struct GatheredRuns: Equatable {
  let axis: Int
  let runs: [Range<Int>]
}

/// Operators that take tensors apart, or repeat them.
extension TensorFlowLiteGeometry {
  /// What each result of `SPLIT`, `SPLIT_V` and `UNPACK` takes.
  func pieces() throws(ImportError) -> [TensorPiece] {
    let axis: Int
    var extents: [Int]
    switch node.operation {
    case .split(let count):
      axis = try self.axis(try only(0))
      guard input[axis] % count == 0 else { throw .tensorFlowLite(place, .badShape(input)) }
      extents = [Int](repeating: input[axis] / count, count: count)
    case .splitV(let count):
      axis = try self.axis(try only(2))
      extents = try constants.knownIntegers(node, 1, at: place)
      guard extents.count == count, extents.allSatisfy({ (-1...input[axis]).contains($0) }) else {
        throw .tensorFlowLite(place, .badShape(extents))
      }
      if let free = extents.firstIndex(of: -1) { extents[free] = input[axis] - (extents.reduce(0, +) + 1) }
    case .unpack(let declared, let count):
      axis = try self.axis(declared)
      extents = [Int](repeating: 1, count: count)
    default: return []
    }
    guard extents.reduce(0, +) == input[axis], extents.allSatisfy({ $0 >= 1 }) else {
      throw .tensorFlowLite(place, .badShape(extents))
    }
    var start = 0
    return extents.map { extent in
      defer { start += extent }
      return TensorPiece(axis: axis, range: start..<start + extent)
    }
  }

  private func only(_ operand: Int) throws(ImportError) -> Int {
    let values = try constants.knownIntegers(node, operand, at: place)
    guard values.count == 1 else { throw .tensorFlowLite(place, .badShape(values)) }
    return values[0]
  }

  /// The positions that `GATHER` takes, neighbours together.
  func gatheredRuns(_ declared: Int) throws(ImportError) -> GatheredRuns {
    let axis = try self.axis(declared)
    let positions = try constants.knownIntegers(node, 1, at: place)
    guard !positions.isEmpty, positions.allSatisfy({ (0..<input[axis]).contains($0) }) else {
      throw .tensorFlowLite(place, .badShape(positions))
    }
    var runs: [Range<Int>] = []
    for position in positions {
      if let last = runs.last, last.upperBound == position {
        runs[runs.count - 1] = last.lowerBound..<position + 1
      } else {
        runs.append(position..<position + 1)
      }
    }
    return GatheredRuns(axis: axis, runs: runs)
  }

  /// How often `TILE` repeats each axis.
  func tiles() throws(ImportError) -> [Int] {
    let multiples = try constants.knownIntegers(node, 1, at: place)
    guard multiples.count == input.count, multiples.allSatisfy({ (1...64).contains($0) }) else {
      throw .tensorFlowLite(place, .badShape(multiples))
    }
    return multiples
  }
}
