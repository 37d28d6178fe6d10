import QuillFloat
import TestSupport
import Testing

/// Every operation on random shapes, against the plainest loops, to the bit, on every level.
struct RandomOperationTests {
  @Test(arguments: RandomOperation.allCases)
  func equalsPlainLoops(kind: RandomOperation) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed: seed)
    for round in 0..<60 {
      let node = kind.make(&generator)
      let shape = try node.operation.outputShape(of: node.inputs.map(\.shape), declared: node.outputShape)
      let expected = Naive.run(node.operation, node.inputs, outputShape: shape)
      for result in try node.runEveryWay() {
        #expect(result.shape == expected.shape)
        #expect(
          result.bits == expected.bits,
          "seed \(seed), round \(round): \(node.operation) of \(node.inputs.map(\.shape))")
      }
    }
  }
}
