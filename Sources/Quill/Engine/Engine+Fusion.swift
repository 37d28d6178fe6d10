// A max pool that alone reads a convolution is done on the convolution's accumulators, before they are requantised a
// quarter as often. Requantisation never puts a larger sum below a smaller one, so that no byte changes.

extension Engine {
  /// For each operator, whether the next one is done in its pass.
  static func fusions(of model: borrowing Model) -> [Bool] {
    var readers = [Int](repeating: 0, count: model.tensors.count)
    for operand in model.operands { readers[operand] += 1 }
    for index in 0..<model.outputCount { readers[model.outputTensor(index)] += 1 }
    if let decision = model.decisionTensor { readers[decision] += 1 }
    return (0..<model.entries.count).map { index in
      index + 1 < model.entries.count && canFuse(model, model.entries[index], model.entries[index + 1], readers)
    }
  }

  private static func canFuse(
    _ model: borrowing Model, _ first: Model.Entry, _ second: Model.Entry, _ readers: [Int]
  ) -> Bool {
    guard case .conv2D(let convolution) = first.operation, convolution.linear.rounding == .double,
      case .maxPool2D(let pool) = second.operation, pool.range == .all, pool.padTop == 0, pool.padLeft == 0,
      Int(pool.windowHeight) * Int(pool.windowWidth) <= 16,
      model.operands[second.firstOperand] == first.output, readers[first.output] == 1
    else { return false }
    let middle = model.tensors[first.output]
    let result = model.tensors[second.output]
    let lastRow = (Int(result.height) - 1) * Int(pool.strideHeight) + Int(pool.windowHeight)
    let lastColumn = (Int(result.width) - 1) * Int(pool.strideWidth) + Int(pool.windowWidth)
    guard lastRow <= Int(middle.height), lastColumn <= Int(middle.width) else { return false }
    // The pool's output is now written while the convolution's operand is still read.
    let source = model.tensors[model.operands[first.firstOperand]]
    let sourceEnd = UInt64(source.arenaOffset) + source.storedByteCount
    let resultEnd = UInt64(result.arenaOffset) + result.storedByteCount
    return UInt64(result.arenaOffset) >= sourceEnd || UInt64(source.arenaOffset) >= resultEnd
  }

  /// Runs a convolution and the max pool after it in one pass; `false` where the level has no kernel for it.
  mutating func executeFused(_ model: borrowing Model, _ index: Int) -> Bool {
    let entry = model.entries[index]
    let next = model.entries[index + 1]
    guard case .conv2D(let convolution) = entry.operation, case .maxPool2D(let pool) = next.operation else {
      return false
    }
    let input = model.tensors[model.operands[entry.firstOperand]]
    let output = model.tensors[next.output]
    fillHalo(output)
    return convolveFast(
      model, Conv2D.Geometry(convolution, input: input, output: model.tensors[entry.output]), convolution.linear,
      convolution.range, start: firstTap(convolution, input), output, pool: pool)
  }
}
