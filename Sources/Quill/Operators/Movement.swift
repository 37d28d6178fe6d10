// Operators that move values without changing them: scale and zero point of operand and output are the same.

/// Parameters of Pad: values equal to the zero point around the operand.
public struct Padding: Sendable, OperatorParameters {
  public var top: UInt32 = 0
  public var left: UInt32 = 0
  /// Values added before the first channel of each pixel.
  public var before: UInt32 = 0

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&top, "rows above", 0...65_535)
    try coder.field(&left, "pixels to the left", 0...65_535)
    try coder.field(&before, "channels before", 0...FileHeader.maximumByteCount)
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    let input = scope.input
    let output = scope.output
    try scope.expectSameQuantization(scope.operands[0])
    try expectAtLeast(scope, "output height", output.height, UInt64(top) + UInt64(input.height))
    try expectAtLeast(scope, "output width", output.width, UInt64(left) + UInt64(input.width))
    try expectAtLeast(scope, "output channels", output.channels, UInt64(before) + UInt64(input.channels))
  }

  private func expectAtLeast(
    _ scope: OperatorScope, _ name: String, _ found: UInt32, _ least: UInt64
  ) throws(ModelError) {
    if UInt64(found) < least { throw scope.failure(.extent(name, found: Int64(found), expected: Int64(least))) }
  }

  /// Fills the output with its zero point, then copies the operand into its place.
  package func run(
    inputLayout: ImageLayout, outputLayout: ImageLayout, zeroPoint: Int32, input: Span<Int8>,
    output: inout MutableSpan<Int8>
  ) {
    let filler = Int8(truncatingIfNeeded: zeroPoint)
    for y in 0..<outputLayout.height {
      for index in 0..<outputLayout.width * outputLayout.channels { output[y * outputLayout.rowPitch + index] = filler }
    }
    for y in 0..<inputLayout.height {
      for x in 0..<inputLayout.width {
        let source = y * inputLayout.rowPitch + x * inputLayout.channels
        let target =
          (y + Int(top)) * outputLayout.rowPitch + (x + Int(left)) * outputLayout.channels + Int(before)
        for channel in 0..<inputLayout.channels { output[target + channel] = input[source + channel] }
      }
    }
  }
}

/// Reshape: the same values in the same order under other extents.
package enum Reshape {
  package static func check(_ scope: OperatorScope) throws(ModelError) {
    try scope.expectSameQuantization(scope.operands[0])
    try scope.expect("output values", scope.output.count, equals: scope.input.count)
  }

  /// Copies value by value in row-major order, from and to images with or without halo.
  package static func run(
    inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>, output: inout MutableSpan<Int8>
  ) {
    let inputRow = inputLayout.width * inputLayout.channels
    let outputRow = outputLayout.width * outputLayout.channels
    var row = 0
    var column = 0
    for y in 0..<outputLayout.height {
      for index in 0..<outputRow {
        output[y * outputLayout.rowPitch + index] = input[row * inputLayout.rowPitch + column]
        column += 1
        if column == inputRow {
          column = 0
          row += 1
        }
      }
    }
  }
}

/// Parameters of Transpose: output axis `i` (0 rows, 1 columns, 2 channels) is operand axis `axes[i]`.
public struct Transposition: Sendable, OperatorParameters {
  public var axes: InlineArray<3, UInt32> = [0, 1, 2]

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    for index in 0..<3 { try coder.field(&axes[index], "axis", 0...2) }
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    try scope.expectSameQuantization(scope.operands[0])
    let seen = 1 << axes[0] | 1 << axes[1] | 1 << axes[2]
    try scope.expect("set of axes", seen, equals: 7)
    let extents: InlineArray<3, Int> = [Int(scope.input.height), Int(scope.input.width), Int(scope.input.channels)]
    try scope.expectOutput(
      height: extents[Int(axes[0])], width: extents[Int(axes[1])], channels: extents[Int(axes[2])])
  }

  package func run(
    inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>, output: inout MutableSpan<Int8>
  ) {
    let strides: InlineArray<3, Int> = [inputLayout.rowPitch, inputLayout.channels, 1]
    for y in 0..<outputLayout.height {
      for x in 0..<outputLayout.width {
        for channel in 0..<outputLayout.channels {
          output[y * outputLayout.rowPitch + x * outputLayout.channels + channel] =
            input[y * strides[Int(axes[0])] + x * strides[Int(axes[1])] + channel * strides[Int(axes[2])]]
        }
      }
    }
  }
}

/// Parameters of Concatenate: operands one after the other along an axis (0 rows, 1 columns, 2 channels).
public struct Concatenation: Sendable, OperatorParameters {
  public var axis: UInt32 = 2

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&axis, "axis", 0...2)
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    var height = 0
    var width = 0
    var channels = 0
    for operand in scope.operands {
      let tensor = scope.tensors[operand]
      try scope.expectSameQuantization(operand)
      height = axis == 0 ? height + Int(tensor.height) : Int(tensor.height)
      width = axis == 1 ? width + Int(tensor.width) : Int(tensor.width)
      channels = axis == 2 ? channels + Int(tensor.channels) : Int(tensor.channels)
      if axis != 0 { try scope.expect("operand height", Int(tensor.height), equals: Int(scope.output.height)) }
      if axis != 1 { try scope.expect("operand width", Int(tensor.width), equals: Int(scope.output.width)) }
      if axis != 2 { try scope.expect("operand channels", Int(tensor.channels), equals: Int(scope.output.channels)) }
    }
    try scope.expectOutput(height: height, width: width, channels: channels)
  }

  /// Copies one operand to its place; `start` is the sum of the extents of those before it along the axis.
  package func copy(
    start: Int, inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>,
    output: inout MutableSpan<Int8>
  ) {
    let rowStart = axis == 0 ? start : 0
    let columnStart = axis == 1 ? start : 0
    let channelStart = axis == 2 ? start : 0
    for y in 0..<inputLayout.height {
      for x in 0..<inputLayout.width {
        let source = y * inputLayout.rowPitch + x * inputLayout.channels
        let target =
          (y + rowStart) * outputLayout.rowPitch + (x + columnStart) * outputLayout.channels + channelStart
        for channel in 0..<inputLayout.channels { output[target + channel] = input[source + channel] }
      }
    }
  }

  /// The operand's extent along the axis.
  package func extent(of tensor: TensorRecord) -> Int {
    axis == 0 ? Int(tensor.height) : axis == 1 ? Int(tensor.width) : Int(tensor.channels)
  }
}

/// Parameters of Slice: along each axis the values at `start`, `start + step`, ...
public struct Slice: Sendable, OperatorParameters {
  public var starts: InlineArray<3, Int32> = [0, 0, 0]
  public var steps: InlineArray<3, Int32> = [1, 1, 1]

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    for index in 0..<3 { try coder.field(&starts[index], "start", 0...Int32.max) }
    for index in 0..<3 { try coder.field(&steps[index], "step", -65_535...65_535) }
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    try scope.expectSameQuantization(scope.operands[0])
    let from: InlineArray<3, Int> = [Int(scope.input.height), Int(scope.input.width), Int(scope.input.channels)]
    let to: InlineArray<3, Int> = [Int(scope.output.height), Int(scope.output.width), Int(scope.output.channels)]
    for axis in 0..<3 {
      let first = Int64(starts[axis])
      let last = first + Int64(to[axis] - 1) * Int64(steps[axis])
      if min(first, last) < 0 || max(first, last) >= Int64(from[axis]) {
        throw scope.failure(.extent("last index of a slice", found: last, expected: Int64(from[axis]) - 1))
      }
    }
  }

  package func run(
    inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>, output: inout MutableSpan<Int8>
  ) {
    for y in 0..<outputLayout.height {
      let row = (Int(starts[0]) + y * Int(steps[0])) * inputLayout.rowPitch
      for x in 0..<outputLayout.width {
        let pixel = row + (Int(starts[1]) + x * Int(steps[1])) * inputLayout.channels
        for channel in 0..<outputLayout.channels {
          output[y * outputLayout.rowPitch + x * outputLayout.channels + channel] =
            input[pixel + Int(starts[2]) + channel * Int(steps[2])]
        }
      }
    }
  }
}

/// Parameters of ResizeNearest: the source row of each output row, then the source column of each output column.
public struct NearestResize: Sendable, OperatorParameters {
  /// Where the Int32 indices lie in the weights section.
  package var indexOffset: UInt32 = 0

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&indexOffset, "index offset", 0...FileHeader.maximumByteCount)
  }

  package func check(_ scope: OperatorScope) throws(ModelError) {
    try scope.expectSameQuantization(scope.operands[0])
    try scope.expect("output channels", Int(scope.output.channels), equals: Int(scope.input.channels))
  }

  package static func run(
    inputLayout: ImageLayout, outputLayout: ImageLayout, input: Span<Int8>, indices: Span<Int32>,
    output: inout MutableSpan<Int8>
  ) {
    for y in 0..<outputLayout.height {
      let row = Int(indices[y]) * inputLayout.rowPitch
      for x in 0..<outputLayout.width {
        let source = row + Int(indices[outputLayout.height + x]) * inputLayout.channels
        let target = y * outputLayout.rowPitch + x * outputLayout.channels
        for channel in 0..<outputLayout.channels { output[target + channel] = input[source + channel] }
      }
    }
  }
}

/// Parameters of Constant: values of the file, copied into the arena where an operator needs them.
public struct Constant: Sendable, OperatorParameters {
  /// Where the values lie in the weights section, in row-major order.
  package var valuesOffset: UInt32 = 0

  package init() {}

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&valuesOffset, "values offset", 0...FileHeader.maximumByteCount)
  }
}
