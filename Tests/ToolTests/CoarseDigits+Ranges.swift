/// The tiny network as others would have trained it: on pixels of another range.
extension CoarseDigits {
  /// The network for pixels from `low` to `high`; it answers what the original answers for 0...1.
  static func onnx(low: Float, high: Float) -> [UInt8] {
    var bytes = onnx
    let (weights, bias) = (end(of: [0x42, 1, 0x77, 0x4a, 0x80, 0x05]), end(of: [0x42, 1, 0x62, 0x4a, 0x28]))
    var sums = [Float](repeating: 0, count: 10)
    for index in 0..<160 {
      let weight = float(bytes, weights + index * 4) / (high - low)
      sums[index % 10] += weight
      write(weight, &bytes, weights + index * 4)
    }
    for index in 0..<10 {
      write(float(bytes, bias + index * 4) - low * sums[index], &bytes, bias + index * 4)
    }
    return bytes
  }

  /// The network with a range among its metadata.
  static func onnx(tellingRange range: String) -> [UInt8] {
    onnx + field(14, strings(1, ["quill.input.range"]) + strings(2, [range]))
  }

  /// The network with a first node that multiplies the bytes of pixels with 1 / 255.
  static var scalingBytes: [UInt8] {
    let node = strings(1, ["pixel", "k"]) + strings(2, ["image"]) + strings(4, ["Mul"])
    let factor: [UInt8] = [0x10, 1] + strings(8, ["k"]) + field(9, little(Float(1) / 255))
    // The graph is field 7, behind ten bytes and three; its length takes two.
    let start = end(of: Array("quill-tests".utf8)) + 3
    let count = Int(onnx[start - 2] & 0x7f) | Int(onnx[start - 1]) << 7
    var graph = Array(onnx[start..<start + count])
    // The input's name, in the graph's description of it.
    let name = end(of: [0x5a, 0x20, 0x0a, 5], in: graph)
    graph.replaceSubrange(name..<name + 5, with: Array("pixel".utf8))
    return Array(onnx[..<(start - 3)]) + field(7, field(1, node) + field(5, factor) + graph) + onnx[(start + count)...]
  }

  private static func end(of mark: [UInt8], in bytes: [UInt8] = onnx) -> Int {
    let found = bytes.indices.first { bytes[$0...].starts(with: mark) }
    return (found ?? 0) + mark.count
  }

  private static func float(_ bytes: [UInt8], _ offset: Int) -> Float {
    Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[offset + $1]) << UInt32($1 * 8) })
  }

  private static func little(_ value: Float) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32($0 * 8)) }
  }

  private static func write(_ value: Float, _ bytes: inout [UInt8], _ offset: Int) {
    bytes.replaceSubrange(offset..<offset + 4, with: little(value))
  }

  /// A protobuf field of bytes.
  private static func field(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
    var count = body.count
    var length: [UInt8] = []
    while count > 127 {
      length.append(UInt8(count & 0x7f) | 0x80)
      count >>= 7
    }
    return [number << 3 | 2] + length + [UInt8(count)] + body
  }

  private static func strings(_ number: UInt8, _ texts: [String]) -> [UInt8] {
    texts.flatMap { field(number, Array($0.utf8)) }
  }
}
