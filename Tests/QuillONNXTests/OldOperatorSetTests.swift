import QuillFloat
import QuillONNX
import Testing

/// Networks of operator set 6, as PyTorch wrote them until 2018.
@Suite struct OldOperatorSetTests {
  @Test func anAttributeSaysWhereTheSecondOperandLies() throws {
    let model = TestModel(
      opset: 6, inputs: [("x", [1, 2, 1, 2])],
      nodes: [
        TestModel.node(
          "Add", ["x", "bias"], ["y"],
          [TestModel.attribute("broadcast", int: 1), TestModel.attribute("axis", int: 1)])
      ], constants: [TestModel.constant("bias", [2], floats: [10, 20])])
    let answer = try FloatEngine(try ONNXReader.read(model.bytes)).run([
      FloatTensor(shape: [1, 2, 1, 2], values: [1, 2, 3, 4])
    ])
    #expect(answer[0].values == [11, 12, 23, 24])
  }

  @Test func aMaskThatNothingReadsIsLeftOut() throws {
    let model = TestModel(
      opset: 6,
      nodes: [
        TestModel.node("Dropout", ["x"], ["d", "mask"], [TestModel.attribute("is_test", int: 1)]),
        TestModel.node("Neg", ["d"]),
      ])
    let answer = try FloatEngine(try ONNXReader.read(model.bytes)).run([
      FloatTensor(shape: [1, 4], values: [1, 2, 3, 4])
    ])
    #expect(answer[0].values == [-1, -2, -3, -4])
  }
}
