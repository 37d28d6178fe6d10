import Foundation
import QuillData
import QuillImaging
import Testing

/// `classify` and `evaluate`.
@Suite struct ImageCommandTests {
  private struct Number: Decodable {
    struct Digit: Decodable {
      let label: String
      let box: Box
    }

    let number: String
    let digits: [Digit]
  }

  private struct Box: Decodable { let x: Int, y: Int, width: Int, height: Int }

  private struct Evaluation: Decodable {
    let images: Int
    let correct: Int
    let accuracy: Double
    let confusion: [[Int]]
    let split: String
  }

  private struct Classification: Decodable {
    struct Candidate: Decodable { let label: String, probability: Double }
    let image: String
    let label: String
    let probability: Double
    let unsure: Bool
    let box: Box
    let distribution: [Candidate]
  }

  private func pgm(_ data: LabelledImages, _ index: Int, inverted: Bool = false) -> [UInt8] {
    Array("P5\n\(data.width) \(data.height)\n255\n".utf8) + data.image(index).map { inverted ? 255 - $0 : $0 }
  }

  @Test func evaluationCountsRight() throws {
    let work = try Workspace()
    let outcome = try Tool.run(["evaluate", work.network, "--data", "synthetic", "--limit", "500", "--json"])
    #expect(outcome.status == 0)
    let report = try JSONDecoder().decode(Evaluation.self, from: Data(outcome.output.utf8))
    #expect(report.images == 500)
    #expect(report.split == "test")
    #expect(report.accuracy == Double(report.correct) / 500)
    #expect(report.confusion.flatMap(\.self).reduce(0, +) == 500)
    #expect(report.confusion.indices.reduce(0) { $0 + report.confusion[$1][$1] } == report.correct)
    #expect(report.accuracy > 0.6)
    let text = try Tool.run(["evaluate", work.network, "--data", "synthetic:500"])
    #expect(text.output.contains("\(report.correct) of 500 images"))
    #expect(text.error.isEmpty)
  }

  @Test func foldersOfImagesAnswerLikeTheImages() throws {
    let work = try Workspace()
    let digits = try DataSource(argument: "synthetic:20").load(split: .test)
    for index in 0..<digits.count {
      try work.folder.write("set/\(digits.labels[index])_\(index).pgm", pgm(digits, index))
    }
    let folder = try Tool.run(["evaluate", work.network, "--data", work.path("set"), "--json"])
    let drawn = try Tool.run(["evaluate", work.network, "--data", "synthetic:20", "--json"])
    let decoder = JSONDecoder()
    #expect(
      try decoder.decode(Evaluation.self, from: Data(folder.output.utf8)).correct
        == decoder.decode(Evaluation.self, from: Data(drawn.output.utf8)).correct)
  }

  @Test func picturesAreClassified() throws {
    let work = try Workspace()
    let digits = try DataSource(argument: "synthetic:3").load(split: .test)
    let paths = try (0..<3).map { try work.folder.write("\($0).pgm", pgm(digits, $0, inverted: $0 == 1)) }
    let outcome = try Tool.run(["classify", work.network] + paths + ["--json", "--top", "2"])
    #expect(outcome.status == 0)
    let answers = try JSONDecoder().decode([Classification].self, from: Data(outcome.output.utf8))
    #expect(answers.map(\.image) == paths)
    for answer in answers {
      #expect(answer.distribution.count == 2)
      #expect(answer.distribution[0].label == answer.label)
      #expect(answer.distribution[0].probability >= answer.distribution[1].probability)
    }
    let text = try Tool.run(["classify", work.network, paths[0], "--top", "1"])
    #expect(text.output.hasPrefix("\(paths[0]): \(answers[0].label) ("))
    #expect(text.output.split(separator: "\n").count == 1)
  }

  @Test func sigmoidsAreProbabilitiesOfEachClassByItself() throws {
    let work = try Workspace()
    // The tiny network again, its softmax turned into sigmoids: the names are of the same length.
    var bytes = CoarseDigits.onnx
    let (softmax, sigmoid) = (Array("Softmax".utf8), Array("Sigmoid".utf8))
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: softmax) })
    bytes.replaceSubrange(place..<place + softmax.count, with: sigmoid)
    let float = try work.folder.write("sigmoids.onnx", bytes)
    let model = work.path("sigmoids.quill")
    #expect(try Tool.run(["convert", float, "-o", model, "--calibrate", "synthetic:100"]).status == 0)
    #expect(try Tool.run(["inspect", model]).output.contains("outputMeaning: probabilities"))
    let digits = try DataSource(argument: "synthetic:20").load(split: .test)
    let paths = try (0..<20).map { try work.folder.write("\($0).pgm", pgm(digits, $0)) }
    func answers(_ network: String) throws -> [Classification] {
      let output = try Tool.run(["classify", network, "--json"] + paths).output
      return try JSONDecoder().decode([Classification].self, from: Data(output.utf8))
    }
    let (before, after) = (try answers(float), try answers(model))
    #expect(before.contains { $0.probability > 0.9 }, "a softmax of sigmoids would give a quarter at most")
    #expect(zip(before, after).count { $0.label == $1.label } >= 19)
    for (float, int8) in zip(before, after) where float.label == int8.label {
      #expect(abs(float.probability - int8.probability) < 0.15)
      #expect(float.unsure == int8.unsure || float.probability < 0.9)
    }
  }

  @Test func aBlankPictureHasNoDigit() throws {
    let work = try Workspace()
    let blank = try work.folder.write("blank.pgm", Array("P5 40 40 255 ".utf8) + [UInt8](repeating: 200, count: 1600))
    let text = try Tool.run(["classify", work.network, blank])
    #expect(text.status == 0)
    #expect(text.output == "\(blank): no digit\n")
    #expect(try Tool.run(["classify", work.network, blank, "--multi"]).output == text.output)
    let json = try Tool.run(["classify", work.network, blank, "--json"]).output
    for key in ["label", "class", "box"] { #expect(json.contains("\"\(key)\" : null")) }
  }

  @Test func aRowOfDigitsIsReadAsANumber() throws {
    let work = try Workspace()
    let (width, height) = (300, 100)
    var canvas = [UInt8](repeating: 230, count: width * height)
    var span = canvas.mutableSpan
    for (index, label) in [4, 0, 7].enumerated() {
      DigitGenerator(seed: 9).draw(
        sample: UInt64(index), as: label, onto: &span, shape: FrameShape(width: width, height: height),
        placement: DigitPlacement(x: Int32(20 + index * 90), y: 15, size: 64, ink: 20))
    }
    let path = try work.folder.write("row.pgm", Array("P5 \(width) \(height) 255 ".utf8) + canvas)
    let steps = work.path("steps")
    let outcome = try Tool.run(["classify", work.network, path, "--multi", "--json", "--explain", steps])
    #expect(outcome.status == 0)
    let answer = try #require(try JSONDecoder().decode([Number].self, from: Data(outcome.output.utf8)).first)
    #expect(answer.number.count == 3)
    #expect(answer.digits.map(\.label).joined() == answer.number)
    for (index, digit) in answer.digits.enumerated() {
      #expect((20 + index * 90..<84 + index * 90).contains(digit.box.x) && digit.box.y >= 15)
      #expect((1...64).contains(digit.box.width) && (1...64).contains(digit.box.height))
    }
    for name in ["01-grey", "02-equalised-none", "03-edges", "06-threshold", "07-boxes", "10-digit"] {
      let picture = try ImageFile.read("\(steps)/\(name).png")
      #expect(picture.width == (name.hasSuffix("digit") ? 280 : width))
    }
    #expect(try ImageFile.read("\(steps)/01-grey.png").pixels == canvas)
  }

  @Test func moreDigitsThanAreReadAreNotPassedOver() throws {
    let work = try Workspace()
    let (width, height) = (440, 240)
    var canvas = [UInt8](repeating: 230, count: width * height)
    var span = canvas.mutableSpan
    for index in 0..<40 {
      DigitGenerator(seed: 9).draw(
        sample: UInt64(index), as: index % 10, onto: &span, shape: FrameShape(width: width, height: height),
        placement: DigitPlacement(x: Int32(10 + index % 10 * 42), y: Int32(10 + index / 10 * 56), size: 36, ink: 20))
    }
    let path = try work.folder.write("page.pgm", Array("P5 \(width) \(height) 255 ".utf8) + canvas)
    let text = try Tool.run(["classify", work.network, path, "--multi"]).output
    #expect(text.hasSuffix("  32 digits are the most that are read: there may be more\n"))
    #expect(try Tool.run(["classify", work.network, path, "--multi", "--json"]).output.contains("\"unsure\" : true"))
  }

  private func error(_ arguments: [String]) throws -> String {
    let outcome = try Tool.run(arguments)
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errorLines.count == 1)
    return outcome.error
  }

  @Test func picturesOfTheWrongKindAreNamed() throws {
    let work = try Workspace()
    let gif = try work.folder.write("a.png", Array("GIF89a....".utf8))
    #expect(
      try error(["classify", work.network, gif])
        == "quill classify: \(gif): is a GIF image; expected PNG, JPEG, PGM or PPM\n")
    let cut = try work.folder.write("cut.pgm", Array("P5 40 40 255 ".utf8))
    #expect(
      try error(["classify", work.network, cut])
        == "quill classify: \(cut): byte 13: expected 1600 bytes of samples, found 0; the file is cut\n")
    let whole = try work.folder.write("7.pgm", pgm(SyntheticDigits.images(split: .test, count: 1), 0))
    let both = try Tool.run(["classify", work.network, cut, whole])
    #expect(both.status == 1 && both.output.hasPrefix("\(whole): "), "the others are answered")
    #expect(both.error == "quill classify: \(cut): byte 13: expected 1600 bytes of samples, found 0; the file is cut\n")
    #expect(
      try error(["classify", work.network, work.path("none.png")])
        == "quill classify: \(work.path("none.png")): there is no such file or folder\n")
  }

  @Test func dataThatDoesNotFitIsNamed() throws {
    let work = try Workspace()
    #expect(
      try error(["evaluate", work.network, "--data", work.path("none")])
        == "quill evaluate: \(work.path("none")): there is no such file or folder\n")
    try work.folder.write("labels/12_a.pgm", Array("P5 28 28 255 ".utf8) + [UInt8](repeating: 9, count: 784))
    #expect(
      try error(["evaluate", work.network, "--data", work.path("labels")])
        == "quill evaluate: \(work.path("labels")): has an image of class 12, one of 13; \(work.network) answers only "
        + "10 classes\n")
    try work.folder.write("nothing/readme", Array("words".utf8))
    #expect(
      try error(["evaluate", work.network, "--data", work.path("nothing")])
        == "quill evaluate: \(work.path("nothing")): holds neither IDX files (train-images-idx3-ubyte.gz, ...) nor images "
        + "(PNG, JPEG, PGM, PPM)\n")
  }

  @Test func calibrationNeedsNoClasses() throws {
    let work = try Workspace()
    let digits = try DataSource(argument: "synthetic:12").load(split: .test)
    for index in 0..<12 { try work.folder.write("photos/photo\(index).pgm", pgm(digits, index)) }
    let outcome = try Tool.run([
      "convert", work.network, "-o", work.path("a.quill"), "--calibrate", work.path("photos"),
    ])
    #expect(outcome.status == 0 && outcome.error.contains("calibrated on 12 images"), "\(outcome.error)")
  }

  @Test func standardOutputThatIsFullIsAnError() throws {
    let work = try Workspace()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "\"$0\" inspect \"$1\" > /dev/full 2> \"$2\"", Tool.path, work.network, work.path("err"),
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(
      String(decoding: try FileBytes.read(work.path("err")), as: UTF8.self)
        == "quill inspect: standard output: cannot be written: No space left on device\n")
  }

  @Test func aClosedPipeIsQuiet() throws {
    let work = try Workspace()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "\"$0\" inspect \"$1\" 2> \"$2\" | true", Tool.path, work.network, work.path("err")]
    try process.run()
    process.waitUntilExit()
    #expect(try FileBytes.read(work.path("err"), acceptsEmpty: true).isEmpty)
  }
}
