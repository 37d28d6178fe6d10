import Foundation
import Quill
import QuillConverter
import QuillFloat
import QuillReport
import Testing

/// What drift says of a layer by itself.
@Suite("A layer by itself")
struct IsolatedLayerTests {
  /// Samples of eight numbers from a range, spread evenly.
  private static func samples(_ low: Float, _ high: Float) -> @Sendable (Int) -> [FloatTensor] {
    { index in
      let values = (0..<8).map { low + (high - low) * Float((index * 8 + $0) * 37 % 512) / 511 }
      return [FloatTensor(shape: [1, 8], values: values)]
    }
  }

  private static func report(
    _ graph: Graph, calibration: ClosedRange<Float>, data: ClosedRange<Float>
  ) throws -> DriftReport {
    var options = Converter.Options()
    options.pixelRange = Calibration.Range(low: calibration.lowerBound, high: calibration.upperBound)
    let bytes = try Converter.convert(
      graph, options, calibrationCount: 64,
      calibrationInputs: samples(calibration.lowerBound, calibration.upperBound)
    ).bytes
    return try Drift(graph, SharedModel(bytes)).measure(
      count: 64, labels: nil, inputs: samples(data.lowerBound, data.upperBound))
  }

  @Test("a table that stands for several float operations is held against all of them")
  func composedFunction() throws {
    var builder = GraphBuilder(name: "composed")
    let input = try builder.input("x", shape: [1, 8])
    let three = try builder.constant("three", shape: [1], [3])
    let shift = try builder.constant("shift", shape: [1], [-20])
    let tripled = try builder.append(.binary(.multiply, .none), [input, three], name: "tripled")
    let shifted = try builder.append(.binary(.subtract, .none), [tripled, shift], name: "shifted")
    builder.output(try builder.append(.unary(.squareRoot), [shifted], name: "root"))
    let report = try Self.report(try builder.finish(), calibration: 0...4, data: 0...4)
    #expect(report.layers.map(\.name) == ["root"])
    let own = try #require(report.layers[0].ownSqnrDecibels)
    #expect((40...65).contains(own), "by itself, a table of 256 answers: \(own)")
  }

  @Test(
    "values that a ReLU takes away are no noise of the layer before its scale and shift, and take none of its steps")
  func unreadValues() throws {
    func layers(_ activation: QuillFloat.Operation.Activation) throws -> [DriftReport.Layer] {
      var builder = GraphBuilder(name: "normalised")
      let input = try builder.input("x", shape: [1, 8])
      let normal = try builder.append(.normalize(axes: [1], centers: true, epsilon: 0), [input], name: "normal")
      let gain = try builder.constant("gain", shape: [1, 8], [1, 2, 1, 1, 3, 1, 1, 1])
      let shift = try builder.constant("shift", shape: [1, 8], [0, 0, 0.1, 0, 0, 0, 0, -1])
      let scaled = try builder.append(.binary(.multiply, .none), [normal, gain], name: "scaled")
      builder.output(try builder.append(.binary(.add, activation), [scaled, shift], name: "answer"))
      return try Self.report(try builder.finish(), calibration: 0...1, data: 0...1).layers
    }
    let whole = try #require(try layers(.none).first)
    let cut = try #require(try layers(.relu).first)
    #expect(whole.name == "normal" && cut.name == "normal")
    let (wholeOwn, cutOwn) = (try #require(whole.ownSqnrDecibels), try #require(cut.ownSqnrDecibels))
    #expect(cutOwn > wholeOwn + 2, "half the range: \(wholeOwn), \(cutOwn)")
    #expect(whole.saturated == 0 && cut.saturated == 0)
  }

  @Test("scores count from the greatest, as a softmax takes them, and those far below it as nothing")
  func scores() throws {
    func scores(of data: ClosedRange<Float>) throws -> DriftReport.Layer {
      var builder = GraphBuilder(name: "scores")
      let input = try builder.input("x", shape: [1, 8])
      let weights = try builder.constant("w", shape: [8, 8], (0..<64).map { $0 % 9 == 0 ? 40 : 0 })
      let scores = try builder.append(.fullyConnected(.none), [input, weights], name: "scores")
      builder.output(try builder.append(.softmax(axis: 1), [scores], name: "shares"))
      return try #require(
        try Self.report(try builder.finish(), calibration: -1...1, data: data).layers.first { $0.name == "scores" })
    }
    let within = try scores(of: -1...1)
    #expect(within.saturated == 0, "of scores down to -40 int8 holds those that a softmax shows")
    #expect(try #require(within.sqnrDecibels) > 35)
    let beyond = try scores(of: 1...2)
    #expect(beyond.saturated > 0.2, "scores of 80 that int8 holds as 40")
    #expect(try #require(beyond.sqnrDecibels) < 3, "all are alike there")
  }

  @Test("where float divides by zero the report still is JSON")
  func divisionByZero() throws {
    var builder = GraphBuilder(name: "division")
    let input = try builder.input("x", shape: [1, 8])
    builder.output(try builder.append(.unary(.reciprocal), [input], name: "inverse"))
    let report = try Self.report(try builder.finish(), calibration: 0.5...4, data: 0...4)
    let layer = try #require(report.layers.first)
    #expect(layer.saturated > 0, "what float has no number for, int8 cannot hold")
    #expect(layer.cosine.isFinite && layer.sqnrDecibels?.isFinite != false && layer.ownSqnrDecibels?.isFinite != false)
    _ = try JSONEncoder().encode(report)
  }
}
