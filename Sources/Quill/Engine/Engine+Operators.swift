// The engine's one switch: each operator's kernel meets its tensors here.

extension Engine {
  /// Runs one operator of the model that the engine was made for.
  mutating func execute(_ model: borrowing Model, _ index: Int) {
    let entry = model.entries[index]
    let output = model.tensors[entry.output]
    // An operator without operands looks at its output alone.
    let input = entry.operandCount == 0 ? output : model.tensors[model.operands[entry.firstOperand]]
    fillHalo(output)
    switch entry.operation {
    case .conv2D, .fullyConnected:
      if let layer = linearLayer(model, index) { multiply(model, layer, output) }
    case .depthwiseConv2D(let convolution): convolveDepthwise(model, index, convolution, input, output)
    case .maxPool2D(let pool):
      if poolFast(pool, isMaximum: true, input, output) { return }
      transform(input, output) { MaxPool2D.run(pool, inputLayout: $0, outputLayout: $1, input: $2, output: &$3) }
    case .averagePool2D(let pool):
      if poolFast(pool, isMaximum: false, input, output) { return }
      transform(input, output) { AveragePool2D.run(pool, inputLayout: $0, outputLayout: $1, input: $2, output: &$3) }
    case .mean(let reduction), .sum(let reduction):
      if reduceFast(reduction, input, output) { return }
      transform(input, output) { layout, _, values, result in
        reduction.run(
          layout, inputZeroPoint: input.zeroPoint, outputZeroPoint: output.zeroPoint, input: values, output: &result)
      }
    case .add(let addition): add(model, addition, entry, output, subtracts: false)
    case .subtract(let addition): add(model, addition, entry, output, subtracts: true)
    case .multiply(let multiplication):
      combine(model, entry, output) { multiplication.value($0, $1, outputZeroPoint: output.zeroPoint) }
    case .maximum: combine(model, entry, output) { saturatingInt8(max($0, $1) &+ output.zeroPoint) }
    case .minimum: combine(model, entry, output) { saturatingInt8(min($0, $1) &+ output.zeroPoint) }
    case .lookup(let lookup):
      model.withWeights(lookup.tableOffset, 256) { table in
        transform(input, output) { Lookup.run(inputLayout: $0, outputLayout: $1, input: $2, table: table, output: &$3) }
      }
    case .softmax(let softmax): runSoftmax(model, index, softmax, input, output)
    case .pad(let padding):
      transform(input, output) {
        padding.run(inputLayout: $0, outputLayout: $1, zeroPoint: output.zeroPoint, input: $2, output: &$3)
      }
    case .reshape:
      if !Engine.isInPlace(input, output) {
        transform(input, output) { Reshape.run(inputLayout: $0, outputLayout: $1, input: $2, output: &$3) }
      }
    case .transpose(let transposition):
      transform(input, output) { transposition.run(inputLayout: $0, outputLayout: $1, input: $2, output: &$3) }
    case .concatenate(let concatenation): concatenate(model, concatenation, entry, output)
    case .slice(let slice):
      transform(input, output) { slice.run(inputLayout: $0, outputLayout: $1, input: $2, output: &$3) }
    case .resizeNearest(let resize):
      model.withNumbers(resize.indexOffset, Int(output.height) + Int(output.width)) { indices in
        transform(input, output) {
          NearestResize.run(inputLayout: $0, outputLayout: $1, input: $2, indices: indices, output: &$3)
        }
      }
    case .normalize(let normalization):
      transform(input, output) {
        normalization.run(
          $0, outputPitch: $1.rowPitch, inputZeroPoint: input.zeroPoint, outputZeroPoint: output.zeroPoint, input: $2,
          output: &$3)
      }
    case .constant(let constant):
      model.withWeights(constant.valuesOffset, output.count) { values in
        let layout = ImageLayout(
          height: Int(output.height), width: Int(output.width), channels: Int(output.channels),
          rowPitch: output.rowByteCount)
        withMutableValues(from: output.origin) {
          Reshape.run(inputLayout: layout, outputLayout: ImageLayout(output), input: values, output: &$0)
        }
      }
    }
  }

  /// Hands a kernel its operand and output, each from its first value.
  @inline(__always)
  mutating func transform(
    _ input: TensorRecord, _ output: TensorRecord,
    _ kernel: (ImageLayout, ImageLayout, Span<Int8>, inout MutableSpan<Int8>) -> Void
  ) {
    withValues(from: input.origin, to: output.origin) { values, result in
      kernel(ImageLayout(input), ImageLayout(output), values, &result)
    }
  }

  /// A convolution or fully connected layer.
  struct LinearLayer {
    var geometry: Conv2D.Geometry
    var linear: LinearWeights
    var range: OutputRange
    /// Where the first tap of the first window lies.
    var start: Int
  }

  /// The operator at an index as a convolution; `nil` where it is none.
  @inline(never)
  func linearLayer(_ model: borrowing Model, _ index: Int) -> LinearLayer? {
    let entry = model.entries[index]
    let output = model.tensors[entry.output]
    switch entry.operation {
    case .conv2D(let convolution):
      let input = model.tensors[model.operands[entry.firstOperand]]
      return LinearLayer(
        geometry: Conv2D.Geometry(convolution, input: input, output: output), linear: convolution.linear,
        range: convolution.range, start: firstTap(convolution, input))
    case .fullyConnected(let layer):
      let input = model.tensors[model.operands[entry.firstOperand]]
      return LinearLayer(
        geometry: layer.geometry(input: input, output: output), linear: layer.linear, range: layer.range,
        start: input.origin)
    default: return nil
    }
  }

  /// Where the first tap of the first window lies: in the halo, where there is padding.
  func firstTap(_ convolution: Convolution, _ input: TensorRecord) -> Int {
    input.origin &- Int(convolution.padTop) &* Int(input.rowPitch) &- Int(convolution.padLeft) &* Int(input.channels)
  }

  private mutating func multiply(
    _ model: borrowing Model, _ layer: LinearLayer, _ output: TensorRecord
  ) {
    if convolveFast(model, layer, output) { return }
    let linear = layer.linear
    let order = layer.geometry.order
    let stage = OutputStage(
      rounding: linear.rounding, rowLength: order.paddedChannels, zeroPoint: output.zeroPoint, range: layer.range)
    model.withWeights(linear.weightsOffset, Int(order.byteCount)) { weights in
      model.withNumbers(linear.channelsOffset, order.paddedChannels &* linear.rowCount) { table in
        withValues(from: layer.start, to: output.origin) { input, result in
          Conv2D.run(layer.geometry, stage, input: input, weights: weights, table: table, output: &result)
        }
      }
    }
  }

  private mutating func convolveDepthwise(
    _ model: borrowing Model, _ index: Int, _ convolution: Convolution, _ input: TensorRecord, _ output: TensorRecord
  ) {
    let start = firstTap(convolution, input)
    if convolveDepthwiseFast(model, index, convolution, input, start: start, output) { return }
    let channels = Int(output.channels)
    let padded = (channels &+ 15) / 16 &* 16
    let linear = convolution.linear
    let stage = OutputStage(
      rounding: linear.rounding, rowLength: padded, zeroPoint: output.zeroPoint, range: convolution.range)
    let byteCount = DepthwiseConv2D.weightByteCount(convolution, outputChannels: channels)
    model.withWeights(linear.weightsOffset, Int(byteCount)) { weights in
      model.withNumbers(linear.channelsOffset, padded &* linear.rowCount) { table in
        withValues(from: start, to: output.origin) { values, result in
          DepthwiseConv2D.run(
            convolution, inputLayout: ImageLayout(input), outputLayout: ImageLayout(output), stage,
            input: values, weights: weights, table: table, output: &result)
        }
      }
    }
  }

  private mutating func add(
    _ model: borrowing Model, _ addition: Addition, _ entry: Model.Entry, _ output: TensorRecord, subtracts: Bool
  ) {
    let first = model.tensors[model.operands[entry.firstOperand]]
    let second = model.tensors[model.operands[entry.firstOperand + 1]]
    if addFast(addition, subtracts: subtracts, first, second, output) { return }
    combine(model, entry, output) {
      addition.value($0, $1, subtracts: subtracts, outputZeroPoint: output.zeroPoint)
    }
  }

  @inline(__always)
  private mutating func combine(
    _ model: borrowing Model, _ entry: Model.Entry, _ output: TensorRecord, _ value: (Int32, Int32) -> Int8
  ) {
    let first = model.tensors[model.operands[entry.firstOperand]]
    let second = model.tensors[model.operands[entry.firstOperand + 1]]
    withValues(from: first.origin, and: second.origin, to: output.origin) { a, b, result in
      ElementWise.run(
        ElementWise.Operand(first), ElementWise.Operand(second), layout: ImageLayout(output), a: a, b: b,
        output: &result, value)
    }
  }

  private mutating func concatenate(
    _ model: borrowing Model, _ concatenation: Concatenation, _ entry: Model.Entry, _ output: TensorRecord
  ) {
    var start = 0
    for position in 0..<entry.operandCount {
      let operand = model.tensors[model.operands[entry.firstOperand + position]]
      transform(operand, output) {
        concatenation.copy(start: start, inputLayout: $0, outputLayout: $1, input: $2, output: &$3)
      }
      start += concatenation.extent(of: operand)
    }
  }
}
