import CQuillKernels

// Some levels need fewer products for a convolution once its weights have another form (`quill_kernel_table`). That form is
// made when the engine is, in memory of its own; the bytes of the answers are the same. Only levels of x86-64 ask for it:
// programs for other processors are spared the code.

extension Engine {
  /// Where a convolution's weights lie in the model, and where their other form lies in the memory.
  struct Transform {
    var weightsOffset: UInt32
    var offset: Int
  }

  /// The other form of weights; `nil` where they have none.
  @unsafe func transformedWeights(at weightsOffset: UInt32) -> UnsafePointer<Int16>? {
    #if !arch(x86_64)
      return nil
    #else
      guard let memory = unsafe transformMemory,
        let transform = transforms.first(where: { $0.weightsOffset == weightsOffset })
      else { return nil }
      return unsafe UnsafePointer((memory + transform.offset).assumingMemoryBound(to: Int16.self))
    #endif
  }

  #if arch(x86_64)
    /// Gives the convolutions for which the level asks it another form of their weights.
    ///
    /// - Parameter fusions: those with a max pool in their pass stay as they are.
    mutating func transformWeights(of model: borrowing Model, _ fusions: [Bool]) {
      guard let kernels = unsafe kernels, let byteCount = unsafe kernels.pointee.transformedByteCount,
        let transform = unsafe kernels.pointee.transformWeights
      else { return }
      var calls: [quill_convolution] = unsafe []
      var total = 0
      for index in model.entries.indices where !isPooled(model, index, fusions) {
        guard case .conv2D(let convolution) = model.entries[index].operation else { continue }
        var call = unsafe convolutionCall(model, convolution, model.entries[index])
        let size = unsafe byteCount(&call)
        guard size > 0 else { continue }
        unsafe calls.append(call)
        transforms.append(Transform(weightsOffset: convolution.linear.weightsOffset, offset: total))
        total += (size + 63) / 64 * 64
      }
      guard total > 0 else { return }
      let memory = UnsafeMutableRawPointer.allocate(byteCount: total, alignment: 64)
      unsafe transformMemory = memory
      for index in transforms.indices {
        // Proved: each form has its own room, of the size that the kernel asked for.
        unsafe transform(&calls[index], (memory + transforms[index].offset).assumingMemoryBound(to: Int16.self))
      }
    }

    private func isPooled(_ model: borrowing Model, _ index: Int, _ fusions: [Bool]) -> Bool {
      guard fusions[index], case .maxPool2D = model.entries[index + 1].operation else { return false }
      return true
    }

    /// The call of a convolution that stands by itself.
    @unsafe private func convolutionCall(
      _ model: borrowing Model, _ convolution: Convolution, _ entry: Model.Entry
    ) -> quill_convolution {
      let input = model.tensors[model.operands[entry.firstOperand]]
      let output = model.tensors[entry.output]
      return unsafe convolutionCall(
        model, Conv2D.Geometry(convolution, input: input, output: output), convolution.linear, convolution.range,
        start: firstTap(convolution, input), output)
    }
  #else
    mutating func transformWeights(of model: borrowing Model, _ fusions: [Bool]) {}
  #endif
}
