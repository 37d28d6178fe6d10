import QuillFloat
import QuillONNX
import Testing

/// Networks whose nodes do not stand in an order in which they can run.
@Suite struct NodeOrderTests {
  @Test func nodesRunInAnOrderInWhichTheyCan() throws {
    let model = TestModel(nodes: [
      TestModel.node("Identity", ["b"], ["y"]), TestModel.node("Neg", ["a"], ["b"]),
      TestModel.node("Relu", ["x"], ["a"]),
    ])
    let graph = try ONNXReader.read(model.bytes)
    let answer = try FloatEngine(graph).run([FloatTensor(shape: [1, 4], values: [-1, 2, -3, 4])])
    #expect(answer[0].values == [0, -2, 0, -4])
  }

  @Test func aCircleIsRefused() {
    let model = TestModel(nodes: [TestModel.node("Neg", ["b"], ["a"]), TestModel.node("Add", ["a", "x"], ["b", "y"])])
    #expect(throws: ONNXError.self) { try ONNXReader.read(model.bytes) }
  }
}
