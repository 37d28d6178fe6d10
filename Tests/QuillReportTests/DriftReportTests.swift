import Foundation
import QuillReport
import Testing

@Suite("The drift report")
struct DriftReportTests {
  private static let report = DriftReport(
    images: 4, float: .init(correct: 4, accuracy: 1), quantized: .init(correct: 3, accuracy: 0.75), agreement: 0.75,
    flips: .init(changed: 1, lost: 1, gained: 0),
    flippedImages: [.init(image: 2, label: 7, float: 7, quantized: 1)],
    outputs: .init(largestDifference: 0.5, meanDifference: 0.125),
    layers: [
      .init(name: "a", operator: "Conv2D", sqnrDecibels: 40, ownSqnrDecibels: 41, cosine: 0.9999, saturated: 0),
      .init(name: "b", operator: "MaxPool2D", sqnrDecibels: 41, ownSqnrDecibels: nil, cosine: 1, saturated: 0.5),
    ],
    verdict: "one sentence")

  @Test("the text, to the letter")
  func text() {
    #expect(
      Self.report.text == """
        images     4
        float      100.00 %  (4 right)
        int8       75.00 %  (3 right)
        agreement  75.00 %  (1 changed: 1 lost, 0 gained)
        outputs    largest difference 0.5000, mean 0.125000

        layer  operator         SQNR dB   own dB    cosine  saturated
        a      Conv2D              40.0     41.0   0.99990     0.00 %
        b      MaxPool2D           41.0    exact   1.00000    50.00 %

        one sentence
        """)
  }

  @Test("the keys that scripts read")
  func json() throws {
    let data = try JSONEncoder().encode(Self.report)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["images"] as? Int == 4)
    #expect((object["float"] as? [String: Any])?["correct"] as? Int == 4)
    #expect((object["quantized"] as? [String: Any])?["correct"] as? Int == 3)
    let flips = try #require(object["flips"] as? [String: Any])
    #expect(flips["changed"] as? Int == 1 && flips["lost"] as? Int == 1 && flips["gained"] as? Int == 0)
    let layer = try #require((object["layers"] as? [[String: Any]])?.first)
    #expect(layer["name"] as? String == "a" && layer["sqnrDecibels"] as? Double == 40)
    #expect(layer["cosine"] as? Double == 0.9999)
  }
}
