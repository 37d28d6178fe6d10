import Quill
import QuillCamera

/// `run`: int8 arrays through a model, raw int8 out.
struct RunCommand {
  /// The most bytes of an input file, and of output values.
  private static let byteLimit = 1 << 28

  let options: RunOptions

  func run() throws(ProgramError) -> ExitCode {
    var classifier = try ModelLoader.load(options.model)
    guard classifier.model.inputCount == 1, classifier.model.outputCount == 1 else {
      throw .severalInputs(options.model, inputs: classifier.model.inputCount, outputs: classifier.model.outputCount)
    }
    let input = try readInput()
    let inputTensor = classifier.model.tensors[classifier.model.inputTensor()]
    let outputTensor = classifier.model.tensors[classifier.model.outputTensor()]
    let batch = try batchCount(of: input, valueCount: inputTensor.count)
    let outputByteCount = UInt64(batch) * UInt64(outputTensor.count)
    guard outputByteCount <= UInt64(Self.byteLimit) else {
      throw .outputTooLarge(options.output, byteCount: outputByteCount, limit: Self.byteLimit)
    }
    var shape = [batch]
    if outputTensor.rank > 3 { shape.append(Int(outputTensor.height)) }
    if outputTensor.rank > 2 { shape.append(Int(outputTensor.width)) }
    shape.append(Int(outputTensor.channels))
    var bytes = NumpyInt8.header(shape: shape)
    bytes.reserveCapacity(bytes.count + Int(outputByteCount))
    var values = [Int8](repeating: 0, count: inputTensor.count)
    var results = [Int8](repeating: 0, count: outputTensor.count)
    for item in 0..<batch {
      for index in 0..<values.count { values[index] = input.value(item * values.count + index) }
      var target = results.mutableSpan
      classifier.engine.run(classifier.model, values.span, into: &target)
      for result in results { bytes.append(UInt8(bitPattern: result)) }
    }
    try write(bytes)
    return .success
  }

  private func readInput() throws(ProgramError) -> NumpyInt8 {
    let bytes: [UInt8]
    do throws(FileReadError) {
      bytes =
        options.input.isStandardStream
        ? try WholeFile.read(FileDescriptor.standardInput, limit: Self.byteLimit)
        : try WholeFile.read(options.input, limit: Self.byteLimit)
    } catch {
      throw .read(options.input, error)
    }
    do throws(NumpyFault) {
      return try NumpyInt8(bytes)
    } catch {
      throw .numpy(options.input, error)
    }
  }

  /// The first dimension is the batch; the others may be split in any way that gives the input's number of values.
  private func batchCount(of input: NumpyInt8, valueCount: Int) throws(ProgramError) -> Int {
    let total = input.bytes.count - input.valueOffset
    if let first = input.shape.first, first > 0, UInt64(total) == first * UInt64(valueCount) { return Int(first) }
    if total == valueCount { return 1 }
    throw .inputShape(options.input, shape: input.shape, valueCount: valueCount)
  }

  private func write(_ bytes: [UInt8]) throws(ProgramError) {
    if options.output.isStandardStream {
      do throws(SystemError) {
        try FileDescriptor.standardOutput.write(bytes.span)
      } catch {
        throw .output(error)
      }
      return
    }
    do throws(SystemError) {
      try WholeFile.write(bytes, to: options.output)
    } catch {
      throw .write(options.output, error)
    }
  }
}
