import CQuillKernels

// What the kernels are told of convolutions and fully connected layers is put together once, when the engine is made: with what
// is done in the same pass (`Engine+Fusion.swift`), and with the other form of the weights for which some levels ask
// (`quill_kernel_table`). Programs for processors without kernels are spared code and memory (`quill_has_kernels`).

extension Engine {
  /// A convolution or fully connected layer that is ready to run, in memory of its own.
  @unsafe struct Call {
    /// That of a later operator.
    var next: UnsafeMutablePointer<Call>?
    /// The operator, and how many are done with it.
    var index: Int
    var operatorCount: Int
    /// The last one's output, whose halo is filled before.
    var output: TensorRecord
    /// Whether its other form of the weights is this call's, and not that of another one with the same weights.
    var ownsTransformed: Bool
    /// Its addition is this call's.
    var convolution: quill_convolution
  }

  /// Puts the calls of all convolutions and fully connected layers together.
  ///
  /// - Parameter transforms: whether weights get another form where the level asks for it.
  mutating func prepareCalls(of model: borrowing Model, transforms: Bool) {
    guard quill_has_kernels(), unsafe kernels != nil else { return }
    let readers = Engine.readers(of: model)
    var index = model.entries.count
    // The first operator's comes to stand first.
    while index > 0 {
      index &-= 1
      if isInPlace(model, index), let next = unsafe calls, unsafe next.pointee.index == index &+ 1 {
        // Nothing is left to do for it.
        unsafe next.pointee.index = index
        unsafe next.pointee.operatorCount &+= 1
        continue
      }
      guard let layer = linearLayer(model, index) else { continue }
      let output = model.tensors[model.entries[index].output]
      let place = UnsafeMutablePointer<Call>.allocate(capacity: 1)
      unsafe place.initialize(
        to: Call(
          next: calls, index: index, operatorCount: 1, output: output, ownsTransformed: false,
          convolution: convolutionCall(model, layer, output)))
      unsafe fuse(place, model, readers)
      if transforms { unsafe transformWeights(of: place) }
      unsafe calls = place
    }
  }

  /// Runs a call.
  mutating func run(_ call: UnsafeMutablePointer<Call>) {
    guard let kernels = unsafe kernels else { return }
    unsafe fillHalo(call.pointee.output)
    unsafe kernels.pointee.convolution(&call.pointee.convolution)
  }

  /// Gives back the memory of calls.
  @unsafe static func release(_ calls: UnsafeMutablePointer<Call>?) {
    guard quill_has_kernels() else { return }
    var place = unsafe calls
    while let call = unsafe place {
      unsafe place = call.pointee.next
      if unsafe call.pointee.ownsTransformed {
        unsafe UnsafeMutableRawPointer(mutating: call.pointee.convolution.transformed)?.deallocate()
      }
      unsafe call.pointee.convolution.addition?.deallocate()
      unsafe call.deallocate()
    }
  }

  /// The other form of the weights that a convolution has in common with one of the engine's calls; `nil` where they have none.
  @unsafe func transformedWeights(_ convolution: quill_convolution) -> UnsafePointer<Int16>? {
    guard quill_has_transforms() else { return nil }
    var place = unsafe calls
    while let call = unsafe place {
      let other = unsafe call.pointee.convolution
      if unsafe other.transformed != nil, unsafe other.weights == convolution.weights,
        unsafe other.runBytes == convolution.runBytes, unsafe other.groupOutputs == convolution.groupOutputs
      {
        return unsafe other.transformed
      }
      unsafe place = call.pointee.next
    }
    return nil
  }

  /// Gives a call another form of its weights where the level asks for one.
  @unsafe private func transformWeights(of call: UnsafeMutablePointer<Call>) {
    guard quill_has_transforms(), let kernels = unsafe kernels,
      let byteCount = unsafe kernels.pointee.transformedByteCount,
      let transform = unsafe kernels.pointee.transformWeights
    else { return }
    let size = unsafe byteCount(&call.pointee.convolution)
    if size == 0 { return }
    // Convolutions that share weights share their form.
    unsafe call.pointee.convolution.transformed = transformedWeights(call.pointee.convolution)
    if unsafe call.pointee.convolution.transformed != nil { return }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    // Proved: as large as the kernel asked.
    let form = unsafe memory.bindMemory(to: Int16.self, capacity: size / 2)
    unsafe transform(&call.pointee.convolution, form)
    unsafe call.pointee.convolution.transformed = UnsafePointer(form)
    unsafe call.pointee.ownsTransformed = true
  }
}
