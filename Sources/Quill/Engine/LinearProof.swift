/// Proves a linear operator's weights and channel table: they lie in the file, no weight is -128, what fills up a
/// group is zero, and no accumulator can leave 32 bits.
struct LinearProof {
  private let scope: OperatorScope
  private let linear: LinearWeights
  private let section: SectionTable.Range

  init(_ scope: OperatorScope, _ linear: LinearWeights, _ section: SectionTable.Range) {
    self.scope = scope
    self.linear = linear
    self.section = section
  }

  func prove(_ file: Span<UInt8>, _ order: WeightOrder) throws(ModelError) {
    try proveRange("weights", UInt64(linear.weightsOffset), order.byteCount)
    try proveTable(order.paddedChannels)
    let base = section.offset + Int(linear.weightsOffset)
    for block in 0..<order.groups * order.blocks {
      let lanes = min(16, order.channelsPerGroup - block % order.blocks * 16)
      let sums = try sums(file, order, at: base + block * order.blockByteCount, lanes: lanes)
      for lane in 0..<lanes {
        try proveChannel(
          file, row: block * 16 + lane, rowLength: order.paddedChannels, sum: sums.total[lane],
          magnitude: sums.magnitude[lane])
      }
    }
  }

  /// The weights of a block of 16 channels added up, no one of them -128 and every filler zero. The block lies in the file.
  private func sums(
    _ file: Span<UInt8>, _ order: WeightOrder, at start: Int, lanes: Int
  ) throws(ModelError) -> WeightSums {
    var sums = WeightSums()
    var position = start
    for _ in 0..<order.runCount {
      let whole = lanes == 16 ? order.runByteCount / 4 : 0
      sums.add(file.extracting(position..<position + whole * 64))
      position += whole * 64
      for quad in whole..<order.quads {
        let taps = min(4, order.runByteCount - quad * 4)
        for index in 0..<64 {
          let weight = Int8(bitPattern: file[position + index])
          if index / 4 >= lanes || index % 4 >= taps { try expectFiller(weight, position + index) }
          try expectWeight(weight, position + index)
          sums.add(weight, lane: index / 4)
        }
        position += 64
      }
    }
    if sums.holdsMinus128 {
      for offset in start..<position { try expectWeight(Int8(bitPattern: file[offset]), offset) }
    }
    return sums
  }

  func proveDepthwise(_ file: Span<UInt8>, _ convolution: Convolution) throws(ModelError) {
    let channels = Int(scope.output.channels)
    let padded = (channels + 15) / 16 * 16
    try proveRange(
      "weights", UInt64(linear.weightsOffset),
      DepthwiseConv2D.weightByteCount(convolution, outputChannels: channels))
    try proveTable(padded)
    let base = section.offset + Int(linear.weightsOffset)
    for channel in 0..<padded {
      var sum: Int64 = 0
      var magnitude: Int64 = 0
      for row in 0..<Int(convolution.kernelHeight) {
        for column in 0..<Int(convolution.kernelWidth) {
          let offset = base + DepthwiseConv2D.weightOffset(convolution, channel: channel, row: row, column: column)
          let weight = Int8(bitPattern: file[offset])
          if channel >= channels { try expectFiller(weight, offset) }
          try expectWeight(weight, offset)
          sum += Int64(weight)
          magnitude += Int64(weight.magnitude)
        }
      }
      if channel < channels {
        try proveChannel(file, row: channel, rowLength: padded, sum: sum, magnitude: magnitude)
      }
    }
  }

  private func proveRange(_ field: FieldName, _ offset: UInt64, _ byteCount: UInt64) throws(ModelError) {
    if offset % 64 != 0 { throw scope.failure(.alignment(field: field, found: offset, multiple: 64)) }
    let limit = UInt64(section.byteCount)
    if byteCount > limit || offset > limit - byteCount {
      let (end, overflow) = offset.addingReportingOverflow(byteCount)
      throw scope.failure(.outOfBounds(field: field, end: overflow ? .max : end, limit: limit))
    }
  }

  private func proveTable(_ paddedChannels: Int) throws(ModelError) {
    try proveRange(
      "channel table", UInt64(linear.channelsOffset), UInt64(paddedChannels) * UInt64(linear.rowCount) * 4)
  }

  private func expectWeight(_ weight: Int8, _ offset: Int) throws(ModelError) {
    if weight == -128 {
      throw ModelError(
        offset: UInt64(offset), subject: .operator(scope.index), fault: .weightMinus128(offset: UInt32(offset)))
    }
  }

  private func expectFiller(_ weight: Int8, _ offset: Int) throws(ModelError) {
    if weight != 0 {
      throw ModelError(
        offset: UInt64(offset), subject: .operator(scope.index),
        fault: .field("filler weight", found: Int64(weight), low: 0, high: 0))
    }
  }

  /// `row` is the channel's place in the table; `sum` and `magnitude` are of its weights and their magnitudes.
  private func proveChannel(
    _ file: Span<UInt8>, row: Int, rowLength: Int, sum: Int64, magnitude: Int64
  ) throws(ModelError) {
    let base = section.offset + Int(linear.channelsOffset)
    func entry(_ index: Int) -> Int64 { Int64(file.int32(at: base + 4 * (index * rowLength + row))) }
    if entry(1) != sum { throw scope.failure(.extent("sum of weights", found: entry(1), expected: sum)) }
    let shift: Int64
    switch linear.rounding {
    case .double:
      shift = entry(3)
      let quantized = entry(2)
      let isNormal = quantized == 0 || quantized >= 1 << 30
      if !isNormal || shift < -31 || shift > 30 {
        throw scope.failure(.multiplier(channel: row, quantized: quantized, shift: shift))
      }
    case .real:
      let mantissa = UInt64(UInt32(truncatingIfNeeded: entry(2))) | UInt64(UInt32(truncatingIfNeeded: entry(3))) << 32
      let isNormal = mantissa == 0 || (mantissa >= 1 << 52 && mantissa < 1 << 53)
      if !isNormal || entry(4) < 23 || entry(4) > 84 {
        throw scope.failure(
          .multiplier(channel: row, quantized: Int64(truncatingIfNeeded: mantissa), shift: entry(4)))
      }
      shift = 53 - entry(4)
    }
    let bias = entry(0) + Int64(scope.input.zeroPoint) * sum
    let bound = magnitude * 255 + Int64(bias.magnitude)
    if bound >= 1 << 31 || bound << max(shift, 0) >= 1 << 31 {
      throw scope.failure(.accumulator(channel: row))
    }
  }
}
