// The engine behind four C functions, for measuring it beside other runtimes: compiled together with Sources/Quill as one
// module, by `peers` for this machine and by `arm-instructions` as Embedded Swift.

/// An opened network and what it runs in.
private final class Subject {
  let model: Model
  var engine: Engine

  init(_ bytes: Span<UInt8>, level: KernelLevel) throws(ModelError) {
    model = try Model(copying: bytes)
    engine = Engine(for: model, level: level)
  }
}

/// Opens a `.quill` file of one input and one output; null where it breaks a rule of the format, or the processor lacks
/// the level (a `quill_level`; -1 for the best).
@c(bench_quill_open)
public func benchQuillOpen(_ bytes: UnsafePointer<UInt8>, _ count: Int, _ level: Int32) -> UnsafeMutableRawPointer? {
  guard let level = level < 0 ? KernelLevel.best : KernelLevel(rawValue: level), level.isAvailable else { return nil }
  let file = unsafe Span(_unsafeStart: bytes, count: count)
  do throws(ModelError) {
    return unsafe Unmanaged.passRetained(try Subject(file, level: level)).toOpaque()
  } catch {
    return nil
  }
}

/// The values of the input and of the output.
@c(bench_quill_sizes)
public func benchQuillSizes(_ opened: UnsafeMutableRawPointer, _ sizes: UnsafeMutablePointer<Int>) {
  let model = unsafe Unmanaged<Subject>.fromOpaque(opened).takeUnretainedValue()
  unsafe sizes[0] = model.model.tensors[model.model.inputTensor()].count
  unsafe sizes[1] = model.model.tensors[model.model.outputTensor()].count
}

/// Runs so many inferences: input copied in, every operator, output copied out.
@c(bench_quill_run)
public func benchQuillRun(
  _ opened: UnsafeMutableRawPointer, _ input: UnsafePointer<Int8>, _ output: UnsafeMutablePointer<Int8>, _ count: Int
) {
  let subject = unsafe Unmanaged<Subject>.fromOpaque(opened).takeUnretainedValue()
  let inputs = subject.model.tensors[subject.model.inputTensor()].count
  let outputs = subject.model.tensors[subject.model.outputTensor()].count
  for _ in 0..<count {
    var target = unsafe MutableSpan(_unsafeStart: output, count: outputs)
    subject.engine.run(subject.model, unsafe Span(_unsafeStart: input, count: inputs), into: &target)
  }
}

/// The name of the level that an opened network runs with, ending in a zero.
@c(bench_quill_level)
public func benchQuillLevel(_ opened: UnsafeMutableRawPointer) -> Int32 {
  unsafe Unmanaged<Subject>.fromOpaque(opened).takeUnretainedValue().engine.level.rawValue
}
