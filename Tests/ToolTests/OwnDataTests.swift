import Foundation
import QuillData
import QuillImaging
import TestSupport
import Testing

/// Pictures as users have them: dark ink on light paper, photographs of several sizes, and some that show nothing.
@Suite struct OwnDataTests {
  private struct Evaluation: Decodable { let images: Int, accuracy: Double }

  private func accuracy(_ network: String, _ data: String) throws -> Double {
    let outcome = try Tool.run(["evaluate", network, "--data", data, "--json"])
    #expect(outcome.status == 0, "\(outcome.error)")
    return try JSONDecoder().decode(Evaluation.self, from: Data(outcome.output.utf8)).accuracy
  }

  /// Digits on light paper, a folder a class; each picture has another size.
  private func photographs(_ folder: TemporaryFolder, _ name: String, count: Int) throws -> String {
    for index in 0..<count {
      let (width, height) = (120 + index * 7 % 60, 100 + index * 11 % 50)
      var canvas = [UInt8](repeating: 225, count: width * height)
      var span = canvas.mutableSpan
      DigitGenerator(seed: 5).draw(
        sample: UInt64(index), as: index % 10, onto: &span, shape: FrameShape(width: width, height: height),
        placement: DigitPlacement(x: Int32(10 + index % 30), y: 12, size: 64, ink: 30))
      try folder.write("\(name)/\(index % 10)/\(index).pgm", Array("P5 \(width) \(height) 255 ".utf8) + canvas)
    }
    return folder.path + "/" + name
  }

  /// What a network of dark ink was never shown otherwise: the file and the network bring photographs to it.
  @Test func darkInkIsLearntAndFound() throws {
    let folder = try TemporaryFolder()
    let digits = SyntheticDigits.images(split: .train, count: 1200)
    for index in 0..<digits.count {
      let pixels = digits.image(index).map { 255 - $0 }
      try folder.write("dark/\(digits.labels[index])/\(index).pgm", Array("P5 28 28 255 ".utf8) + pixels)
    }
    let (network, file, data) = (folder.path + "/n.onnx", folder.path + "/n.quill", folder.path + "/dark")
    let trained = try Tool.run([
      "train", "--network", "conv8x3-pool-dense32-classes", "--data", data, "--epochs", "8", "-o", network,
    ])
    #expect(trained.status == 0)
    let converted = try Tool.run(["convert", network, "-o", file, "--calibrate", data])
    #expect(
      converted.error.hasPrefix(
        "quill convert: the network has learnt dark ink on light paper; what is found in pictures is shown it so\n"))
    #expect(try Tool.run(["inspect", file]).output.contains("polarity: darkOnLight"))
    let photographs = try photographs(folder, "photographs", count: 60)
    #expect(try accuracy(network, photographs) > 0.7)
    #expect(try accuracy(file, photographs) > 0.7)
  }

  @Test func photographsOfSeveralSizesTeach() throws {
    let folder = try TemporaryFolder()
    let photographs = try photographs(folder, "photographs", count: 200)
    let network = folder.path + "/n.onnx"
    let train = ["train", "--network", "dense64-classes", "--data", photographs, "--epochs", "12", "-o", network]
    let plain = try Tool.run(train)
    #expect(
      plain.status == 1 && plain.error.hasSuffix("; bring all images to one size; --size does so\n"))
    let blank = try folder.write(
      "photographs/4/blank.pgm", Array("P5 90 90 255 ".utf8) + [UInt8](repeating: 220, count: 8100))
    let sized = try Tool.run(train + ["--size", "28x28x1"])
    #expect(sized.status == 0)
    let leftOut = "no digit was found in 1 picture, left out: \(blank)"
    #expect(sized.errorLines.first == "quill train: \(leftOut)")
    #expect(sized.error.contains("200 images of 28x28x1"))
    #expect(try accuracy(network, photographs) > 0.8)
    let evaluated = try Tool.run(["evaluate", network, network, "--data", photographs])
    #expect(evaluated.errorLines.filter { $0 == "quill evaluate: \(photographs): \(leftOut)" }.count == 1)
    let explored = try Tool.run(["explore", "--data", photographs, "--size", "28x28x1"])
    #expect(explored.output.hasPrefix("train: 200 images of 28 x 28 x 1, ") && explored.errorLines.count == 1)
    // A network that goes on learning has its size.
    let further = try Tool.run([
      "train", "--from", network, "--data", photographs, "--epochs", "1", "-o", folder.path + "/m.onnx",
    ])
    #expect(further.status == 0 && further.errorLines.first == "quill train: \(leftOut)")
    let both = try Tool.run(["train", "--from", network, "--size", "28x28x1", "--data", photographs, "-o", "o"])
    #expect(both.error == "quill train: the option --size does not fit: the network of --from has its own\n")
    for wrong in ["28", "28x28", "28x28x2", "28x28x1x", "0x28x1"] {
      #expect(try Tool.run(train + ["--size", wrong]).status == 2)
    }
  }
}
