import Foundation
import QuillFloat
import QuillONNX
import TestSupport
import Testing

@Suite struct LayoutRewriteTests {
  private func transposes(_ graph: Graph) -> Int {
    graph.nodes.count { node in if case .transpose = node.operation { true } else { false } }
  }

  @Test(.enabled(if: ReferenceNetworkTests.kerasIsThere && ReferenceNetworkTests.strangersAreThere))
  func referenceNetworksNeedNoTransposes() throws {
    let pixels = try ReferenceData.mnistTestImages(20).map { Float($0) / 255 }
    let files =
      ReferenceNetworkTests.keras.map { "keras/\($0)/float.onnx" }
      + ["baskov-2024-mnist-load", "ccoltong-lenet5-2021", "frenz86-2020", "longlongfloat-2020", "zoo-mnist-8"].map {
        "strangers/\($0).onnx"
      }
    for file in files {
      let graph = try ONNXReader.read(ReferenceData.bytes(file))
      let rewritten = try graph.withFewestTransposes()
      #expect(transposes(rewritten) == 0, "\(file)")
      let (one, other) = (try FloatEngine(graph), try FloatEngine(rewritten))
      for start in stride(from: 0, to: pixels.count, by: 784) {
        let image = Array(pixels[start..<(start + 784)])
        let expected = one.run([FloatTensor(shape: graph[graph.inputs[0]].shape, values: image)])
        let found = other.run([FloatTensor(shape: rewritten[rewritten.inputs[0]].shape, values: image)])
        let scale = max(1, expected[0].values.map(abs).max() ?? 1)
        #expect(largestDifference(found[0].values, expected[0].values) <= 1e-5 * scale)
      }
    }
  }
}
