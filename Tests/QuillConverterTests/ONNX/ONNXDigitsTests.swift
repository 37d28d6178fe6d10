import Foundation
import Quill
import QuillConverter
import TestSupport
import Testing

/// The digit network of the reference data, quantised by onnxruntime in every setting (`make-fixtures.py` with three
/// arguments), on the first test images.
@Suite(.enabled(if: QuantizedDigits.folder != nil, "needs QUILL_ONNX_INT8, the folder that make-fixtures.py filled"))
struct ONNXDigitsTests {
  @Test(arguments: [
    "qdq-uint8-channel", "qdq-uint8-tensor", "qdq-int8-channel", "qdq-int8-tensor", "qoperator-uint8-channel",
    "qoperator-uint8-tensor", "qoperator-int8-channel", "qoperator-int8-tensor",
  ])
  func digitsAreToldAsByOnnxruntime(_ setting: String) throws {
    let result = try ONNXRehostingTests.compare("digits-\(setting)", in: try #require(QuantizedDigits.folder))
    let labels = try ReferenceData.mnistTestLabels(result.sampleCount)
    let right = zip(result.classes, labels).count { $0 == Int($1) }
    let theirs = zip(result.theirClasses, labels).count { $0 == Int($1) }
    print(
      "onnxruntime digits-\(setting): \(result.compared) values, \(result.different) differ, by at most "
        + "\(result.largest) steps; class the same on \(result.sameClass) of \(result.sampleCount); right here \(right), "
        + "there \(theirs)")
    #expect(abs(right - theirs) * 1000 <= 3 * result.sampleCount)
  }
}

/// Where the digit network is in every setting, which is not in the repository.
private enum QuantizedDigits {
  static let folder = ProcessInfo.processInfo.environment["QUILL_ONNX_INT8"].map { URL(fileURLWithPath: $0) }
}
