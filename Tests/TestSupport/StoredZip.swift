import QuillArchive

/// Writes ZIP archives with stored members.
package enum StoredZip {
  package static func archive(_ members: [(name: String, content: [UInt8])]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for (name, content) in members {
      let size = little(content.count, 4)
      let sum = little(Int(CRC32.checksum(content)), 4)
      let common = little(0, 6) + sum + size + size + little(name.utf8.count, 2) + little(0, 2)
      directory += little(0x0201_4B50, 4) + little(20, 2) + little(20, 2) + little(0, 2) + common
      directory += little(0, 10) + little(bytes.count, 4) + Array(name.utf8)
      bytes += little(0x0403_4B50, 4) + little(20, 2) + little(0, 2) + common + Array(name.utf8) + content
    }
    let number = little(members.count, 2)
    return bytes + directory + little(0x0605_4B50, 4) + little(0, 4) + number + number + little(directory.count, 4)
      + little(bytes.count, 4) + little(0, 2)
  }

  private static func little(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
