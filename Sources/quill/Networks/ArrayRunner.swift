import QuillData

/// Runs a batch of arrays through a network, with every tensor written out where that is asked for.
struct ArrayRunner {
  private let network: AnyNetwork
  private let dumpFolder: String?
  private let threadCount: Int

  /// - Parameter threadCount: without a folder to dump to; with one, samples run in order.
  init(_ network: AnyNetwork, dumpFolder: String?, threadCount: Int) {
    self.network = network
    self.threadCount = threadCount
    self.dumpFolder = dumpFolder
  }

  /// Answers one array for each output, the batch first.
  /// - Throws: `ToolError.inputNotANumber`, or `DataError` where a tensor cannot be written.
  func run(_ batch: ArrayBatch, progress: ProgressBar) throws -> [NumpyArray] {
    switch (network, batch.values) {
    case (.float(let network), .float(let inputs)):
      floats(try run(network, inputs, batch, progress), batch)
    case (.quantized(let network), .int8(let inputs)):
      int8s(try run(network, inputs, batch, asReal: false, progress), batch)
    case (.quantized(let network), .float(let inputs)):
      floats(
        real(try run(network, try quantized(inputs, batch), batch, asReal: true, progress)), batch)
    case (.float(let network), .int8(let inputs)):
      // `ArrayBatch` has refused int8 for float networks; their values as floats would be the same.
      floats(try run(network, inputs.map { $0.map(Float.init) }, batch, progress), batch)
    }
  }

  private func run(
    _ network: FloatNetwork, _ inputs: [[Float]], _ batch: ArrayBatch, _ progress: ProgressBar
  ) throws -> [[[Float]]] {
    guard let dumpFolder else {
      return network.run(inputs, count: batch.count, threadCount: threadCount, progress: progress)
    }
    let dump = try TensorDump(folder: dumpFolder, facts: network.facts, element: .float32, count: batch.count)
    let answers = try network.run(inputs, count: batch.count, progress: progress) { try dump.append($1, to: $0) }
    try dump.finish()
    return answers
  }

  private func run(
    _ network: QuantizedNetwork, _ inputs: [[Int8]], _ batch: ArrayBatch, asReal: Bool, _ progress: ProgressBar
  ) throws -> [[[Int8]]] {
    guard let dumpFolder else {
      return network.run(inputs, count: batch.count, threadCount: threadCount, progress: progress)
    }
    let element = asReal ? NumpyArray.Element.float32 : .int8
    let dump = try TensorDump(folder: dumpFolder, facts: network.facts, element: element, count: batch.count)
    let answers = try network.run(inputs, count: batch.count, progress: progress) { position, values in
      if asReal {
        try dump.append(values.map { network.facts.tensors[position].real($0) }, to: position)
      } else {
        try dump.append(values, to: position)
      }
    }
    try dump.finish()
    return answers
  }

  private func quantized(_ inputs: [[Float]], _ batch: ArrayBatch) throws -> [[Int8]] {
    var result: [[Int8]] = []
    for (index, (values, tensor)) in zip(inputs, network.facts.inputTensors).enumerated() {
      result.append(
        try values.enumerated().map { position, value in
          guard let quantized = tensor.quantized(value) else {
            throw ToolError.inputNotANumber(path: batch.paths[index], index: position)
          }
          return quantized
        })
    }
    return result
  }

  private func real(_ answers: [[[Int8]]]) -> [[[Float]]] {
    let tensors = network.facts.outputTensors
    return answers.map { outputs in zip(outputs, tensors).map { values, tensor in values.map { tensor.real($0) } } }
  }

  private func floats(_ answers: [[[Float]]], _ batch: ArrayBatch) -> [NumpyArray] {
    network.facts.outputTensors.enumerated().map { index, tensor in
      NumpyArray(shape: [batch.count] + tensor.sampleShape, floats: answers.flatMap { $0[index] })
    }
  }

  private func int8s(_ answers: [[[Int8]]], _ batch: ArrayBatch) -> [NumpyArray] {
    network.facts.outputTensors.enumerated().map { index, tensor in
      let shape = [batch.count] + tensor.sampleShape
      let values = answers.flatMap { $0[index] }
      guard batch.isUnsigned else { return NumpyArray(shape: shape, int8s: values) }
      return NumpyArray(element: .uint8, shape: shape, bytes: values.map { UInt8(bitPattern: $0) ^ 0x80 })
    }
  }
}
