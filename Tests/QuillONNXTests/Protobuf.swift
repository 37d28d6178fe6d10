/// A few words of protobuf, to write damaged and unusual files in tests byte by byte.
struct Message {
  private(set) var bytes: [UInt8] = []

  private mutating func append(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  func int(_ number: Int, _ value: Int64) -> Message {
    var copy = self
    copy.append(UInt64(number) << 3)
    copy.append(UInt64(bitPattern: value))
    return copy
  }

  func bytes(_ number: Int, _ content: [UInt8]) -> Message {
    var copy = self
    copy.append(UInt64(number) << 3 | 2)
    copy.append(UInt64(content.count))
    copy.bytes += content
    return copy
  }

  func text(_ number: Int, _ text: String) -> Message { bytes(number, Array(text.utf8)) }

  func message(_ number: Int, _ message: Message) -> Message { bytes(number, message.bytes) }

  func float(_ number: Int, _ value: Float) -> Message {
    var copy = self
    copy.append(UInt64(number) << 3 | 5)
    copy.bytes += (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    return copy
  }
}

/// A small ONNX file, written by hand.
struct TestModel {
  var opset: Int64 = 13
  var inputs: [(String, [Int64])] = [("x", [1, 4])]
  var outputs = ["y"]
  var nodes: [Message] = []
  var constants: [Message] = []
  var elementType: Int64 = 1

  /// The types of outputs that are of another.
  var outputTypes: [String: Int64] = [:]

  static func node(
    _ operatorName: String, _ inputs: [String], _ outputs: [String] = ["y"], _ attributes: [Message] = []
  ) -> Message {
    var message = Message()
    for input in inputs { message = message.text(1, input) }
    for output in outputs { message = message.text(2, output) }
    message = message.text(3, "node").text(4, operatorName)
    for attribute in attributes { message = message.message(5, attribute) }
    return message
  }

  static func attribute(_ name: String, int value: Int64) -> Message {
    Message().text(1, name).int(3, value).int(20, 2)
  }
  static func attribute(_ name: String, float value: Float) -> Message {
    Message().text(1, name).float(2, value).int(20, 1)
  }
  static func attribute(_ name: String, ints values: [Int64]) -> Message {
    values.reduce(Message().text(1, name)) { $0.int(8, $1) }.int(20, 7)
  }
  static func attribute(_ name: String, text: String) -> Message { Message().text(1, name).text(4, text).int(20, 3) }

  static func constant(_ name: String, _ shape: [Int64], floats: [Float]) -> Message {
    let raw = floats.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
    return shape.reduce(Message()) { $0.int(1, $1) }.int(2, 1).text(8, name).bytes(9, raw)
  }

  static func constant(_ name: String, _ shape: [Int64], ints: [Int64]) -> Message {
    ints.reduce(shape.reduce(Message()) { $0.int(1, $1) }.int(2, 7).text(8, name)) { $0.int(7, $1) }
  }

  private func boundary(_ name: String, _ shape: [Int64]?) -> Message {
    var tensor = Message().int(1, outputTypes[name] ?? elementType)
    if let shape {
      tensor = tensor.message(
        2, shape.reduce(Message()) { $0.message(1, $1 < 0 ? Message().text(2, "width") : Message().int(1, $1)) })
    }
    return Message().text(1, name).message(2, Message().message(1, tensor))
  }

  var bytes: [UInt8] {
    var graph = Message()
    for node in nodes { graph = graph.message(1, node) }
    for constant in constants { graph = graph.message(5, constant) }
    for (name, shape) in inputs { graph = graph.message(11, boundary(name, shape)) }
    for name in outputs { graph = graph.message(12, boundary(name, nil)) }
    return Message().int(1, 8).message(7, graph).message(8, Message().int(2, opset)).bytes
  }
}
