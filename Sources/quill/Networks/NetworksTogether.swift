import QuillConverter

/// Networks that one command runs on the same pictures, each with the range of pixels that it takes.
struct NetworksTogether {
  /// A network, and what pixels 0 and 255 stand for to it; `nil` for what it tells itself, else 0...1.
  struct Member {
    let network: AnyNetwork
    let inputRange: InputRange?
  }

  let members: [Member]

  /// Reads networks.
  ///
  /// - Parameters:
  ///   - given: the range of the float networks, where the user gives one. Without it, a float network takes the range
  ///     of the `.quill` file beside it that was made from it.
  ///   - remark: is told of a range that was taken so, where it is another than the network would have had by itself.
  /// - Throws: as `ModelFile.load`.
  init(_ paths: [String], inputRange given: InputRange?, remark: (String) -> Void) throws {
    let files = try paths.map(ModelFile.loadFile)
    let takesRange = files.contains { if case .float = $0.network { true } else { false } }
    var members: [Member] = []
    for file in files {
      guard case .float(let float) = file.network else {
        // Where no network takes a range, the first one says so.
        members.append(Member(network: file.network, inputRange: takesRange ? nil : given))
        continue
      }
      let told = given == nil ? Self.range(of: float, file.bytes, among: files) : nil
      if let told, told.range != float.statedRange ?? .unit {
        remark(
          "\(float.facts.path) is fed \(told.range.text), as when \(told.path) was made from it; --input-range sets "
            + "another")
      }
      members.append(Member(network: file.network, inputRange: given ?? told?.range))
    }
    self.members = members
  }

  private struct ToldRange {
    let range: InputRange
    let path: String
  }

  /// The range that a `.quill` file made from these bytes was made with.
  private static func range(of float: FloatNetwork, _ bytes: [UInt8], among files: [ModelFile.File]) -> ToldRange? {
    let quantized: [QuantizedNetwork] = files.compactMap {
      if case .quantized(let network) = $0.network { network } else { nil }
    }
    guard quantized.contains(where: { $0.model.sourceSHA256 != nil }) else { return nil }
    let hash = SHA256.digest(bytes)
    for network in quantized where network.model.sourceSHA256 == hash {
      if let range = network.writtenRange(of: float) { return ToldRange(range: range, path: network.facts.path) }
    }
    return nil
  }
}
