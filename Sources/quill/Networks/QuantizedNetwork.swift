import Quill
import QuillReport

/// An opened `.quill` file, shared by the engines of several threads.
final class QuantizedNetwork: Sendable {
  let shared: SharedModel
  let facts: NetworkFacts

  /// The instructions that its engines run with.
  let level: KernelLevel

  var model: Model { _read { yield shared.model } }

  /// - Parameters:
  ///   - bytes: a `.quill` file.
  ///   - path: what it was read from.
  ///   - format: what that file was, where it was turned into this one in memory.
  ///   - fileByteCount: the bytes of that file.
  /// - Throws: `ToolError.model` where the bytes break a rule of the format, `ToolError.kernels` where QUILL_KERNELS
  ///   names none of this machine.
  init(_ bytes: [UInt8], path: String, format: NetworkFormat = .quill, fileByteCount: Int? = nil) throws(ToolError) {
    do throws(UsageError) { level = try KernelChoice.level() } catch { throw .kernels(error) }
    do throws(ModelError) {
      shared = try SharedModel(bytes)
    } catch {
      throw ToolError.model(path: path, error)
    }
    facts = NetworkFacts(shared.model, path: path, format: format, fileByteCount: fileByteCount ?? bytes.count)
  }

  /// Runs every sample and answers, for each, the outputs in the file's order.
  ///
  /// - Parameter inputs: for each input, the values of all samples one after the other.
  func run(_ inputs: [[Int8]], count: Int, threadCount: Int, progress: ProgressBar) -> [[[Int8]]] {
    Parallel.map(count: count, threadCount: threadCount) { next in
      var engine = Engine(for: self.model, level: self.level)
      var answers: [(Int, [[Int8]])] = []
      while let range = next() {
        for sample in range {
          self.setInputs(inputs, sample: sample, of: &engine)
          engine.run(self.model)
          answers.append((sample, self.outputs(of: engine)))
          progress.advance()
        }
      }
      return answers
    }
  }

  /// Runs the samples in order, operator by operator, and shows each tensor by its position.
  func run(
    _ inputs: [[Int8]], count: Int, progress: ProgressBar, observing observe: (Int, [Int8]) throws -> Void
  ) throws -> [[[Int8]]] {
    var engine = Engine(for: model, level: level)
    var answers: [[[Int8]]] = []
    for sample in 0..<count {
      setInputs(inputs, sample: sample, of: &engine)
      for index in 0..<model.inputCount {
        try observe(model.inputTensor(index), values(of: model.inputTensor(index), in: engine))
      }
      for index in 0..<model.operatorCount {
        engine.step(model, operator: index)
        try observe(model.outputIndex(index), values(of: model.outputIndex(index), in: engine))
      }
      answers.append(outputs(of: engine))
      progress.advance()
    }
    return answers
  }

  /// A tensor's values of the engine's last run.
  func values(of tensor: Int, in engine: borrowing Engine) -> [Int8] {
    var values = [Int8](repeating: 0, count: model.tensors[tensor].count)
    var span = values.mutableSpan
    engine.copyTensor(tensor, of: model, into: &span)
    return values
  }

  private func setInputs(_ inputs: [[Int8]], sample: Int, of engine: inout Engine) {
    for (index, values) in inputs.enumerated() {
      let count = model.tensors[model.inputTensor(index)].count
      engine.setInput(values.span.extracting(sample * count..<(sample + 1) * count), at: index, of: model)
    }
  }

  private func outputs(of engine: borrowing Engine) -> [[Int8]] {
    var outputs: [[Int8]] = []
    for index in 0..<model.outputCount { outputs.append(values(of: model.outputTensor(index), in: engine)) }
    return outputs
  }
}

extension NetworkFacts.Tensor {
  /// The int8 value nearest to a real one, ties away from zero; `nil` for NaN.
  func quantized(_ value: Float) -> Int8? {
    guard let scale, let zeroPoint, !value.isNaN else { return nil }
    let steps = (value / scale).rounded() + Float(zeroPoint)
    return Int8(max(-128, min(127, steps)))
  }

  /// The real value that an int8 one stands for.
  func real(_ value: Int8) -> Float { (scale ?? 1) * Float(Int(value) - (zeroPoint ?? 0)) }
}

extension NetworkFacts {
  /// The facts of a `.quill` file.
  init(_ model: borrowing Model, path: String, format: NetworkFormat, fileByteCount: Int) {
    self.format = format
    self.path = path
    name = model.name
    self.fileByteCount = fileByteCount
    arenaByteCount = model.arenaByteCount
    var tensors: [Tensor] = []
    for (index, record) in model.tensors.enumerated() {
      tensors.append(
        Tensor(
          name: model.tensorName(index), shape: Self.shape(of: record), scale: record.scale,
          zeroPoint: Int(record.zeroPoint),
          arena: NetworkPicture.Place(offset: Int(record.arenaOffset), byteCount: Int(record.storedByteCount))))
    }
    var layers: [Layer] = []
    for index in 0..<model.operatorCount {
      let output = model.outputIndex(index)
      let operands = model.operandIndices(index)
      let cost = Self.cost(
        of: model.operation(index), inputChannels: operands.first.map { Int(model.tensors[$0].channels) } ?? 0,
        output: model.tensors[output])
      layers.append(
        Layer(
          index: index, operator: model.operation(index).name, name: model.operatorName(index),
          outputShape: tensors[output].shape, parameters: cost.parameters,
          multiplyAccumulates: cost.multiplyAccumulates, inputs: operands, output: output))
    }
    self.tensors = tensors
    self.layers = layers
    var inputs: [Int] = []
    for index in 0..<model.inputCount { inputs.append(model.inputTensor(index)) }
    self.inputs = inputs
    var outputs: [Int] = []
    for index in 0..<model.outputCount { outputs.append(model.outputTensor(index)) }
    self.outputs = outputs
    var labels: [String] = []
    for index in 0..<model.labelCount { labels.append(model.label(index)) }
    self.labels = labels
    remarks = Self.remarks(of: model)
  }

  /// The shape outside the runtime, batch included.
  private static func shape(of record: TensorRecord) -> [Int] {
    let all = [1, Int(record.height), Int(record.width), Int(record.channels)]
    switch record.rank {
    case 2: return [1, record.count]
    case 3: return [1, Int(record.height) * Int(record.width), Int(record.channels)]
    default: return all
    }
  }

  /// Weights and biases of an operator, and the products that it adds up.
  private static func cost(
    of operation: Operator, inputChannels: Int, output: TensorRecord
  ) -> (parameters: Int, multiplyAccumulates: Int) {
    func linear(taps: Int, outputs: Int) -> (parameters: Int, multiplyAccumulates: Int) {
      (outputs * (taps + 1), output.count * taps)
    }
    switch operation {
    case .conv2D(let convolution):
      let taps = Int(convolution.kernelHeight) * Int(convolution.kernelWidth)
      return linear(taps: taps * inputChannels / Int(convolution.groups), outputs: Int(output.channels))
    case .depthwiseConv2D(let convolution):
      return linear(
        taps: Int(convolution.kernelHeight) * Int(convolution.kernelWidth), outputs: Int(output.channels))
    case .fullyConnected(let parameters):
      return linear(taps: Int(parameters.inputDepth), outputs: Int(output.channels))
    case .constant:
      return (output.count, 0)
    case .maxPool2D, .averagePool2D, .mean, .sum, .add, .subtract, .multiply, .maximum, .minimum, .lookup, .softmax,
      .pad, .reshape, .transpose, .concatenate, .slice, .resizeNearest, .normalize:
      return (0, 0)
    }
  }

  private static func remarks(of model: borrowing Model) -> [Remark] {
    var remarks = [Remark(key: "formatVersion", value: String(model.formatVersion))]
    remarks.append(Remark(key: "outputMeaning", value: "\(model.outputMeaning)"))
    if let preprocessing = model.preprocessing {
      remarks.append(Remark(key: "fit", value: "\(preprocessing.fit)"))
      remarks.append(Remark(key: "polarity", value: "\(preprocessing.polarity)"))
      remarks.append(Remark(key: "channelOrder", value: "\(preprocessing.channelOrder)"))
    }
    let provenance = model.provenanceText
    if !provenance.tool.isEmpty { remarks.append(Remark(key: "tool", value: provenance.tool)) }
    if !provenance.options.isEmpty { remarks.append(Remark(key: "options", value: provenance.options)) }
    // A network that was turned into a file in memory carries no hash.
    if let hash = model.sourceSHA256 {
      let digits = hash.map { String(Int($0) + 256, radix: 16).dropFirst() }.joined()
      remarks.append(Remark(key: "sourceSHA256", value: digits))
    }
    return remarks
  }
}
