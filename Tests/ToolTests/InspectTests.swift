import Foundation
import QuillData
import Testing

/// `inspect`: text and JSON.
@Suite struct InspectTests {
  private struct Report: Decodable {
    struct Tensor: Decodable {
      let scale: Float?
      let range: [Float]?
    }
    let format: String
    let inputs: [Tensor]
    let tensors: [Tensor]
    struct Layer: Decodable { let parameterRange: [Float]? }
    let layers: [Layer]
    let parameters: Int
    let multiplyAccumulates: Int
  }

  private func report(_ path: String) throws -> Report {
    let outcome = try Tool.run(["inspect", path, "--json"])
    #expect(outcome.status == 0)
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("QuillConverterTests/Fixtures")

  @Test func floatNetworksShowTheirWeights() throws {
    let work = try Workspace()
    let report = try report(work.network)
    #expect(report.format == "onnx")
    #expect(report.tensors.allSatisfy { $0.range == nil && $0.scale == nil })
    #expect(report.parameters > 0 && report.multiplyAccumulates > 0)
    let text = try Tool.run(["inspect", work.network]).output
    #expect(!text.contains("range") && text.contains("products  weights"))
    let ranges = report.layers.compactMap(\.parameterRange)
    #expect(!ranges.isEmpty && ranges.allSatisfy { $0.count == 2 && $0[0] < $0[1] })
  }

  @Test func int8ONNXShowsItsRanges() throws {
    let path = Self.fixtures.appendingPathComponent("onnx-int8/cnn-qdq-int8-channel.onnx").path
    let report = try report(path)
    #expect(report.format == "onnx int8")
    #expect(report.tensors.allSatisfy { ($0.range?.count ?? 0) == 2 })
    let text = try Tool.run(["inspect", path])
    #expect(text.status == 0)
    #expect(text.output.contains("products  range"))
    #expect(text.output.contains(", range "))
    let page = try Tool.run(["inspect", path, "--html", "-"])
    #expect(page.output.contains("<th class=\"right\">range</th>"))
  }

  @Test(arguments: [
    ("importers/sequential.h5", "keras"), ("importers/functional.keras", "keras"),
    ("importers/small-float.tflite", "tflite"), ("importers/small-int8.tflite", "tflite int8"),
  ])
  func everyFormatIsShown(_ name: String, _ format: String) throws {
    let report = try report(Self.fixtures.appendingPathComponent(name).path)
    #expect(report.format == format)
    #expect(report.parameters > 0 && report.multiplyAccumulates > 0)
  }
}
