import CQuillKernels

// Some levels need fewer products for a convolution once its weights have another form (`quill_kernel_table`). That form is
// made when the engine is, in memory of its own; the bytes of the answers are the same. Programs for processors of which no
// level asks for it are spared the code (`quill_has_transforms`).

extension Engine {
  /// What stands before the other form of the weights that lie at an offset in the model; it tells how many those are.
  @unsafe struct Transform {
    /// Bytes from here to the form, which is aligned to 64.
    static let byteCount = 64

    var next: UnsafeMutablePointer<Transform>?
    var weightsOffset: UInt32
    var channels, runByteCount: Int
  }

  /// The other form of a convolution's weights; `nil` where they have none.
  @unsafe func transformedWeights(_ linear: LinearWeights, _ order: WeightOrder) -> UnsafePointer<Int16>? {
    guard quill_has_transforms() else { return nil }
    var place = unsafe transforms
    while let transform = unsafe place {
      if unsafe transform.pointee.weightsOffset == linear.weightsOffset,
        unsafe transform.pointee.channels == order.channelsPerGroup,
        unsafe transform.pointee.runByteCount == order.runByteCount
      {
        return unsafe UnsafePointer(Engine.form(of: transform))
      }
      unsafe place = transform.pointee.next
    }
    return nil
  }

  @unsafe private static func form(of transform: UnsafeMutablePointer<Transform>) -> UnsafeMutablePointer<Int16> {
    unsafe (UnsafeMutableRawPointer(transform) + Transform.byteCount).assumingMemoryBound(to: Int16.self)
  }

  /// Gives back the memory of these forms.
  @unsafe static func release(_ transforms: UnsafeMutablePointer<Transform>?) {
    guard quill_has_transforms() else { return }
    var place = unsafe transforms
    while let transform = unsafe place {
      unsafe place = transform.pointee.next
      unsafe UnsafeMutableRawPointer(transform).deallocate()
    }
  }

  /// Gives the convolutions for which the level asks it another form of their weights.
  mutating func transformWeights(of model: borrowing Model) {
    guard quill_has_transforms(), let kernels = unsafe kernels,
      let byteCount = unsafe kernels.pointee.transformedByteCount,
      let transform = unsafe kernels.pointee.transformWeights
    else { return }
    for index in model.entries.indices {
      guard case .conv2D(let convolution) = model.entries[index].operation else { continue }
      let entry = model.entries[index]
      let input = model.tensors[model.operands[entry.firstOperand]]
      let output = model.tensors[entry.output]
      let geometry = Conv2D.Geometry(convolution, input: input, output: output)
      var call = unsafe convolutionCall(
        model, geometry, convolution.linear, convolution.range, start: firstTap(convolution, input), output)
      if passes[index] == 2, case .maxPool2D(let pool) = model.entries[index + 1].operation {
        unsafe setPool(&call, pool, model.tensors[model.entries[index + 1].output])
      }
      let size = unsafe byteCount(&call)
      // Convolutions that share weights share their form.
      guard size > 0, unsafe call.transformed == nil else { continue }
      let memory = unsafe UnsafeMutableRawPointer.allocate(byteCount: Transform.byteCount + size, alignment: 64)
      let place = unsafe memory.bindMemory(to: Transform.self, capacity: 1)
      unsafe place.initialize(
        to: Transform(
          next: transforms, weightsOffset: convolution.linear.weightsOffset,
          channels: geometry.order.channelsPerGroup, runByteCount: geometry.order.runByteCount))
      unsafe transforms = place
      // Proved: as large as the kernel asked.
      unsafe transform(&call, Engine.form(of: place))
    }
  }
}
