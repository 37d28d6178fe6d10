import QuillFloat
import QuillONNX
import Testing

/// Faults and the exact sentence for each: where, what was found, what was expected.
@Suite struct ONNXErrorTests {
  private func message(_ bytes: [UInt8], _ options: ONNXReader.Options = .init()) -> String {
    do throws(ONNXError) {
      _ = try ONNXReader.read(bytes, options: options)
      return "read"
    } catch {
      return error.description
    }
  }

  private func message(_ model: TestModel) -> String { message(model.bytes) }

  // MARK: The wire format

  @Test(
    arguments: [
      ([], "ONNX file: it is empty; expected a network"),
      ([0x08], "ONNX file, byte 1: 1 byte is needed and 0 left; the file is cut off or damaged"),
      ([0x08, 0x80], "ONNX file, byte 1: 2 bytes are needed and 1 left; the file is cut off or damaged"),
      (
        [0x08] + [UInt8](repeating: 0xff, count: 11),
        "ONNX file, byte 1: a number longer than 64 bits; the file is damaged or no ONNX file"
      ),
      (
        [0x08, 0x08, 0x3a, 0x05, 0x0a],
        "ONNX file, byte 3: a field of 5 bytes where 1 are left; the file is cut off or damaged"
      ),
      (
        [0x0b, 0x08],
        "ONNX file, byte 0: wire type 3 in field 1; expected 0, 1, 2 or 5; the file is damaged or no ONNX file"
      ),
      (
        [0x00, 0x08],
        "ONNX file, byte 0: field number 0; expected 1 to 536870911; the file is damaged or no ONNX file"
      ),
      (
        [0x08, 0x08, 0x38, 0x01],
        "ONNX file, byte 2: field 7 holds a varint; expected a run of bytes; the file is damaged or no ONNX file"
      ),
      (
        [0x12, 0x02, 0xc3, 0x28],
        "ONNX file, byte 2: the text of field 2 is not UTF-8; the file is damaged or no ONNX file"
      ),
      (
        [0x08, 0x08],
        "ONNX file: there is no graph in it; expected an ONNX model, which begins with its IR version and producer"
      ),
      (
        [0x3a, 0x00],
        "ONNX file: no version of the standard operators is declared; export the network again"
      ),
      (
        // A PNG picture.
        [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
        "ONNX file, byte 2: 8 bytes are needed and 6 left; the file is cut off or damaged"
      ),
    ] as [([UInt8], String)])
  func damagedBytesSayWhere(bytes: [UInt8], expected: String) {
    #expect(message(bytes) == expected)
  }

  @Test func damageInsideAFileIsFoundAtItsByte() throws {
    var bytes = try TestFiles.bytes(TestFiles.fixtures.appendingPathComponent("keras-cnn.onnx"))
    #expect(bytes.count == 1208)
    bytes.removeLast(100)
    #expect(
      message(bytes)
        == "ONNX file, byte 12: a field of 1169 bytes where 1094 are left; the file is cut off or damaged")
  }

  // MARK: The model

  @Test func modelFaults() {
    var model = TestModel(nodes: [TestModel.node("Relu", ["x"])])
    #expect(message(model) == "read")
    model.opset = 5
    #expect(
      message(model) == "ONNX file: operator set 5; expected 6 to 27; export with an opset_version among these")
    model.opset = 13
    model.outputs = []
    #expect(message(model) == "ONNX file: the network has no outputs; expected at least one")
    model.outputs = ["z"]
    #expect(
      message(model)
        == "output \"z\": \"z\" is used, but nothing computes it; the network lacks a node, or goes in a circle")
    model.outputs = ["y"]
    model.inputs = [("x", [1, -1])]
    #expect(
      message(model)
        == "input \"x\": axis 1 (\"width\") has no fixed extent; give the shape, or export with fixed input shapes "
        + "(only the batch may be open)")
    model.inputs = [("x", [1, 1 << 40])]
    #expect(
      message(model)
        == "input \"x\": the shape [1, 1099511627776] has too many elements; expected at most 2^28")
    model.inputs = [("x", [1, 4])]
    model.elementType = 8
    #expect(
      message(model)
        == "input \"x\": elements of type string; expected float, float16, bfloat16 or double, or integers where "
        + "shapes and indices are meant")
    model.elementType = 1
    model.nodes = [TestModel.node("Relu", ["x"], ["x"])]
    #expect(
      message(model)
        == "output \"y\": \"y\" is used, but nothing computes it; the network lacks a node, or goes in a circle")
    model.nodes = [TestModel.node("Relu", ["x"]), TestModel.node("Abs", ["x"])]
    #expect(message(model) == "node 1 (Abs \"node\"): \"y\" stands for two things; expected each name once")
    model.nodes = [TestModel.node("Relu", ["later"]), TestModel.node("Abs", ["y"], ["later"])]
    #expect(
      message(model)
        == "node 0 (Relu \"node\"): \"later\" is used, but nothing computes it; the network lacks a node, or goes in a circle"
    )
  }

  @Test func givenShapes() throws {
    let model = TestModel(inputs: [("x", [1, -1])], nodes: [TestModel.node("Relu", ["x"])])
    var options = ONNXReader.Options()
    options.inputShapes["x"] = [2, 5]
    #expect(
      message(model.bytes, options) == "input \"x\": the given shape [2, 5] does not fit; expected [1, any]")
    options.inputShapes["x"] = [1, 5]
    let graph = try ONNXReader.read(model.bytes, options: options)
    #expect(graph[graph.outputs[0]].shape == [1, 5])
  }

  // MARK: Constants

  @Test func constantFaults() {
    var model = TestModel(nodes: [TestModel.node("Add", ["x", "c"])])
    model.constants = [TestModel.constant("c", [4], floats: [1, 2, 3])]
    #expect(message(model) == "tensor \"c\": 3 elements; expected 4, which the shape says")
    model.constants = [TestModel.constant("c", [4], floats: [1, 2, .nan, 4])]
    #expect(
      message(model) == "tensor \"c\": element 2 is infinite or NaN; expected finite numbers; train again")
    model.constants = [TestModel.constant("c", [3], floats: [1, 2, 3])]
    #expect(
      message(model)
        == "node 0 (Add \"node\"): the shapes [1, 4] and [3] cannot be broadcast; expected equal extents or 1, "
        + "counted from the last axis")
    model.constants = [TestModel.constant("c", [1 << 33, 1 << 33], floats: [])]
    #expect(
      message(model)
        == "tensor \"c\": the shape [8589934592, 8589934592] has too many elements; expected at most 2^28")
    model.constants = [Message().int(1, 4).int(2, 17).text(8, "c")]
    #expect(
      message(model)
        == "tensor \"c\": elements of type float8e4m3fn; expected float, float16, bfloat16 or double, or integers "
        + "where shapes and indices are meant")
    model.constants = [TestModel.constant("c", [4], ints: [1, 2, 3, 4])]
    #expect(
      message(model)
        == "node 0 (Add \"node\"): operand 1, \"c\", is of type int64; expected another (float for values, integers "
        + "for shapes and indices)")
  }

  private func externalModel(_ location: String, length: String = "16") -> TestModel {
    let entries = [("location", location), ("offset", "0"), ("length", length)].map { key, value in
      Message().text(1, key).text(2, value)
    }
    let constant = entries.reduce(Message().int(1, 4).int(2, 1).text(8, "c")) { $0.message(13, $1) }.int(14, 1)
    return TestModel(nodes: [TestModel.node("Add", ["x", "c"])], constants: [constant])
  }

  @Test func externalDataFaults() throws {
    #expect(
      message(externalModel("w.bin"))
        == "tensor \"c\": its values are in \"w.bin\", which is not there; keep it beside the network")
    for location in ["../w.bin", "/etc/passwd", "a/../../b", ""] {
      #expect(
        message(externalModel(location))
          == "tensor \"c\": its values are at 0 in \"\(location)\", 16 bytes of 0; expected a file beside the network "
          + "that holds as many as the shape says")
    }
    let bytes = externalModel("w.bin").bytes
    #expect(throws: ONNXError.self) { try ONNXReader.read(bytes) { _ in [1, 2, 3] } }
    let graph = try ONNXReader.read(bytes) { _ in [UInt8](repeating: 0, count: 16) }
    #expect(graph.tensors.contains { $0.constant == [0, 0, 0, 0] })
  }

  // MARK: Nodes

  @Test func nodeFaults() {
    var model = TestModel(nodes: [TestModel.node("LSTM", ["x"])])
    #expect(
      message(model)
        == "node 0 (LSTM \"node\"): this operator of operator set 13 is not read; supported: "
        + ONNXReader.supportedOperators.joined(separator: ", "))
    model.nodes = [TestModel.node("DynamicQuantizeLinear", ["x"])]
    #expect(
      message(model)
        == "node 0 (DynamicQuantizeLinear \"node\"): the network quantises its values anew for each input, with floats in "
        + "between; expected scales that are fixed: quantise with onnxruntime's quantize_static, or give the float network"
    )
    model.nodes = [TestModel.node("FusedConv", ["x"]).text(7, "com.microsoft")]
    #expect(
      message(model)
        == "node 0 (FusedConv \"node\"): this operator of domain \"com.microsoft\" is not read; supported: "
        + ONNXReader.supportedOperators.joined(separator: ", "))
    model.nodes = [TestModel.node("Relu", ["x", "x"])]
    #expect(message(model) == "node 0 (Relu \"node\"): 2 operands; expected 1")
    model.nodes = [TestModel.node("Conv", ["x"])]
    #expect(message(model) == "node 0 (Conv \"node\"): 1 operand; expected 2 to 3")
    model.nodes = [TestModel.node("Add", ["x", ""])]
    #expect(message(model) == "node 0 (Add \"node\"): operand 1 is left out; expected a tensor")
    model.nodes = [TestModel.node("MaxPool", ["x"])]
    #expect(message(model) == "node 0 (MaxPool \"node\"): operand 0, \"x\", has the shape [1, 4]; expected 4 axes")
    model.nodes = [TestModel.node("Softmax", ["x"], ["y"], [TestModel.attribute("axis", int: 2)])]
    #expect(message(model) == "node 0 (Softmax \"node\"): axis is [2], which does not fit the operands")
    model.nodes = [TestModel.node("Softmax", ["x"], ["y"], [TestModel.attribute("axis", float: 1)])]
    #expect(message(model) == "node 0 (Softmax \"node\"): the attribute axis is of another type than ONNX says")
    model.nodes = [TestModel.node("Concat", ["x"])]
    #expect(message(model) == "node 0 (Concat \"node\"): there is no axis; expected the attribute or operand")
    model.nodes = [TestModel.node("Reshape", ["x", "x"])]
    #expect(
      message(model)
        == "node 0 (Reshape \"node\"): operand 1, \"x\", is computed by the network; expected a constant")
    model.nodes = [TestModel.node("Dropout", ["x"], ["y", "mask"]), TestModel.node("Not", ["mask"], ["z"])]
    #expect(message(model) == "node 0 (Dropout \"node\"): output 1 is used; supported: output 0 alone")
  }

  @Test func classNamesBesideNumbersAreLeftOut() throws {
    var model = TestModel(outputs: ["label", "share"])
    model.outputTypes = ["label": 7]
    model.nodes = [
      TestModel.node("Softmax", ["x"], ["numbers"]), TestModel.node("ArgMax", ["numbers"], ["label"]),
      TestModel.node("ZipMap", ["numbers"], ["share"]),
    ]
    let graph = try ONNXReader.read(model.bytes)
    #expect(graph.outputs.map { graph[$0].name } == ["numbers"])
    #expect(graph.nodes.count == 1)
    model.outputs = ["label"]
    #expect(message(model).hasPrefix("node 1 (ArgMax \"node\"): this operator of operator set 13 is not read"))
  }

  @Test func imageFaults() {
    var model = TestModel(inputs: [("x", [1, 2, 5, 5])])
    model.constants = [TestModel.constant("w", [3, 4, 1, 1], floats: [Float](repeating: 1, count: 12))]
    model.nodes = [TestModel.node("Conv", ["x", "w"])]
    #expect(
      message(model)
        == "node 0 (Conv \"node\"): operand 1, \"w\", has the shape [3, 4, 1, 1]; expected [outputs, 2, rows, "
        + "columns], for 2 input channels in 1 group")
    model.constants = [TestModel.constant("w", [1, 2, 1, 1], floats: [1, 1])]
    model.nodes = [TestModel.node("Conv", ["x", "w"], ["y"], [TestModel.attribute("auto_pad", text: "SAME")])]
    #expect(
      message(model)
        == "node 0 (Conv \"node\"): auto_pad is SAME; supported: NOTSET, VALID, SAME_UPPER, SAME_LOWER")
    model.nodes = [TestModel.node("Conv", ["x", "w"], ["y"], [TestModel.attribute("strides", ints: [0, 1])])]
    #expect(message(model) == "node 0 (Conv \"node\"): strides is [0, 1], which does not fit the operands")
    model.nodes = [TestModel.node("Pad", ["x", "p"], ["y"], [TestModel.attribute("mode", text: "wrap")])]
    #expect(message(model) == "node 0 (Pad \"node\"): mode is wrap; supported: constant, reflect, edge")
    model.nodes = [TestModel.node("Resize", ["x", "", "s"], ["y"], [TestModel.attribute("mode", text: "cubic")])]
    #expect(message(model) == "node 0 (Resize \"node\"): mode is cubic; supported: nearest, linear")
  }

  @Test func shapeArithmeticFaults() {
    var model = TestModel()
    model.constants = [TestModel.constant("s", [2], ints: [3, -1]), TestModel.constant("zero", [], ints: [0])]
    model.nodes = [TestModel.node("Reshape", ["x", "s"])]
    #expect(
      message(model)
        == "node 0 (Reshape \"node\"): [1, 4] cannot become [3, 1]; expected as many elements, and at most one -1")
    model.nodes = [TestModel.node("Div", ["s", "zero"], ["d"]), TestModel.node("Reshape", ["x", "d"])]
    #expect(
      message(model)
        == "node 0 (Div \"node\"): integer arithmetic on shapes overflows, divides by zero or leaves its range")
    model.constants = [TestModel.constant("big", [2], ints: [100_000, 10_000])]
    model.nodes = [TestModel.node("ConstantOfShape", ["big"], ["d"]), TestModel.node("Add", ["x", "d"])]
    let bytes = model.bytes
    #expect(
      message(bytes)
        == "node 0 (ConstantOfShape \"node\"): constants of 1000000001 elements to calculate; expected at most "
        + "\(4 * bytes.count + 1 << 20) for a file of this size")
  }

  @Test func filesSayTheirPath() throws {
    #expect(throws: ONNXError(at: .path("/nowhere/a.onnx"), .unreadable(.notFound))) {
      try ONNXReader.read(contentsOf: "/nowhere/a.onnx")
    }
    #expect(
      ONNXError(at: .path("/nowhere/a.onnx"), .unreadable(.notFound)).description
        == "/nowhere/a.onnx: there is no such file")
    #expect(throws: ONNXError(at: .path(TestFiles.fixtures.path), .unreadable(.notPermitted))) {
      try ONNXReader.read(contentsOf: TestFiles.fixtures.path)
    }
    let path = TestFiles.fixtures.appendingPathComponent("external-data.onnx").path
    #expect(try ONNXReader.read(contentsOf: path) == FixtureTests.network("external-data"))
  }

  /// Names from a file cannot break the line or flood it.
  @Test func namesArePrintable() {
    let name = "a\n\u{1b}[31m" + String(repeating: "b", count: 200)
    let model = TestModel(outputs: [name], nodes: [TestModel.node("Relu", ["x"])])
    let text = message(model)
    #expect(!text.contains("\n") && !text.contains("\u{1b}"))
    #expect(text.hasPrefix("output \"a??[31mbbb"))
    #expect(text.count < 400)
  }
}
