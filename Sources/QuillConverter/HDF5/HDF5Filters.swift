import QuillArchive

extension HDF5Object {
  /// The bytes of a chunk, with the filters of the data set undone in reverse.
  func unpack(_ chunk: HDF5Chunk, byteCount: Int, elementByteCount: Int) throws(ImportError) -> [UInt8] {
    var stored = try file.reader(at: chunk.address)
    var bytes = Array(try stored.take(chunk.storedByteCount))
    for (position, filter) in try filters().enumerated().reversed() {
      guard chunk.filterMask >> position & 1 == 0 else { continue }
      switch filter {
      case 1:
        do {
          bytes = try Inflate.zlib(bytes, limit: byteCount + 4)
        } catch {
          throw .archive(ArchiveError(offset: chunk.address + error.offset, error.fault))
        }
      case 2: bytes = Self.unshuffle(bytes, elementByteCount)
      case 3: bytes.removeLast(min(4, bytes.count))  // the fletcher32 checksum
      default: throw .hdf5(offset: chunk.address, .unsupportedFilter(filter))
      }
    }
    guard bytes.count == byteCount else {
      throw .hdf5(offset: chunk.address, .inconsistent(structure: "chunk"))
    }
    return bytes
  }

  /// The filters of the data set in the order of packing, by HDF5's registered number.
  private func filters() throws(ImportError) -> [Int] {
    guard var reader = try reader(.filterPipeline) else { return [] }
    let version = try file.version(1...2, of: "filter pipeline", &reader)
    let count = try reader.byte()
    if version == 1 { try reader.skip(6) }
    var filters: [Int] = []
    for _ in 0..<min(count, 32) {
      let identifier = try reader.count(2)
      let nameLength = version == 1 || identifier >= 256 ? try reader.count(2) : 0
      try reader.skip(2)
      let valueCount = try reader.count(2)
      try reader.skip(version == 1 ? (nameLength + 7) / 8 * 8 : nameLength)
      try reader.skip(4 * valueCount + (version == 1 && valueCount % 2 == 1 ? 4 : 0))
      filters.append(identifier)
    }
    return filters
  }

  /// Undoes the shuffle filter, which stores all first bytes, then all second bytes, and so on.
  static func unshuffle(_ bytes: [UInt8], _ elementByteCount: Int) -> [UInt8] {
    guard elementByteCount > 1 else { return bytes }
    let count = bytes.count / elementByteCount
    var result = bytes
    for byte in 0..<elementByteCount {
      for element in 0..<count { result[element * elementByteCount + byte] = bytes[byte * count + element] }
    }
    return result
  }
}
