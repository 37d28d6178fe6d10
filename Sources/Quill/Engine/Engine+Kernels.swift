import CQuillKernels

// Hands operators to the kernels of the engine's level. Opening the model proved every pointer that is made here: the
// same proofs as in `Engine+Spans.swift`, and the kernels' own needs (`quill_kernels.h`): weights aligned to 64, 64
// readable bytes after the last tensor, and no operand under an output but where an operator works in place.

extension Engine {
  /// The address of a byte of the arena.
  @unsafe func address(_ offset: Int) -> UnsafeMutablePointer<Int8> {
    unsafe arena.assumingMemoryBound(to: Int8.self) + offset
  }

  /// A convolution, or fully connected layer, on the kernels' tiles; `false` where the level has none for it.
  func convolveFast(_ model: borrowing Model, _ layer: LinearLayer, _ output: TensorRecord) -> Bool {
    guard quill_has_kernels(), let kernels = unsafe kernels else { return false }
    var call = unsafe convolutionCall(model, layer, output)
    unsafe call.transformed = transformedWeights(call)
    unsafe kernels.pointee.convolution(&call)
    return true
  }

  /// The parameters of a convolution that stands by itself.
  @inline(never)
  @unsafe func convolutionCall(
    _ model: borrowing Model, _ layer: LinearLayer, _ output: TensorRecord
  ) -> quill_convolution {
    let geometry = layer.geometry
    let linear = layer.linear
    let order = geometry.order
    let weights = unsafe model.weightsAddress(linear.weightsOffset)
    let table = unsafe model.weightsAddress(linear.channelsOffset).assumingMemoryBound(to: Int32.self)
    let row = order.paddedChannels
    return unsafe quill_convolution(
      input: UnsafePointer(address(layer.start)),
      weights: weights.assumingMemoryBound(to: Int8.self),
      transformed: nil,
      bias: table,
      weightSum: table + row,
      multiplier: table + 2 * row,
      shift: table + 3 * row,
      realShift: linear.rounding == .real ? table + 4 * row : nil,
      output: address(output.origin),
      positionStepY: geometry.windowRowPitch,
      positionStepX: geometry.windowPitch,
      runStepY: geometry.kernelRowPitch,
      runStepX: geometry.tapPitch,
      outputRowPitch: Int(output.rowPitch),
      outputPixelPitch: Int(output.channels),
      runRows: Int32(order.runCount / geometry.runsPerRow),
      runColumns: Int32(geometry.runsPerRow),
      runBytes: Int32(order.runByteCount),
      imageTop: geometry.imageTop,
      imageBottom: geometry.imageBottom,
      imageLeft: geometry.imageLeft,
      imageRight: geometry.imageRight,
      groups: Int32(order.groups),
      groupInputs: Int32(order.runByteCount),
      groupOutputs: Int32(order.channelsPerGroup),
      outputHeight: Int32(geometry.output.height),
      outputWidth: Int32(geometry.output.width),
      poolHeight: 1,
      poolWidth: 1,
      poolStrideY: 1,
      poolStrideX: 1,
      range: quill_output_range(layer.range, output),
      addition: nil,
      additionRowPitch: 0)
  }

  /// A depthwise convolution; `false` where the level has none for it.
  func convolveDepthwiseFast(
    _ model: borrowing Model, _ index: Int, _ convolution: Convolution, _ input: TensorRecord, start: Int,
    _ output: TensorRecord
  ) -> Bool {
    guard quill_has_kernels(), let kernels = unsafe kernels else { return false }
    var call = unsafe depthwiseCall(model, convolution, input, start: start, output)
    unsafe call.form = depthwiseForm(of: index)
    unsafe kernels.pointee.depthwise(&call)
    return true
  }

  /// The parameters of a depthwise convolution, whose first tap lies at `start`.
  @unsafe func depthwiseCall(
    _ model: borrowing Model, _ convolution: Convolution, _ input: TensorRecord, start: Int, _ output: TensorRecord
  ) -> quill_depthwise {
    let table = unsafe model.weightsAddress(convolution.linear.channelsOffset).assumingMemoryBound(to: Int32.self)
    let row = (Int(output.channels) + 15) / 16 * 16
    return unsafe quill_depthwise(
      input: UnsafePointer(address(start)),
      weights: model.weightsAddress(convolution.linear.weightsOffset).assumingMemoryBound(to: Int8.self),
      bias: table,
      weightSum: table + row,
      multiplier: table + 2 * row,
      shift: table + 3 * row,
      realShift: convolution.linear.rounding == .real ? table + 4 * row : nil,
      output: address(output.origin),
      positionStepY: Int(convolution.strideHeight) * Int(input.rowPitch),
      positionStepX: Int(convolution.strideWidth) * Int(input.channels),
      tapStepY: Int(convolution.dilationHeight) * Int(input.rowPitch),
      tapStepX: Int(convolution.dilationWidth) * Int(input.channels),
      outputRowPitch: Int(output.rowPitch),
      outputPixelPitch: Int(output.channels),
      kernelHeight: Int32(convolution.kernelHeight),
      kernelWidth: Int32(convolution.kernelWidth),
      outputChannels: Int32(output.channels),
      channelMultiplier: Int32(output.channels / input.channels),
      outputHeight: Int32(output.height),
      outputWidth: Int32(output.width),
      range: quill_output_range(convolution.range, output),
      form: nil)
  }

  /// A pool; `false` where the level has none for it.
  func poolFast(_ pool: Pool, isMaximum: Bool, _ input: TensorRecord, _ output: TensorRecord) -> Bool {
    // An average's sum is kept in 32 bits by the kernels' own limit of 2^16 taps.
    guard quill_has_kernels(), let kernels = unsafe kernels, Int(pool.windowHeight) * Int(pool.windowWidth) <= 1 << 16
    else { return false }
    var call = unsafe quill_pool(
      input: UnsafePointer(address(input.origin)),
      output: address(output.origin),
      inputRowPitch: Int(input.rowPitch),
      outputRowPitch: Int(output.rowPitch),
      inputHeight: Int32(input.height),
      inputWidth: Int32(input.width),
      channels: Int32(input.channels),
      outputHeight: Int32(output.height),
      outputWidth: Int32(output.width),
      windowHeight: Int32(pool.windowHeight),
      windowWidth: Int32(pool.windowWidth),
      strideY: Int32(pool.strideHeight),
      strideX: Int32(pool.strideWidth),
      padTop: Int32(pool.padTop),
      padLeft: Int32(pool.padLeft),
      minimum: pool.range.minimum,
      maximum: pool.range.maximum)
    if isMaximum { unsafe kernels.pointee.maxPool(&call) } else { unsafe kernels.pointee.averagePool(&call) }
    return true
  }

  /// The mean or sum of each channel over the whole image; `false` for other axes, and where the level has none for it.
  func reduceFast(_ reduction: Reduction, _ input: TensorRecord, _ output: TensorRecord) -> Bool {
    guard quill_has_kernels(), let kernels = unsafe kernels, reduction.axes == 3,
      Int(input.height) * Int(input.width) <= 1 << 23
    else {
      return false
    }
    let chunk = 64
    var sums = InlineArray<64, Int32>(repeating: 0)
    for first in stride(from: 0, to: Int(input.channels), by: chunk) {
      let count = min(chunk, Int(input.channels) - first)
      var numbers = sums.mutableSpan
      unsafe numbers.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        var call = unsafe quill_channel_sums(
          input: UnsafePointer(address(input.origin + first)), sums: base, inputRowPitch: Int(input.rowPitch),
          inputPixelPitch: Int(input.channels), inputHeight: Int32(input.height), inputWidth: Int32(input.width),
          channels: Int32(count))
        unsafe kernels.pointee.channelSums(&call)
      }
      for channel in 0..<count {
        unsafe address(output.origin + first)[channel] = reduction.value(
          ofSum: sums[channel], count: reduction.count(of: input), inputZeroPoint: input.zeroPoint,
          outputZeroPoint: output.zeroPoint)
      }
    }
    return true
  }

  /// Add or Sub of operands that repeat along no axis; `false` where the level has none for it.
  func addFast(
    _ addition: Addition, subtracts: Bool, _ first: TensorRecord, _ second: TensorRecord, _ output: TensorRecord
  ) -> Bool {
    guard quill_has_kernels(), let kernels = unsafe kernels, first.count == output.count, second.count == output.count
    else { return false }
    let rows = first.isDense && second.isDense && output.isDense ? 1 : Int(output.height)
    var call = unsafe additionCall(addition, subtracts: subtracts, first, second, output)
    if rows > 1 { unsafe call.count = output.rowByteCount }
    for y in 0..<rows {
      unsafe call.left = UnsafePointer(address(first.origin + y * Int(first.rowPitch)))
      unsafe call.right = UnsafePointer(address(second.origin + y * Int(second.rowPitch)))
      unsafe call.output = address(output.origin + y * Int(output.rowPitch))
      unsafe kernels.pointee.add(&call)
    }
    return true
  }

  /// The parameters of an Add or Sub of all values.
  @unsafe func additionCall(
    _ addition: Addition, subtracts: Bool, _ first: TensorRecord, _ second: TensorRecord, _ output: TensorRecord
  ) -> quill_add {
    unsafe quill_add(
      left: UnsafePointer(address(first.origin)), right: UnsafePointer(address(second.origin)),
      output: address(output.origin), count: output.count,
      leftZeroPoint: first.zeroPoint, rightZeroPoint: second.zeroPoint, leftScale: quill_scale(addition.first),
      rightScale: quill_scale(addition.second), outputScale: quill_scale(addition.sum),
      subtract: subtracts ? 1 : 0, range: quill_output_range(addition.range, output))
  }
}

extension Model {
  /// The address of a byte of the weights section.
  @unsafe fileprivate func weightsAddress(_ offset: UInt32) -> UnsafeRawPointer {
    unsafe memory.pointer(at: sections[.weights].offset + Int(offset))
  }
}

extension quill_output_range {
  fileprivate init(_ range: OutputRange, _ output: TensorRecord) {
    self.init(zeroPoint: output.zeroPoint, minimum: range.minimum, maximum: range.maximum)
  }
}

extension quill_scale {
  fileprivate init(_ multiplier: Multiplier) {
    self.init(multiplier: multiplier.quantized, shift: multiplier.shift)
  }
}
