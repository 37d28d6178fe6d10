import CQuillDefaultNetwork
import Quill
import QuillConverter
import QuillData
import QuillFloat
import QuillONNX
import QuillReport

/// The float network that ships with Quill, and drawn digits to hold it against its int8 self.
enum Shipped {
  static func graph() throws -> Graph {
    let bytes = UnsafeBufferPointer(start: quill_default_network(), count: quill_default_network_byte_count())
    return try ONNXReader.read(Array(bytes))
  }

  static let testDigits = SyntheticDigits.images(split: .test, count: 2000)
  static let trainDigits = SyntheticDigits.images(split: .train, count: 300)

  /// A digit as the network takes it: pixels scaled to 0...1.
  static func input(_ digits: LabelledImages, _ index: Int, shape: [Int]) -> [FloatTensor] {
    [FloatTensor(shape: shape, values: digits.image(index).map { Float($0) / 255 })]
  }

  /// The `.quill` file of a network, calibrated on drawn digits.
  static func converted(
    _ graph: Graph, _ change: (inout Converter.Options) -> Void = { _ in }
  ) throws -> Converter.Result {
    var options = Converter.Options()
    change(&options)
    let digits = trainDigits
    let shape = graph[graph.inputs[0]].shape
    return try Converter.convert(graph, options, calibrationCount: digits.count) {
      input(digits, $0, shape: shape)
    }
  }

  /// The drift of a file from its network on drawn digits.
  static func drift(_ graph: Graph, _ bytes: [UInt8], count: Int = 2000) throws -> DriftReport {
    let digits = testDigits
    let shape = graph[graph.inputs[0]].shape
    return try Drift(graph, SharedModel(bytes)).measure(
      count: count, labels: Array(digits.labels.prefix(count)), inputs: { input(digits, $0, shape: shape) })
  }
}
