import QuillArchive
import QuillFloat

/// Reads networks that Keras saved: `.h5` (Keras 2.2 to 3) and `.keras` (Keras 2.12 to 3), Sequential and Functional.
///
/// The graph is NHWC with batch 1, as Keras trains it; layers that do nothing at inference vanish. A file with weights
/// alone, layers with the author's own Python and networks written as Python classes are refused with words that say
/// so.
public enum KerasReader {
  /// The most bytes that a member of an archive may unpack to.
  private static let permittedByteCount = 1 << 30

  /// Whether the bytes begin like a file that Keras saves: HDF5 or a ZIP archive.
  public static func recognizes(_ bytes: [UInt8]) -> Bool { ZipArchive.recognizes(bytes) || HDF5File.isHDF5(bytes) }

  /// The float network in the bytes of a `.h5` or `.keras` file; `name` is used where the file gives none.
  public static func read(_ bytes: [UInt8], named name: String) throws(ImportError) -> Graph {
    if ZipArchive.recognizes(bytes) { return try readArchive(bytes, named: name) }
    guard HDF5File.isHDF5(bytes) else { throw .keras(layer: "", .notKeras) }
    return try readHDF5(bytes, named: name)
  }

  private static func readArchive(_ bytes: [UInt8], named name: String) throws(ImportError) -> Graph {
    let archive = try archive(bytes)
    guard let configuration = try contents("config.json", of: archive) else {
      throw .keras(layer: "", .foreignArchive(ForeignArchive(archive.members.map(\.name))))
    }
    let network = try KerasNetwork(try JSONParser.parse(configuration), depth: 0)
    let metadata = try contents("metadata.json", of: archive)
    let version = try metadata.map(JSONParser.parse)?["keras_version"]?.string
    guard let weights = try contents("model.weights.h5", of: archive) else {
      throw .keras(layer: "", .missingMember("model.weights.h5"))
    }
    let store = KerasWeights.layered(try HDF5File(weights).root, path: [])
    return try KerasImporter.graph(of: network, weights: store, version: version ?? "", named: name)
  }

  private static func archive(_ bytes: [UInt8]) throws(ImportError) -> ZipArchive {
    do {
      return try ZipArchive(bytes)
    } catch {
      throw .archive(error)
    }
  }

  /// The bytes of the member of that name; nil where there is none.
  private static func contents(_ name: String, of archive: ZipArchive) throws(ImportError) -> [UInt8]? {
    guard let member = archive.members.first(where: { $0.name == name }) else { return nil }
    do {
      return try archive.contents(of: member, limit: permittedByteCount)
    } catch {
      throw .archive(error)
    }
  }

  private static func readHDF5(_ bytes: [UInt8], named name: String) throws(ImportError) -> Graph {
    let root = try HDF5File(bytes).root
    guard let text = try root.strings("model_config")?.first else {
      let names = try root.memberNames()
      let listsLayers = try root.stringList("layer_names") != nil
      let groups: Set = ["layers", "model_weights", "_layer_checkpoint_dependencies"]
      let hasWeights = listsLayers || names.contains { groups.contains($0) || $0.hasPrefix("layers\\") }
      throw .keras(layer: "", hasWeights ? .weightsOnly : .noNetwork)
    }
    let network = try KerasNetwork(try JSONParser.parse(Array(text.utf8)), depth: 0)
    guard let group = try root.member("model_weights") else {
      throw .keras(layer: "", .missingWeights(found: 0, expected: network.layers.count))
    }
    var version = try root.strings("keras_version")?.first
    if version == nil { version = try group.strings("keras_version")?.first }
    return try KerasImporter.graph(of: network, weights: .named(group), version: version ?? "", named: name)
  }
}
