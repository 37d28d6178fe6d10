import CQuillKernels

/// Memory for the tensors of one network, and the operators that run in it. One engine serves one thread; one model may
/// serve several engines.
///
/// After `init` nothing is allocated. `run` cannot fail: opening the model proved all that it relies on.
@safe public struct Engine: ~Copyable, @unchecked Sendable {
  /// Readable bytes after the last tensor, so that a kernel may load a whole register at its end.
  package static let marginByteCount = 64

  let arena: UnsafeMutableRawPointer
  let arenaByteCount: Int
  /// The kernels of the level; `nil` for plain Swift.
  let kernels: UnsafePointer<quill_kernel_table>?
  private var modelAddress: UnsafeRawPointer
  /// What is ready to run, in the order of the operators (`Engine+Calls.swift`).
  var calls: UnsafeMutablePointer<Call>?
  /// What kernels prepared of depthwise convolutions (`Engine+DepthwiseForms.swift`).
  var depthwiseForms: UnsafeMutablePointer<DepthwiseForm>?
  /// Those of each Softmax, or none (`Engine+Softmax.swift`).
  var exponentials: [Int32] = []

  /// The instructions that the inner loops use.
  public let level: KernelLevel

  /// An engine for a model, and for no other. Allocates the arena, what the level's kernels are told of each convolution, and
  /// room for weights in other forms that they may want.
  ///
  /// - Parameter level: must be available on this processor; every level gives the same bytes.
  public init(for model: borrowing Model, level: KernelLevel = .best) {
    precondition(level.isAvailable, "this processor or build has no kernels of that level")
    self.level = level
    unsafe kernels = quill_kernel_table(level.rawValue, quill_hardware_capabilities())
    arenaByteCount = model.arenaByteCount
    unsafe arena = UnsafeMutableRawPointer.allocate(byteCount: arenaByteCount, alignment: 64)
    // Proved: `arena` holds `arenaByteCount` bytes.
    unsafe arena.initializeMemory(as: Int8.self, repeating: 0, count: arenaByteCount)
    unsafe modelAddress = model.memory.pointer(at: 0)
    prepareCalls(of: model, transforms: true)
    prepareDepthwise(of: model)
    tabulateExponentials(of: model)
  }

  deinit {
    unsafe arena.deallocate()
    unsafe Engine.release(calls)
    unsafe Engine.release(depthwiseForms)
  }

  /// The model must be the one that the engine was made for: its tensors' places were proved against this arena.
  func expectOwnModel(_ model: borrowing Model) {
    let isOwn = unsafe model.memory.pointer(at: 0) == modelAddress
    precondition(isOwn, "this engine was made for another model")
  }

  /// Goes on with another model of as large an arena, which is what that model was proved against. Tensors keep their values
  /// where both have the same operators and tensors: for tools that change weights while a network runs.
  package mutating func adopt(_ model: borrowing Model) {
    precondition(
      model.arenaByteCount == arenaByteCount,
      "the arena has \(arenaByteCount) bytes; the model takes \(model.arenaByteCount)")
    unsafe modelAddress = model.memory.pointer(at: 0)
    // Its weights and scales may be others; it may run only once.
    unsafe Engine.release(calls)
    unsafe Engine.release(depthwiseForms)
    unsafe calls = nil
    unsafe depthwiseForms = nil
    prepareCalls(of: model, transforms: false)
    exponentials = []
  }

  /// Copies values, in row-major order, into an input.
  ///
  /// - Parameters:
  ///   - values: as many as the input tensor has.
  ///   - index: which input, 0..<`model.inputCount`.
  public mutating func setInput(_ values: Span<Int8>, at index: Int = 0, of model: borrowing Model) {
    expectOwnModel(model)
    let tensor = model.tensors[model.inputTensor(index)]
    precondition(values.count == tensor.count, "input \(index) takes \(tensor.count) values; found \(values.count)")
    if tensor.isDense { return copy(values, to: tensor.origin) }
    fillHalo(tensor)
    let rowByteCount = tensor.rowByteCount
    for y in 0..<Int(tensor.height) {
      let start = y &* rowByteCount
      copy(values.extracting(start..<start &+ rowByteCount), to: tensor.origin &+ y &* Int(tensor.rowPitch))
    }
  }

  /// Runs every operator on the inputs that were set. Tensors between operators need not all be written: `step` writes each.
  public mutating func run(_ model: borrowing Model) {
    expectOwnModel(model)
    var next = unsafe calls
    var index = 0
    while index < model.entries.count {
      if quill_has_kernels(), let call = unsafe next, unsafe call.pointee.index == index {
        unsafe run(call)
        unsafe index &+= call.pointee.operatorCount
        unsafe next = call.pointee.next
      } else {
        execute(model, index)
        index &+= 1
      }
    }
  }

  /// Runs one operator, so that its output can be read before a later one takes its place.
  ///
  /// Operators run in order: 0, then 1, up to `model.operatorCount - 1`.
  public mutating func step(_ model: borrowing Model, operator index: Int) {
    expectOwnModel(model)
    execute(model, index)
  }

  /// Copies a tensor's values out in row-major order, halo left out.
  ///
  /// A tensor keeps its values from the operator that writes it to the last that reads it; outputs keep theirs.
  /// - Parameter values: room for as many values as the tensor has.
  public func copyTensor(_ index: Int, of model: borrowing Model, into values: inout MutableSpan<Int8>) {
    expectOwnModel(model)
    let tensor = model.tensors[index]
    precondition(values.count == tensor.count, "tensor \(index) has \(tensor.count) values; room for \(values.count)")
    withValues(from: tensor.origin) { source in
      var next = 0
      for y in 0..<Int(tensor.height) {
        let row = y &* Int(tensor.rowPitch)
        for column in 0..<tensor.rowByteCount {
          values[next] = source[row &+ column]
          next &+= 1
        }
      }
    }
  }

  /// Runs a network of one input and one output: `[H, W, C]` values in, as many values out as the output has.
  public mutating func run(
    _ model: borrowing Model, _ input: Span<Int8>, into output: inout MutableSpan<Int8>
  ) {
    setInput(input, of: model)
    run(model)
    copyTensor(model.outputTensor(), of: model, into: &output)
  }

  /// The class that the last run decided on: the greatest value of the decision tensor, ties to the lowest index.
  public func decision(of model: borrowing Model) -> Int? {
    expectOwnModel(model)
    guard let index = model.decisionTensor else { return nil }
    let tensor = model.tensors[index]
    return withValues(from: tensor.origin) { values in
      var best = 0
      for candidate in 1..<max(tensor.count, 1) {
        if values[place(candidate, in: tensor)] > values[place(best, in: tensor)] { best = candidate }
      }
      return best
    }
  }

  /// How far the class that the last run decided on is ahead of the next, in 1/256 of a logit; `nil` where the decision
  /// is not made among logits.
  public func decisionMargin(of model: borrowing Model) -> Int32? {
    guard let index = model.decisionTensor, let best = decision(of: model) else { return nil }
    let isLogits =
      switch model.outputMeaning {
      case .logits: true
      case .probabilities: index != model.outputTensor()
      case .values: false
      }
    let tensor = model.tensors[index]
    guard isLogits, tensor.count > 1 else { return nil }
    let steps = withValues(from: tensor.origin) { values in
      var next = Int(Int8.min)
      for candidate in 0..<tensor.count where candidate != best {
        next = max(next, Int(values[place(candidate, in: tensor)]))
      }
      return Int(values[place(best, in: tensor)]) - next
    }
    // At most 255 steps; a scale that the format permits may be large.
    return Int32(min(Float(steps) * tensor.scale * 256, Float(1 << 24)))
  }

  /// One value of an output after a run.
  public func outputValue(_ position: Int, at index: Int = 0, of model: borrowing Model) -> Int8 {
    expectOwnModel(model)
    let tensor = model.tensors[model.outputTensor(index)]
    precondition(position >= 0 && position < tensor.count, "output \(index) has \(tensor.count) values")
    return withValues(from: tensor.origin) { $0[place(position, in: tensor)] }
  }

  /// Where the value at a row-major position lies, from the tensor's first.
  private func place(_ position: Int, in tensor: TensorRecord) -> Int {
    let row = position / tensor.rowByteCount
    return row &* Int(tensor.rowPitch) &+ (position &- row &* tensor.rowByteCount)
  }

  /// Fills what lies around an image with its zero point.
  @inline(never)
  mutating func fillHalo(_ tensor: TensorRecord) {
    if tensor.isDense { return }
    let filler = Int8(truncatingIfNeeded: tensor.zeroPoint)
    let pitch = Int(tensor.rowPitch)
    let rowByteCount = Int(tensor.width) &* Int(tensor.channels)
    // Proved: as many bytes lie in the arena.
    let rows = Int(tensor.haloTop) &+ Int(tensor.height) &+ Int(tensor.haloBottom)
    let end = Int(tensor.arenaOffset) &+ rows &* pitch
    var start = Int(tensor.arenaOffset)
    var row = tensor.origin
    var rowsLeft = tensor.height
    while start < end {
      fill(start, upTo: rowsLeft > 0 ? row : end, filler)
      if rowsLeft == 0 { return }
      start = row &+ rowByteCount
      row &+= pitch
      rowsLeft &-= 1
    }
  }
}
