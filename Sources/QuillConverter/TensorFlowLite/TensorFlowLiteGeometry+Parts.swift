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

  /// A part of a tensor, backwards, that stands beside it along an axis: a strided slice, and its shape.
  struct Mirror {
    let starts: [Int]
    let steps: [Int]
    let extents: [Int]
    let isAfter: Bool
  }

  /// What `MIRROR_PAD` puts beside a tensor of `shape` along an axis.
  /// - Parameters:
  ///   - counts: elements before it and after it.
  ///   - keepsEdge: whether the outermost element is mirrored too.
  func mirrors(
    of shape: [Int], axis: Int, counts: (before: Int, after: Int), keepsEdge: Bool
  ) throws(ImportError) -> [Mirror] {
    let skipped = keepsEdge ? 0 : 1
    guard max(counts.before, counts.after) + skipped <= shape[axis] else {
      throw .tensorFlowLite(place, .badShape(shape))
    }
    var mirrors: [Mirror] = []
    for (start, count, isAfter) in [
      (counts.before - 1 + skipped, counts.before, false), (shape[axis] - 1 - skipped, counts.after, true),
    ] where count > 0 {
      var (starts, steps, extents) = (shape.map { _ in 0 }, shape.map { _ in 1 }, shape)
      (starts[axis], steps[axis], extents[axis]) = (start, -1, count)
      mirrors.append(Mirror(starts: starts, steps: steps, extents: extents, isAfter: isAfter))
    }
    return mirrors
  }
}
