import QuillFloat

/// The messages of an ONNX file; field numbers are those of `onnx.proto3`.
extension Exporter {
  /// The bytes of the whole file.
  func model() -> [UInt8] {
    var writer = WireWriter()
    writer.field(1, Int64(8))
    writer.field(2, "quill")
    writer.message(7) { graph in writeGraph(to: &graph) }
    writer.message(8) { opset in
      opset.field(1, "")
      opset.field(2, Int64(ONNXWriter.opset))
    }
    for (key, value) in graph.metadata.sorted(by: { $0.key < $1.key }) where !key.hasPrefix("onnx.") {
      writer.message(14) { entry in
        entry.field(1, key)
        entry.field(2, value)
      }
    }
    return writer.bytes
  }

  private func writeGraph(to writer: inout WireWriter) {
    for node in nodes {
      writer.message(1) { message in
        for input in node.inputs { message.field(1, input) }
        for output in node.outputs { message.field(2, output) }
        message.field(3, node.name)
        message.field(4, node.operatorName)
        for attribute in node.attributes {
          message.message(5) { Self.write(attribute.name, attribute.value, to: &$0) }
        }
      }
    }
    writer.field(2, graph.name.isEmpty ? "network" : graph.name)
    for constant in constants {
      writer.message(5) { Self.write(constant, to: &$0) }
    }
    for input in graph.inputs { writer.message(11) { writeBoundary(graph[input], to: &$0) } }
    for output in graph.outputs { writer.message(12) { writeBoundary(graph[output], to: &$0) } }
  }

  private func writeBoundary(_ tensor: Graph.Tensor, to writer: inout WireWriter) {
    writer.field(1, tensor.name)
    writer.message(2) { type in
      type.message(1) { tensorType in
        tensorType.field(1, Int64(ElementType.float32.rawValue))
        tensorType.message(2) { shape in
          for (axis, extent) in tensor.shape.enumerated() {
            shape.message(1) { dimension in
              if axis == 0, extent == 1, tensor.shape.count > 1 {
                dimension.field(2, "N")
              } else {
                dimension.field(1, Int64(extent))
              }
            }
          }
        }
      }
    }
  }

  private static func write(_ name: String, _ value: Attribute, to writer: inout WireWriter) {
    writer.field(1, name)
    switch value {
    case .float(let value):
      writer.field(2, value)
      writer.field(20, Int64(1))
    case .int(let value):
      writer.field(3, Int64(value))
      writer.field(20, Int64(2))
    case .string(let text):
      writer.field(4, text)
      writer.field(20, Int64(3))
    case .ints(let values):
      for value in values { writer.field(8, Int64(value)) }
      writer.field(20, Int64(7))
    }
  }

  private static func write(_ constant: Initializer, to writer: inout WireWriter) {
    writer.packed(1, constant.shape.map(Int64.init))
    switch constant.elements {
    case .floats(let values):
      writer.field(2, Int64(ElementType.float32.rawValue))
      writer.field(8, constant.name)
      writer.raw(9, values.lazy.map(\.bitPattern))
    case .integers(let values):
      writer.field(2, Int64(ElementType.int64.rawValue))
      writer.field(8, constant.name)
      writer.raw(9, values)
    }
  }
}
