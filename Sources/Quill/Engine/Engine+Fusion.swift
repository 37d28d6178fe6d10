import CQuillKernels

// What alone reads a convolution is done in its pass. A max pool takes the greatest of the accumulators, which are
// requantised a quarter as often: requantisation never puts a larger sum below a smaller one, so that no byte changes. An
// Add takes the convolution's outputs before they are stored, where the level's kernel can. A Reshape in place costs nothing.

extension Engine {
  /// For each operator, how many are done when `run` comes to it: itself, itself with the next, or none.
  static func passes(of model: borrowing Model) -> [Int] {
    var readers = [Int](repeating: 0, count: model.tensors.count)
    for operand in model.operands { readers[operand] += 1 }
    for index in 0..<model.outputCount { readers[model.outputTensor(index)] += 1 }
    if let decision = model.decisionTensor { readers[decision] += 1 }
    return (0..<model.entries.count).map { index in
      let entry = model.entries[index]
      if case .reshape = entry.operation,
        isInPlace(model.tensors[model.operands[entry.firstOperand]], model.tensors[entry.output])
      {
        return 0
      }
      let fuses = index + 1 < model.entries.count && canFuse(model, entry, model.entries[index + 1], readers)
      return fuses ? 2 : 1
    }
  }

  /// Whether values that keep their order need not be moved.
  static func isInPlace(_ input: TensorRecord, _ output: TensorRecord) -> Bool {
    input.arenaOffset == output.arenaOffset && input.isDense && output.isDense
  }

  private static func canFuse(
    _ model: borrowing Model, _ first: Model.Entry, _ second: Model.Entry, _ readers: [Int]
  ) -> Bool {
    guard case .conv2D(let convolution) = first.operation, readers[first.output] == 1 else { return false }
    let middle = model.tensors[first.output]
    let result = model.tensors[second.output]
    switch second.operation {
    case .maxPool2D(let pool):
      guard convolution.linear.rounding == .double, pool.range == .all, pool.padTop == 0, pool.padLeft == 0,
        Int(pool.windowHeight) * Int(pool.windowWidth) <= 16, model.operands[second.firstOperand] == first.output
      else { return false }
      let lastRow = (Int(result.height) - 1) * Int(pool.strideHeight) + Int(pool.windowHeight)
      let lastColumn = (Int(result.width) - 1) * Int(pool.strideWidth) + Int(pool.windowWidth)
      guard lastRow <= Int(middle.height), lastColumn <= Int(middle.width) else { return false }
    case .add:
      guard quill_has_additions(), let other = otherOperand(model, first, second), other != first.output else {
        return false
      }
      // Nothing is repeated along an axis.
      guard middle.count == result.count, model.tensors[other].count == result.count else { return false }
    default: return false
    }
    // The second's output is now written while the convolution's operand is still read.
    let source = model.tensors[model.operands[first.firstOperand]]
    let sourceEnd = UInt64(source.arenaOffset) + source.storedByteCount
    let resultEnd = UInt64(result.arenaOffset) + result.storedByteCount
    return UInt64(result.arenaOffset) >= sourceEnd || UInt64(source.arenaOffset) >= resultEnd
  }

  /// What an Add adds to a convolution's output; `nil` where it reads something else.
  private static func otherOperand(
    _ model: borrowing Model, _ convolution: Model.Entry, _ addition: Model.Entry
  ) -> Int? {
    let left = model.operands[addition.firstOperand]
    let right = model.operands[addition.firstOperand + 1]
    return left == convolution.output ? right : right == convolution.output ? left : nil
  }

  /// Runs a convolution and what comes after it in one pass; `false` where the level has no kernel for it.
  mutating func executeFused(_ model: borrowing Model, _ index: Int) -> Bool {
    let entry = model.entries[index]
    let next = model.entries[index + 1]
    guard case .conv2D(let convolution) = entry.operation else { return false }
    let input = model.tensors[model.operands[entry.firstOperand]]
    let middle = model.tensors[entry.output]
    let output = model.tensors[next.output]
    let geometry = Conv2D.Geometry(convolution, input: input, output: middle)
    switch next.operation {
    case .maxPool2D(let pool):
      fillHalo(output)
      return convolveFast(
        model, geometry, convolution.linear, convolution.range, start: firstTap(convolution, input), output, pool: pool)
    case .add(let addition):
      guard quill_has_additions(), let other = Engine.otherOperand(model, entry, next) else { return false }
      let isFirst = model.operands[next.firstOperand] == entry.output
      return convolveAdding(
        model, geometry, convolution, start: firstTap(convolution, input), middle,
        isFirst ? addition : addition.swapped, model.tensors[other], output)
    default: return false
    }
  }
}
