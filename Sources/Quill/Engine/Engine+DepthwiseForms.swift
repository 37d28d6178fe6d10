import CQuillKernels

// What some levels' kernels prepare of depthwise convolutions when the engine is made (`quill_kernel_table`). Programs for
// processors without such a level are spared code and memory (`quill_has_depthwise_forms`).

extension Engine {
  /// What a kernel prepared of an operator, in memory of its own.
  @unsafe struct DepthwiseForm {
    /// That of an earlier operator.
    var next: UnsafeMutablePointer<DepthwiseForm>?
    /// The operator.
    var index: Int
    var form: UnsafeMutablePointer<Int8>
  }

  /// Lets the kernels prepare all depthwise convolutions.
  mutating func prepareDepthwise(of model: borrowing Model) {
    guard quill_has_depthwise_forms(), let kernels = unsafe kernels,
      let byteCount = unsafe kernels.pointee.depthwiseFormByteCount,
      let make = unsafe kernels.pointee.makeDepthwiseForm
    else { return }
    for index in 0..<model.entries.count {
      let entry = model.entries[index]
      guard case .depthwiseConv2D(let convolution) = entry.operation else { continue }
      let input = model.tensors[model.operands[entry.firstOperand]]
      let start = firstTap(convolution, input)
      var call = unsafe depthwiseCall(model, convolution, input, start: start, model.tensors[entry.output])
      let size = unsafe byteCount(&call)
      if size == 0 { continue }
      let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
      // Proved: as large as the kernel asked.
      let form = unsafe memory.bindMemory(to: Int8.self, capacity: size)
      unsafe make(&call, form)
      let place = UnsafeMutablePointer<DepthwiseForm>.allocate(capacity: 1)
      unsafe place.initialize(to: DepthwiseForm(next: depthwiseForms, index: index, form: form))
      unsafe depthwiseForms = place
    }
  }

  /// What was prepared of the operator at an index; `nil` for nothing.
  @unsafe func depthwiseForm(of index: Int) -> UnsafePointer<Int8>? {
    guard quill_has_depthwise_forms() else { return nil }
    var place = unsafe depthwiseForms
    while let form = unsafe place {
      if unsafe form.pointee.index == index { return unsafe UnsafePointer(form.pointee.form) }
      unsafe place = form.pointee.next
    }
    return nil
  }

  /// Gives back the memory of what was prepared.
  @unsafe static func release(_ forms: UnsafeMutablePointer<DepthwiseForm>?) {
    guard quill_has_depthwise_forms() else { return }
    var place = unsafe forms
    while let form = unsafe place {
      unsafe place = form.pointee.next
      unsafe UnsafeMutableRawPointer(form.pointee.form).deallocate()
      unsafe form.deallocate()
    }
  }
}
