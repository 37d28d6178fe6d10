import Quill
import QuillFloat

/// A linear operation's channel table: everything that the board needs and does not compute.
struct LinearLowering {
  let node: QuantizedGraph.Node
  let weights: QuantizedWeights
  let input: QuantizedGraph.Tensor
  let output: QuantizedGraph.Tensor
  let rounding: Rounding

  /// The table's numbers, row after row.
  ///
  /// - Parameters:
  ///   - channels: the weights of each output channel, in the order of the table's columns.
  ///   - columns: where each channel stands in a row of `rowLength`.
  func table(channels: [[Int8]], columns: [Int], rowLength: Int) throws(ConverterError) -> [Int32] {
    let rowCount = rounding == .double ? 4 : 5
    var rows = [Int32](repeating: 0, count: rowCount * rowLength)
    if rounding == .real {
      // A shift in range for the channels that fill up a block.
      for column in 0..<rowLength { rows[4 * rowLength + column] = 53 }
    }
    for (channel, values) in channels.enumerated() {
      if let position = values.firstIndex(of: -128) {
        throw .weightMinus128(node: node.name, position: channel * values.count + position)
      }
      let sum = values.reduce(0) { $0 + Int64($1) }
      let bias = Int64(weights.bias?[channel] ?? 0)
      let column = columns[channel]
      rows[column] = Int32(truncatingIfNeeded: bias - Int64(input.zeroPoint) * sum)
      rows[rowLength + column] = Int32(truncatingIfNeeded: sum)
      let shift = try scale(channel, &rows, rowLength, column)
      let bound = values.reduce(0) { $0 + Int64($1.magnitude) } * 255 + Int64(bias.magnitude)
      if bound >= 1 << 31 || bound << Int64(max(shift, 0)) >= 1 << 31 {
        throw .accumulator(node: node.name, channel: channel)
      }
    }
    return rows
  }

  /// Writes a channel's multiplier and answers its shift.
  private func scale(
    _ channel: Int, _ rows: inout [Int32], _ rowLength: Int, _ column: Int
  ) throws(ConverterError) -> Int32 {
    let real = Double(input.scale) * Double(weights.scale(channel)) / Double(output.scale)
    switch rounding {
    case .double:
      guard let multiplier = Multiplier(real: real) else { throw tooFarApart(channel, real) }
      rows[2 * rowLength + column] = multiplier.quantized
      rows[3 * rowLength + column] = multiplier.shift
      return multiplier.shift
    case .real:
      guard let multiplier = RealMultiplier(real: real) else { throw tooFarApart(channel, real) }
      rows[2 * rowLength + column] = Int32(truncatingIfNeeded: multiplier.mantissa)
      rows[3 * rowLength + column] = Int32(truncatingIfNeeded: multiplier.mantissa >> 32)
      rows[4 * rowLength + column] = multiplier.shift
      return 53 - multiplier.shift
    }
  }

  private func tooFarApart(_ channel: Int, _ real: Double) -> ConverterError {
    .scales(
      node: node.name, operation: "channel \(channel)",
      reason: "input scale x weight scale / output scale is \(real); expected less than 2^30")
  }
}
