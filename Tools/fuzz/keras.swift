import Foundation
import QuillConverter
import QuillFloat

/// The weights that a bare configuration is read with.
private let weights = (try? Data(contentsOf: URL(fileURLWithPath: "weights.h5"))).map { [UInt8]($0) } ?? []

/// libFuzzer's entry: an archive, or a configuration to be put in one, gives a graph that holds together or an error.
@c(LLVMFuzzerTestOneInput)
public func fuzzOne(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var bytes = [UInt8](UnsafeBufferPointer(start: data, count: count))
  if !ZipArchive.isZip(bytes) { bytes = archive([("config.json", bytes), ("model.weights.h5", weights)]) }
  guard let graph = try? KerasReader.read(bytes, named: "fuzz") else { return 0 }
  do {
    try graph.validate()
  } catch {
    preconditionFailure("a graph that was read does not hold together: \(error)")
  }
  return 0
}

/// A ZIP archive of stored members.
private func archive(_ members: [(name: String, content: [UInt8])]) -> [UInt8] {
  var bytes: [UInt8] = []
  var directory: [UInt8] = []
  for (name, content) in members {
    let size = little(UInt32(content.count), 4)
    let common =
      little(0, 6) + little(CRC32.checksum(content), 4) + size + size + little(UInt32(name.utf8.count), 2)
      + little(0, 2)
    let offset = little(UInt32(bytes.count), 4)
    directory += little(0x0201_4B50, 4) + little(20, 2) + little(20, 2) + little(0, 2) + common
    directory += little(0, 10) + offset + Array(name.utf8)
    bytes += little(0x0403_4B50, 4) + little(20, 2) + little(0, 2) + common + Array(name.utf8) + content
  }
  let start = UInt32(bytes.count)
  let number = little(UInt32(members.count), 2)
  return bytes + directory + little(0x0605_4B50, 4) + little(0, 4) + number + number
    + little(UInt32(directory.count), 4) + little(start, 4) + little(0, 2)
}

private func little(_ value: UInt32, _ width: Int) -> [UInt8] {
  (0..<width).map { $0 < 4 ? UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) : 0 }
}
