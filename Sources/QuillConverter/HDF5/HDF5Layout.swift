/// Where the elements of a data set lie.
enum HDF5Layout {
  /// In the object header itself.
  case compact(ByteReader)

  /// In one run at an address; nil where nothing was ever written.
  case contiguous(Int?)

  /// In chunks of a shape, found through an index.
  case chunked(shape: [Int], HDF5ChunkIndex)
}

/// How the chunks of a data set are found.
enum HDF5ChunkIndex {
  /// A version 1 B-tree; nil where nothing was ever written.
  case tree(Int?)

  /// One chunk holds everything; with filters its stored size and the filters that were left out.
  case single(Int?, storedByteCount: Int?, filterMask: Int)

  /// All chunks in one run, in row-major order.
  case implicit(Int?)

  /// A fixed array.
  case fixedArray(Int?)

  /// A version 2 B-tree.
  case treeTwo(Int?)
}

extension HDF5Object {
  /// Reads the layout message of a data set of that rank.
  func layout(rank: Int) throws(ImportError) -> HDF5Layout {
    guard var reader = try reader(.layout) else { throw .hdf5(offset: address, .missing("data layout")) }
    let place = reader.offset
    let version = try file.version(3...4, of: "data layout", &reader)
    switch try reader.byte() {
    case 0:
      let byteCount = try reader.count(2)
      try reader.need(byteCount)
      return .compact(try file.reader(at: reader.offset, count: byteCount))
    case 1: return .contiguous(try file.address(&reader, "data"))
    case 2 where version == 3:
      let dimensions = try reader.byte()
      let index = try file.address(&reader, "chunk B-tree")
      guard dimensions == rank + 1 else { throw .hdf5(offset: place, .inconsistent(structure: "data layout")) }
      let shape = try (0..<rank).map { _ throws(ImportError) in try reader.count(4) }
      return .chunked(shape: try checked(shape, place), .tree(index))
    case 2: return try chunkedVersionFour(&reader, rank: rank, place: place)
    default: throw .hdf5(offset: place, .unsupported("virtual data set"))
    }
  }

  private func chunkedVersionFour(
    _ reader: inout ByteReader, rank: Int, place: Int
  ) throws(ImportError) -> HDF5Layout {
    let flags = try reader.byte()
    let dimensions = try reader.byte()
    let width = try reader.byte()
    guard dimensions == rank + 1, (1...8).contains(width) else {
      throw .hdf5(offset: place, .inconsistent(structure: "data layout"))
    }
    let shape = try checked(try (0..<rank).map { _ throws(ImportError) in try reader.count(width) }, place)
    try reader.skip(width)
    let index: HDF5ChunkIndex
    switch try reader.byte() {
    case 1:
      let stored = flags & 2 != 0 ? try reader.count(file.lengthWidth) : nil
      let mask = flags & 2 != 0 ? try reader.count(4) : 0
      index = .single(try file.address(&reader, "data"), storedByteCount: stored, filterMask: mask)
    case 2: index = .implicit(try file.address(&reader, "data"))
    case 3:
      try reader.skip(1)
      index = .fixedArray(try file.address(&reader, "fixed array"))
    case 5:
      try reader.skip(6)
      index = .treeTwo(try file.address(&reader, "chunk B-tree"))
    default: throw .hdf5(offset: place, .unsupported("data set that can grow without limit"))
    }
    return .chunked(shape: shape, index)
  }

  private func checked(_ chunk: [Int], _ place: Int) throws(ImportError) -> [Int] {
    var product = 1
    for extent in chunk {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow, next <= 1 << 32 else {
        throw .hdf5(offset: place, .inconsistent(structure: "data layout"))
      }
      product = next
    }
    return chunk
  }
}
