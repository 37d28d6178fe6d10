import Foundation
import QuillData
import TestSupport
import Testing

/// How the classes of data and those of a network are taken for each other.
@Suite struct ClassMatchTests {
  private struct Evaluation: Decodable {
    let correct: Int
  }

  private func pgm(_ data: LabelledImages, _ index: Int) -> [UInt8] {
    Array("P5\n\(data.width) \(data.height)\n255\n".utf8) + data.image(index)
  }

  private func error(_ arguments: [String]) throws -> String {
    let outcome = try Tool.run(arguments)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    return outcome.error
  }

  @Test func classesAreMatchedByName() throws {
    let work = try Workspace()
    let names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    let labels = try work.folder.write("labels.txt", Array(names.joined(separator: "\n").utf8))
    let model = work.path("named.quill")
    let conversion = ["convert", work.network, "-o", model, "--calibrate", "synthetic:40", "--labels", labels]
    #expect(try Tool.run(conversion).status == 0)
    let digits = try DataSource(argument: "synthetic:60").load(split: .test)
    for index in 0..<digits.count where [2, 4, 9].contains(digits.labels[index]) {
      let name = "\(names[digits.labels[index]])/\(index).pgm"
      try work.folder.write("some/\(name)", pgm(digits, index))
      try work.folder.write("numbered/\(digits.labels[index])/\(index).pgm", pgm(digits, index))
    }
    func correct(_ folder: String) throws -> Int {
      let outcome = try Tool.run(["evaluate", model, "--data", work.path(folder), "--json"])
      return try JSONDecoder().decode(Evaluation.self, from: Data(outcome.output.utf8)).correct
    }
    #expect(try correct("some") == correct("numbered"))
    #expect(try correct("some") > 9, "half of some eighteen at least")
    let drift = try Tool.run(["drift", work.network, model, "--data", work.path("some")])
    #expect(drift.status == 0, "the names of the int8 file serve the float network too")

    // A network that numbers its classes, and folders that spell the numbers out.
    let numbers = try work.folder.write("numbers.txt", Array((0..<10).map(String.init).joined(separator: "\n").utf8))
    let numbered = work.path("numbered.quill")
    #expect(
      try Tool.run(["convert", work.network, "-o", numbered, "--calibrate", "synthetic:40", "--labels", numbers]).status
        == 0)
    let spelt = try Tool.run(["evaluate", numbered, "--data", work.path("some"), "--json"])
    #expect(try JSONDecoder().decode(Evaluation.self, from: Data(spelt.output.utf8)).correct == correct("numbered"))
    #expect(spelt.error == noTestImages("evaluate", work.path("some")))

    try work.folder.write("other/img1.pgm", pgm(digits, 0))
    #expect(
      try error(["evaluate", model, "--data", work.path("other")])
        == "quill evaluate: \(work.path("other")): has an image of class 'img1', which \(model) does not know; "
        + "name folders or files by its classes, \(names.joined(separator: ", ")), or by their numbers from 0\n")
    #expect(
      try error(["evaluate", work.network, "--data", work.path("some")])
        == "quill evaluate: \(work.path("some")): has fewer classes than \(work.network) has outputs (10), which names "
        + "none: which of them 'four' is cannot be told; name folders or files by the outputs' numbers, 0...9\n")
  }

  /// Where only the order of the classes speaks for a match, that is said, or refused where there are two orders.
  @Test func classesTakenInOrderAreSaid() throws {
    let work = try Workspace()
    let digits = try DataSource(argument: "synthetic:10").load(split: .test)
    let words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    for index in 0..<10 {
      try work.folder.write("letters/\(Character(Unicode.Scalar(UInt8(97 + index))))/0.pgm", pgm(digits, index))
      try work.folder.write("words/\(words[index])/0.pgm", pgm(digits, index))
    }
    let data = work.path("letters")
    let unnamed = try Tool.run(["evaluate", work.network, "--data", data])
    #expect(unnamed.status == 0)
    #expect(
      unnamed.error
        == "quill evaluate: \(data): \(work.network) does not name its outputs; classes are taken in their order: 'a' as 0, "
        + "'b' as 1, 'c' as 2, 'd' as 3, ...; if that is wrong, name folders or files by the outputs' numbers from 0\n"
        + noTestImages("evaluate", data))
    #expect(
      try error(["evaluate", work.network, "--data", work.path("words")])
        == "quill evaluate: \(work.path("words")): \(work.network) does not name its outputs: whether they are the classes "
        + "by number or by alphabet, eight, five, four, nine, one, seven, six, three, two, zero, cannot be told; name "
        + "folders or files by the outputs' numbers, 0...9\n")
    let labels = try work.folder.write("labels.txt", Array(words.joined(separator: "\n").utf8))
    let model = work.path("a.quill")
    let conversion = ["convert", work.network, "-o", model, "--calibrate", data]
    #expect(
      try Tool.run(conversion).error.hasPrefix(
        "quill convert: the outputs are named as the data's classes, in their order: a, b, c, d, e, f, g, h, i, j; "
          + "--labels FILE names them otherwise\n"))
    #expect(try Tool.run(conversion + ["--labels", labels]).status == 0)
    let drift = try Tool.run(["drift", work.network, model, "--data", data])
    #expect(
      drift.error
        == "quill drift: \(data): no class of \(work.network) has such a name; classes are taken in their order: 'a' as "
        + "'zero', 'b' as 'one', 'c' as 'two', 'd' as 'three', ...; if that is wrong, name folders or files by the network's "
        + "classes or by their numbers from 0\n" + noTestImages("drift", data))
  }

  /// What is said where images that a network may have learnt from are measured.
  private func noTestImages(_ command: String, _ data: String) -> String {
    "quill \(command): \(data) has no test images of its own, so all its images are measured; a network that learnt from "
      + "them is better here than on new ones\n"
  }
}
