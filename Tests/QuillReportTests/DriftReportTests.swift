import Foundation
import QuillReport
import Testing

@Suite("The drift report")
struct DriftReportTests {
  /// The keys that scripts read.
  private static let json = """
    {
      "agreement" : 0.75, "images" : 4, "verdict" : "one sentence",
      "float" : { "accuracy" : 1, "correct" : 4 }, "quantized" : { "accuracy" : 0.75, "correct" : 3 },
      "flips" : { "changed" : 1, "gained" : 0, "lost" : 1 },
      "flippedImages" : [ { "float" : 7, "image" : 2, "label" : 7, "quantized" : 1 } ],
      "outputs" : { "largestDifference" : 0.5, "meanDifference" : 0.125 },
      "layers" : [
        { "cosine" : 0.9999, "name" : "a", "operator" : "Conv2D", "ownSqnrDecibels" : 41, "saturated" : 0,
          "sqnrDecibels" : 40 },
        { "cosine" : 1, "name" : "b", "operator" : "MaxPool2D", "saturated" : 0.5, "sqnrDecibels" : 41 }
      ]
    }
    """

  private static func report() throws -> DriftReport {
    try JSONDecoder().decode(DriftReport.self, from: Data(json.utf8))
  }

  @Test("the text, to the letter")
  func text() throws {
    let expected = """
      samples    4
      float      100.00 %  (4 right)
      int8       75.00 %  (3 right)
      agreement  75.00 %  (1 changed: 1 lost, 0 gained)
      outputs    largest difference 0.5000, mean 0.125000

      layer  operator         SQNR dB   own dB    cosine  saturated
      a      Conv2D              40.0     41.0   0.99990     0.00 %
      b      MaxPool2D           41.0    exact   1.00000    50.00 %

      one sentence
      """
    #expect(try Self.report().text == expected)
  }

  @Test("the JSON comes back as it went")
  func json() throws {
    let report = try Self.report()
    #expect(try JSONDecoder().decode(DriftReport.self, from: JSONEncoder().encode(report)) == report)
    #expect(report.float?.correct == 4 && report.quantized?.correct == 3 && report.flips?.lost == 1)
  }
}
