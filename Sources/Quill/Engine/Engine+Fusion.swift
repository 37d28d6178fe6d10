import CQuillKernels

// What alone reads a convolution is done in its pass. A max pool takes the greatest of the accumulators, which are
// requantised a quarter as often: requantisation never puts a larger sum below a smaller one, so that no byte changes. An
// Add takes the convolution's outputs before they are stored, where the level's kernel can. A Reshape in place costs nothing.

extension Engine {
  /// How many operators, or the program, read each tensor.
  static func readers(of model: borrowing Model) -> [Int] {
    var readers = [Int](repeating: 0, count: model.tensors.count)
    for operand in model.operands { readers[operand] += 1 }
    for index in 0..<model.outputCount { readers[model.outputTensor(index)] += 1 }
    if let decision = model.decisionTensor { readers[decision] += 1 }
    return readers
  }

  /// Whether an operator is a Reshape that moves nothing.
  func isInPlace(_ model: borrowing Model, _ index: Int) -> Bool {
    let entry = model.entries[index]
    guard case .reshape = entry.operation else { return false }
    return Engine.isInPlace(model.tensors[model.operands[entry.firstOperand]], model.tensors[entry.output])
  }

  /// Whether values that keep their order need not be moved.
  static func isInPlace(_ input: TensorRecord, _ output: TensorRecord) -> Bool {
    input.arenaOffset == output.arenaOffset && input.isDense && output.isDense
  }

  /// Takes the operator after a call's into its pass, where that may be.
  ///
  /// - Parameter readers: of each tensor.
  @unsafe func fuse(_ call: UnsafeMutablePointer<Call>, _ model: borrowing Model, _ readers: [Int]) {
    let index = unsafe call.pointee.index
    guard index + 1 < model.entries.count else { return }
    let entry = model.entries[index]
    let next = model.entries[index + 1]
    let result = model.tensors[next.output]
    guard case .conv2D(let convolution) = entry.operation, readers[entry.output] == 1,
      !overlaps(model.tensors[model.operands[entry.firstOperand]], result)
    else { return }
    let middle = model.tensors[entry.output]
    switch next.operation {
    case .maxPool2D(let pool):
      guard convolution.linear.rounding == .double, pool.fits(middle, result),
        model.operands[next.firstOperand] == entry.output
      else { return }
      unsafe setPool(&call.pointee.convolution, pool, result)
    case .add(let addition):
      guard quill_has_additions(), unsafe kernels?.pointee.addsToConvolutions == 1 else { return }
      let isFirst = model.operands[next.firstOperand] == entry.output
      let other = model.tensors[model.operands[next.firstOperand + (isFirst ? 1 : 0)]]
      // Nothing is repeated along an axis.
      guard isFirst || model.operands[next.firstOperand + 1] == entry.output, middle.count == result.count,
        other.count == result.count
      else { return }
      unsafe setAddition(&call.pointee.convolution, isFirst ? addition : addition.swapped, middle, other, result)
    default: return
    }
    unsafe call.pointee.convolution.output = address(result.origin)
    unsafe call.pointee.convolution.outputRowPitch = Int(result.rowPitch)
    unsafe call.pointee.output = result
    unsafe call.pointee.operatorCount = 2
  }

  /// Whether one is written while the other is still read.
  private func overlaps(_ source: TensorRecord, _ result: TensorRecord) -> Bool {
    UInt64(result.arenaOffset) < UInt64(source.arenaOffset) + source.storedByteCount
      && UInt64(source.arenaOffset) < UInt64(result.arenaOffset) + result.storedByteCount
  }

  /// Puts the max pool that writes `result` into a convolution's pass.
  @unsafe private func setPool(_ call: inout quill_convolution, _ pool: Pool, _ result: TensorRecord) {
    unsafe call.outputHeight = Int32(result.height)
    unsafe call.outputWidth = Int32(result.width)
    unsafe call.poolHeight = Int32(pool.windowHeight)
    unsafe call.poolWidth = Int32(pool.windowWidth)
    unsafe call.poolStrideY = Int32(pool.strideHeight)
    unsafe call.poolStrideX = Int32(pool.strideWidth)
  }

  /// Puts the Add of a convolution's output, `middle`, and another tensor into the convolution's pass.
  @unsafe private func setAddition(
    _ call: inout quill_convolution, _ addition: Addition, _ middle: TensorRecord, _ other: TensorRecord,
    _ result: TensorRecord
  ) {
    let sum = UnsafeMutablePointer<quill_add>.allocate(capacity: 1)
    unsafe sum.initialize(to: additionCall(addition, subtracts: false, middle, other, result))
    unsafe call.addition = UnsafePointer(sum)
    unsafe call.additionRowPitch = Int(other.rowPitch)
  }
}

extension Pool {
  /// Whether a convolution can do the pool in its pass: any value, and all windows within the image.
  fileprivate func fits(_ input: TensorRecord, _ output: TensorRecord) -> Bool {
    let lastRow = (Int(output.height) - 1) * Int(strideHeight) + Int(windowHeight)
    let lastColumn = (Int(output.width) - 1) * Int(strideWidth) + Int(windowWidth)
    return range == .all && padTop == 0 && padLeft == 0 && Int(windowHeight) * Int(windowWidth) <= 16
      && lastRow <= Int(input.height) && lastColumn <= Int(input.width)
  }
}
