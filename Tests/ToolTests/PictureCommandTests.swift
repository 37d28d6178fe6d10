import Foundation
import QuillData
import TestSupport
import Testing

/// `evaluate` with pictures and damaged images, `explain`, `explore`, and training on other data than digits.
@Suite struct PictureCommandTests {
  private struct Evaluation: Decodable {
    struct Class: Decodable { let name: String, precision: Double }
    let accuracy: Double
    let classes: [Class]
  }

  private struct Explained: Decodable {
    struct Explanation: Decodable { let classIndex: Int, weights: [Double] }
    let explanation: Explanation
  }

  private struct Explored: Decodable {
    struct Part: Decodable { let images: Int }
    let parts: [Part]
    let warnings: [String]
  }

  private func decoded<Value: Decodable>(_ type: Value.Type, _ output: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(output.utf8))
  }

  private func pgm(_ data: LabelledImages, _ index: Int) -> [UInt8] {
    Array("P5\n\(data.width) \(data.height)\n255\n".utf8) + data.image(index)
  }

  @Test func evaluationsAreDrawn() throws {
    let work = try Workspace()
    let (page, sheet, errors) = (work.path("e.html"), work.path("s.png"), work.path("e.png"))
    let outcome = try Tool.run([
      "evaluate", work.network, "--data", "synthetic:60", "--html", page, "--sheet", sheet, "--errors", errors,
      "--pictures", "12", "--corrupt", "--digits", "4",
    ])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("              precision    recall  f1-score   support\n"))
    #expect(outcome.output.contains("\nspatter  "))
    let html = String(decoding: try FileBytes.read(page), as: UTF8.self)
    // 12 first images, 65 damaged ones, and up to 12 errors.
    #expect(html.components(separatedBy: "<img ").count > 12 + 65)
    for word in ["http://www.w3.org/2000/svg", "<svg "] { #expect(html.contains(word)) }
    for word in ["https://", "<script", "<link"] { #expect(!html.contains(word)) }
    #expect(try ImageFile.read(sheet).channels == 3)
    #expect(try ImageFile.read(errors).width > 28)
  }

  @Test func severalNetworksStandSideBySide() throws {
    let work = try Workspace()
    let outcome = try Tool.run(["evaluate", work.network, work.network, "--data", "synthetic:50", "--corrupt"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("means over five strengths"))
    let json = try Tool.run(["evaluate", work.network, work.network, "--data", "synthetic:50", "--json"])
    let answers = try decoded([Evaluation].self, json.output)
    #expect(answers.count == 2 && answers[0].accuracy == answers[1].accuracy)
  }

  @Test func decisionsAreExplained() throws {
    let work = try Workspace()
    let digit = try work.folder.write("7.pgm", pgm(SyntheticDigits.images(split: .test, count: 1), 0))
    let (picture, page) = (work.path("w.png"), work.path("w.html"))
    let outcome = try Tool.run(["explain", work.network, digit, "--png", picture, "--html", page])
    #expect(outcome.status == 0)
    #expect(outcome.output.split(separator: "\n").count == 15)
    #expect(try ImageFile.read(picture).channels == 3)
    // Pictures of one name are told apart by their folders.
    let again = try work.folder.write("more/7.pgm", pgm(SyntheticDigits.images(split: .test, count: 2), 1))
    #expect(try Tool.run(["explain", work.network, digit, again, "--html", page]).status == 0)
    let html = String(decoding: try FileBytes.read(page), as: UTF8.self)
    for caption in ["7.pgm", "more/7.pgm"] { #expect(html.contains("<figcaption>\(caption)</figcaption>")) }
    let json = try Tool.run(["explain", work.network, digit, "--method", "occlusion", "--class", "3", "--json"])
    let explanation = try decoded([Explained].self, json.output)[0].explanation
    #expect(explanation.classIndex == 3 && explanation.weights.count == 784)
    let none = try Tool.run(["explain", work.network, digit, "--class", "eleven"])
    #expect(none.status == 2)
  }

  @Test func dataIsExplored() throws {
    let folder = try TemporaryFolder()
    let digits = SyntheticDigits.images(split: .train, count: 12)
    for index in 0..<12 { try folder.write("set/\(digits.labels[index])/\(index).pgm", pgm(digits, index)) }
    try folder.write("set/\(digits.labels[4])/again.pgm", pgm(digits, 4))
    let (page, sheet) = (folder.path + "/x.html", folder.path + "/x.png")
    let outcome = try Tool.run(["explore", "--data", folder.path + "/set", "--html", page, "--sheet", sheet])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("train: 13 images of 28 x 28 x 1, samples 0..."))
    #expect(outcome.output.contains("warning: train: 1 pair of images that are the same, or nearly so"))
    #expect(try ImageFile.read(sheet).channels == 3)
    // All thirteen, and the two that are the same once more.
    #expect(String(decoding: try FileBytes.read(page), as: UTF8.self).components(separatedBy: "<img ").count == 16)
    let json = try Tool.run(["explore", "--data", folder.path + "/set", "--json"])
    let explored = try decoded(Explored.self, json.output)
    #expect(explored.parts.map(\.images) == [13] && explored.warnings.count >= 1)
  }

  /// 36 classes, and the digits of another script by names of their own.
  @Test(arguments: [("synthetic-letters:1500", 36), ("synthetic-devanagari:600", 10)])
  func otherClassesAreLearnt(data: String, classCount: Int) throws {
    let folder = try TemporaryFolder()
    let names = (0..<classCount).map { "class \($0) \u{966}" }
    let labels = try folder.write("labels.txt", Array((names.joined(separator: "\n") + "\n").utf8))
    let network = folder.path + "/n.onnx"
    let trained = try Tool.run([
      "train", "--network", "flatten-dense64-classes", "--data", data, "--epochs", "12", "--labels", labels,
      "--class-weights", "balanced", "--validation-data", data, "--best", "accuracy", "-o", network, "--no-test",
    ])
    #expect(trained.status == 0, "\(trained.error)")
    let evaluated = try Tool.run(["evaluate", network, "--data", data, "--json"])
    let answer = try decoded(Evaluation.self, evaluated.output)
    #expect(answer.classes.count == classCount && answer.accuracy > 0.6)
    let few = try folder.write("few.txt", Array("a\nb\n".utf8))
    let refused = try Tool.run([
      "train", "--network", "flatten-classes", "--data", data, "--labels", few, "-o", network,
    ])
    #expect(refused.status == 1)
    #expect(
      refused.error
        == "quill train: \(few): holds 2 different names, but \(data) has \(classCount) classes; expected a name for each, "
        + "one a line\n")
  }
}
