import Foundation
import QuillData
import TestSupport
import Testing

/// `drift` on arrays: what a network takes that is no picture, with the right classes or without.
struct DriftArrayTests {
  private struct Report: Decodable {
    struct Score: Decodable { var correct: Int }
    struct Flips: Decodable { var changed: Int }
    var images: Int
    var float: Score?
    var quantized: Score?
    var flips: Flips
  }

  /// The tiny network, its int8 file, and drawn digits as arrays.
  private struct Given {
    let work: Workspace
    let network: String
    let quantized: String
    let inputs: String
    let targets: String
    static let count = 60

    init() throws {
      work = try Workspace()
      network = work.network
      quantized = work.path("coarse.quill")
      try #require(
        try Tool.run(["convert", network, "-o", quantized, "--calibrate", "synthetic", "--quiet"]).status == 0)
      let digits = try DataSource(argument: "synthetic:\(Self.count)").load(split: .test)
      let floats = digits.images.map { Float($0) / 255 }
      inputs = try work.array("x.npy", NumpyArray(shape: [Self.count, 784], floats: floats))
      targets = try work.array("y.npy", NumpyArray(shape: [Self.count, 1], int8s: digits.labels.map { Int8($0) }))
    }

    func report(_ arguments: [String]) throws -> Report {
      let outcome = try Tool.run(["drift", network, quantized, "--json"] + arguments)
      return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    }

    func error(_ arguments: [String]) throws -> String {
      let outcome = try Tool.run(["drift", network, quantized] + arguments)
      #expect(outcome.status != 0)
      return outcome.errorLines.joined(separator: "\n")
    }
  }

  @Test func arraysCompareAsTheirImagesDo() throws {
    let given = try Given()
    let pictures = try given.report(["--data", "synthetic:\(Given.count)"])
    let arrays = try given.report(["--data", given.inputs, "--targets", given.targets])
    #expect(arrays.images == Given.count)
    #expect(arrays.float?.correct == pictures.float?.correct)
    #expect(arrays.quantized?.correct == pictures.quantized?.correct)
    #expect(arrays.flips.changed == pictures.flips.changed)
    let unlabelled = try given.report(["--data", given.inputs])
    #expect(unlabelled.float == nil && unlabelled.flips.changed == pictures.flips.changed)
    #expect(try given.report(["--data", given.inputs, "--targets", given.targets, "--limit", "7"]).images == 7)
    let text = try Tool.run(["drift", given.network, given.quantized, "--data", given.inputs]).output
    #expect(text.hasPrefix("samples    60\nagreement  "))
    #expect(text.contains("\n\(pictures.flips.changed) of 60 answers change; the noisiest layer is "))
  }

  @Test func unfitArraysAreNamed() throws {
    let given = try Given()
    let few = try given.work.array("few.npy", NumpyArray(shape: [2], int8s: [1, 2]))
    #expect(
      try given.error(["--data", given.inputs, "--targets", few])
        == "quill drift: \(few): holds 2 samples, but \(given.inputs) 60")
    #expect(
      try given.error(["--data", given.inputs, "--targets", given.inputs])
        == "quill drift: \(given.inputs): shape [60, 784]; expected one number for each sample")
    #expect(
      try given.error(["--data", "synthetic:9", "--targets", few])
        == "quill drift: --targets goes with --data X.npy; other data have their own labels")
    let bytes = try given.work.array("b.npy", NumpyArray(shape: [1, 784], int8s: [Int8](repeating: 1, count: 784)))
    #expect(
      try given.error(["--data", bytes])
        == "quill drift: \(bytes): holds int8; expected floats, scaled as in training (numpy: "
        + "x.astype(numpy.float32) / 255, say)")
    var floats = [Float](repeating: 0, count: 784)
    floats[5] = .nan
    let holed = try given.work.array("n.npy", NumpyArray(shape: [1, 784], floats: floats))
    #expect(
      try given.error(["--data", holed])
        == "quill drift: \(holed): element 5 is not a number (NaN), which int8 cannot hold")
  }
}
