import Quill
import QuillConverter
import TestSupport
import Testing

@Suite("The example of the README")
struct ReadmeExampleTests {
  /// README.md shows the lines between the marks; `Tools/check/readme` holds the two against each other.
  private func classify(_ bytes: [UInt8], _ pixels: [UInt8]) throws -> (String, Int) {
    // README begin
    var classifier = try Classifier(bytes.span)
    let answer = classifier.classify(pixels: pixels.span)
    let name = classifier.label(answer.classIndex)
    print("\(name), \(answer.percent) %")
    // README end
    return (name, answer.percent)
  }

  @Test("open, hand over pixels, get class and probability")
  func example() throws {
    var random = SeededGenerator(seed: 3)
    let graph = RandomNetwork.make(&random)
    var description = FlatFileDescription()
    description.meaning = .probabilities
    description.decisionTensor = graph.nodes.last?.inputs[0]
    description.labels = (0..<10).map { "class \($0)" }
    let bytes = try FlatFileWriter.write(graph, match: .tensorFlowLiteMicro, description).bytes
    let count = graph.tensors[graph.inputs[0]].shape.product
    let (name, percent) = try classify(bytes, [UInt8](repeating: 200, count: count))
    #expect(description.labels.contains(name))
    #expect((0...100).contains(percent))
  }
}
