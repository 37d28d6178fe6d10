/// The shape of a chunked data set.
struct HDF5ChunkGrid {
  /// The data set's extents.
  let shape: [Int]

  /// A chunk's extents, of the same count.
  let chunk: [Int]

  let elementByteCount: Int

  /// Bytes of an unpacked chunk.
  var chunkByteCount: Int { chunk.product.multipliedReportingOverflow(by: elementByteCount).partialValue }

  /// Chunks along each axis.
  var counts: [Int] { zip(shape, chunk).map { ($0 + $1 - 1) / $1 } }

  /// The first element of the chunk at a row-major position among the chunks.
  func origin(_ index: Int) -> [Int] {
    var rest = index
    var origin = [Int](repeating: 0, count: shape.count)
    for axis in shape.indices.reversed() where counts[axis] > 0 {
      origin[axis] = rest % counts[axis] * chunk[axis]
      rest /= counts[axis]
    }
    return origin
  }

  /// Whether the chunk begins inside the data set.
  func holds(_ origin: [Int]) -> Bool {
    zip(origin, shape).allSatisfy { $0 >= 0 && $0 < $1 }
  }
}

/// One stored chunk.
struct HDF5Chunk {
  let origin: [Int]
  let address: Int
  let storedByteCount: Int

  /// Bit i set: filter i was left out.
  let filterMask: Int
}

extension HDF5Object {
  /// The chunks that were written.
  func chunks(_ grid: HDF5ChunkGrid, _ index: HDF5ChunkIndex) throws(ImportError) -> [HDF5Chunk] {
    let chunks: [HDF5Chunk]
    switch index {
    case .tree(nil), .single(nil, _, _), .implicit(nil), .fixedArray(nil), .treeTwo(nil): return []
    case .tree(let root?): chunks = try chunksOfTree(root, grid)
    case .single(let start?, let stored, let mask):
      let origin = [Int](repeating: 0, count: grid.shape.count)
      chunks = [
        HDF5Chunk(
          origin: origin, address: start, storedByteCount: stored ?? grid.chunkByteCount, filterMask: mask)
      ]
    case .implicit(let start?):
      var all: [HDF5Chunk] = []
      for position in 0..<grid.counts.product {
        try file.step(at: start)
        let (distance, overflow) = position.multipliedReportingOverflow(by: grid.chunkByteCount)
        guard !overflow, distance <= file.bytes.count - start else {
          throw .hdf5(offset: start, .outside(structure: "data"))
        }
        all.append(
          HDF5Chunk(
            origin: grid.origin(position), address: start + distance, storedByteCount: grid.chunkByteCount,
            filterMask: 0))
      }
      chunks = all
    case .fixedArray(let header?): chunks = try chunksOfFixedArray(header, grid)
    case .treeTwo(let header?): chunks = try chunksOfTreeTwo(header, grid)
    }
    return chunks.filter { grid.holds($0.origin) }
  }

  private func chunksOfTree(_ root: Int, _ grid: HDF5ChunkGrid) throws(ImportError) -> [HDF5Chunk] {
    var chunks: [HDF5Chunk] = []
    var pending = [root]
    var seen: Set<Int> = []
    while let address = pending.popLast() {
      guard seen.insert(address).inserted else { throw .hdf5(offset: address, .circle(structure: "chunk B-tree")) }
      var reader = try file.reader(at: address)
      try file.expect("TREE", &reader)
      guard try reader.byte() == 1 else { throw .hdf5(offset: address, .inconsistent(structure: "chunk B-tree")) }
      let level = try reader.byte()
      let count = try reader.count(2)
      try reader.skip(2 * file.offsetWidth)
      for _ in 0..<count {
        try file.step(at: reader.offset)
        let stored = try reader.count(4)
        let mask = try reader.count(4)
        let origin = try grid.shape.map { _ throws(ImportError) in try reader.count(8) }
        try reader.skip(8)
        let child = try file.definedAddress(&reader, "chunk B-tree")
        if level > 0 {
          pending.append(child)
        } else {
          chunks.append(HDF5Chunk(origin: origin, address: child, storedByteCount: stored, filterMask: mask))
        }
      }
    }
    return chunks
  }

  private func chunksOfTreeTwo(_ header: Int, _ grid: HDF5ChunkGrid) throws(ImportError) -> [HDF5Chunk] {
    let isFiltered = message(.filterPipeline) != nil
    var chunks: [HDF5Chunk] = []
    for var record in try file.treeRecords(at: header, kind: isFiltered ? 11 : 10) {
      let start = try file.definedAddress(&record, "chunk")
      let width = record.remaining - 4 - 8 * grid.shape.count
      let stored = isFiltered ? try record.count(width) : grid.chunkByteCount
      let mask = isFiltered ? try record.count(4) : 0
      var origin: [Int] = []
      for extent in grid.chunk {
        origin.append(try record.count(8).multipliedReportingOverflow(by: extent).partialValue)
      }
      chunks.append(HDF5Chunk(origin: origin, address: start, storedByteCount: stored, filterMask: mask))
    }
    return chunks
  }

  private func chunksOfFixedArray(_ header: Int, _ grid: HDF5ChunkGrid) throws(ImportError) -> [HDF5Chunk] {
    var reader = try file.reader(at: header)
    try file.expect("FAHD", &reader)
    try file.version(0...0, of: "fixed array", &reader)
    let isFiltered = try reader.byte() == 1
    let entryByteCount = try reader.byte()
    let pageBits = try reader.byte()
    let count = try reader.count(file.lengthWidth)
    guard let start = try file.address(&reader, "fixed array") else { return [] }
    let sizeWidth = entryByteCount - file.offsetWidth - 4
    guard pageBits < 32, isFiltered ? (1...8).contains(sizeWidth) : entryByteCount == file.offsetWidth,
      count <= file.bytes.count
    else { throw .hdf5(offset: header, .inconsistent(structure: "fixed array")) }
    var block = try file.reader(at: start)
    try file.expect("FADB", &block)
    try block.skip(2 + file.offsetWidth)
    let pageLength = 1 << pageBits
    let isPaged = count > pageLength
    var written: ArraySlice<UInt8> = []
    if isPaged {
      written = try block.take(((count + pageLength - 1) / pageLength + 7) / 8)
      try block.skip(4)
    }
    var chunks: [HDF5Chunk] = []
    for position in 0..<count {
      try file.step(at: block.offset)
      let page = position / pageLength
      if isPaged, position > 0, position % pageLength == 0 { try block.skip(4) }
      if isPaged, written[written.startIndex + page / 8] >> UInt8(7 - page % 8) & 1 == 0 {
        try block.skip(entryByteCount)
        continue
      }
      let address = try file.address(&block, "chunk")
      let stored = isFiltered ? try block.count(sizeWidth) : grid.chunkByteCount
      let mask = isFiltered ? try block.count(4) : 0
      guard let address else { continue }
      chunks.append(
        HDF5Chunk(origin: grid.origin(position), address: address, storedByteCount: stored, filterMask: mask))
    }
    return chunks
  }
}
