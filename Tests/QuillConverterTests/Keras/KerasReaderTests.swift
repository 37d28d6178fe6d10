import QuillArchive
import QuillConverter
import QuillFloat
import TestSupport
import Testing

/// Small networks of the repository.
struct KerasReaderTests {
  @Test(arguments: [
    "sequential.h5", "functional.keras", "nested.h5", "nested.keras", "activations.keras", "keras-2.2.h5",
    "windows-2.15.keras", "channels-first.h5", "channels-first.keras", "sequences.h5", "sequences.keras",
    "arithmetic.h5", "arithmetic.keras", "slashed.h5", "grouped.keras", "transposed.h5", "transposed.keras",
    "resizing.keras",
  ])
  func networkGivesKerasOutputs(_ name: String) throws {
    let graph = try KerasReader.read(try ImporterFixtures.bytes(name), named: name)
    #expect(try ImporterFixtures.difference(graph, name) <= 2e-5)
  }

  @Test(arguments: [
    ("only.weights.h5", ImportError.keras(layer: "", .weightsOnly)),
    ("earliest.h5", .keras(layer: "", .noNetwork)),
    ("lambda.h5", .keras(layer: "doubling", .customLayer("Lambda"))),
    ("lstm.keras", .keras(layer: "lstm", .unsupportedLayer("LSTM"))),
    ("expected.json", .keras(layer: "", .notKeras)),
  ])
  func whatCannotBeReadIsRefusedByName(_ name: String, _ expected: ImportError) throws {
    let bytes = try ImporterFixtures.bytes(name)
    #expect(throws: expected) { try KerasReader.read(bytes, named: name) }
  }

  @Test(arguments: [
    ("model/data.pkl", ForeignArchive.pyTorch), ("weights.npy", .numpy), ("readme.txt", .other),
  ])
  func otherArchivesAreRefusedByTheirKind(_ member: String, _ kind: ForeignArchive) {
    let bytes = StoredZip.archive([(member, [1, 2, 3])])
    #expect(throws: ImportError.keras(layer: "", .foreignArchive(kind))) { try KerasReader.read(bytes, named: "") }
  }

  @Test func layersKeepTheirNames() throws {
    let graph = try KerasReader.read(try ImporterFixtures.bytes("sequential.h5"), named: "file")
    #expect(graph.name == "sequential")
    #expect(
      graph.nodes.map(\.name) == [
        "conv2d", "batch_normalization", "re_lu", "depthwise_conv2d", "max_pooling2d", "flatten", "dense",
        "dense/activation",
      ])
    #expect(graph.metadata["producer"] == "Keras 3.15.1")
  }

  /// Replaces a text in a `.h5` file by another of the same length.
  static func edited(_ name: String, _ old: String, _ new: String) throws -> [UInt8] {
    let bytes = try ImporterFixtures.bytes(name)
    let (from, to) = (Array(old.utf8), Array(new.utf8))
    try #require(from.count == to.count)
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: from) })
    return bytes[..<start] + to + bytes[(start + from.count)...]
  }

  @Test(arguments: [
    ("\"LeakyReLU\"", "\"FancyReLU\"", ImportError.keras(layer: "leaky_re_lu_1", .unsupportedLayer("FancyReLU"))),
    ("\"hard_sigmoid\"", "\"gelu_sigmoid\"", .keras(layer: "dense_1", .unsupportedActivation("gelu_sigmoid"))),
    ("\"units\": 4", "\"units\": 5", .keras(layer: "dense_1", .weightShape(found: [3, 4], expected: [3, 5]))),
    ("\"units\": 4", "\"units\": 0", .keras(layer: "dense_1", .badOption("units"))),
    ("[null, 3]", "[null,{}]", .keras(layer: "dense_1", .unknownInputShape)),
    ("\"dense_1\"", "\"dense_2\"", .keras(layer: "dense_2", .missingWeights(found: 0, expected: 2))),
    ("\"Sequential\"", "\"Subclassed\"", .keras(layer: "", .unsupportedNetwork("Subclassed"))),
  ])
  func faultsNameTheLayer(_ old: String, _ new: String, _ expected: ImportError) throws {
    let bytes = try Self.edited("keras-2.2.h5", old, new)
    #expect(throws: expected) { try KerasReader.read(bytes, named: "") }
  }

  /// Python takes a number for a truth value, and networks of MLPerf Tiny have such ones.
  @Test func numbersAreTruthValues() throws {
    let plain = try KerasReader.read(try ImporterFixtures.bytes("keras-2.2.h5"), named: "n")
    for (new, isSame) in [("1   ", true), ("0   ", false)] {
      let bytes = try Self.edited("keras-2.2.h5", "\"use_bias\": true", "\"use_bias\": \(new)")
      let read = try? KerasReader.read(bytes, named: "n")
      #expect((read == plain) == isSame)
    }
  }

  @Test(arguments: ["Conv2D", "MaxPooling2D", "BatchNormalization", "SeparableConv2D", "GlobalAveragePooling2D"])
  func weightFilesNameClassesInSnakeCase(_ name: String) {
    let expected = [
      "Conv2D": "conv2d", "MaxPooling2D": "max_pooling2d", "BatchNormalization": "batch_normalization",
      "SeparableConv2D": "separable_conv2d", "GlobalAveragePooling2D": "global_average_pooling2d",
    ]
    #expect(KerasWeights.snakeCase(name) == expected[name])
  }

  @Test(arguments: [
    "sequential.h5", "functional.keras", "nested.h5", "nested.keras", "activations.keras", "keras-2.2.h5",
    "windows-2.15.keras", "only.weights.h5", "lambda.h5", "channels-first.h5", "sequences.keras", "arithmetic.h5",
  ])
  func mutatedFilesGiveANetworkOrAnError(_ name: String) throws {
    let original = try ImporterFixtures.bytes(name)
    var mutator = Mutator(seed: 4)
    for _ in 0..<ImporterFixtures.fuzzCases {
      let bytes = mutator.mutate(original)
      do {
        let graph = try KerasReader.read(bytes, named: "mutated")
        try graph.validate()
      } catch let error as ImportError {
        #expect(!error.description.contains("\n") && !error.description.isEmpty)
      }
    }
  }

  @Test func mutatedConfigurationsGiveANetworkOrAnError() throws {
    let archive = try ZipArchive(try ImporterFixtures.bytes("functional.keras"))
    let contents = try ["config.json", "model.weights.h5"].map { name in
      try archive.contents(of: try #require(archive.members.first { $0.name == name }), limit: 1 << 20)
    }
    var mutator = Mutator(seed: 5)
    for _ in 0..<ImporterFixtures.fuzzCases {
      let text = mutator.mutateText(contents[0])
      let bytes = StoredZip.archive([("config.json", text), ("model.weights.h5", contents[1])])
      do {
        try KerasReader.read(bytes, named: "mutated").validate()
      } catch let error as ImportError {
        #expect(!error.description.contains("\n"))
      }
    }
  }
}

extension Mutator {
  /// One to four changes that mostly leave JSON whole: digits, words, and numbers out of range.
  mutating func mutateText(_ original: [UInt8]) -> [UInt8] {
    var text = original
    for _ in 0...below(4) {
      let offset = below(text.count)
      switch below(4) {
      case 0:
        guard let digit = text[offset...].firstIndex(where: { (0x30...0x39).contains($0) }) else { continue }
        let values = ["-1", "0", "7", "99999999999", "1e300", "null", "[]", "NaN", "9223372036854775807", "\"x\""]
        text.replaceSubrange(digit...digit, with: Array(values[below(values.count)].utf8))
      case 1: text[offset] = UInt8(0x20 + below(95))
      case 2:
        let length = min(below(120), text.count - offset)
        text.removeSubrange(offset..<(offset + length))
      default:
        let length = min(below(200), text.count - offset)
        text.insert(contentsOf: text[offset..<(offset + length)], at: below(text.count))
      }
    }
    return text
  }
}
