/// A fractal heap: where new groups keep many links, and objects many or large attributes.
struct HDF5FractalHeap {
  private let file: HDF5File
  private let address: Int
  private let identifierByteCount: Int
  private let hugeTree: Int?
  private let width: Int
  private let startingBlock: Int
  private let largestDirectBlock: Int
  private let offsetByteCount: Int
  private let lengthByteCount: Int
  private let root: Int?
  private let rootRows: Int

  /// Reads the heap's header.
  init(_ file: HDF5File, at address: Int) throws(ImportError) {
    self.file = file
    self.address = address
    var reader = try file.reader(at: address)
    try file.expect("FRHP", &reader)
    try file.version(0...0, of: "fractal heap", &reader)
    identifierByteCount = try reader.count(2)
    guard try reader.count(2) == 0 else { throw .hdf5(offset: address, .unsupported("filtered fractal heap")) }
    try reader.skip(1)
    let largestManaged = try reader.count(4)
    try reader.skip(file.lengthWidth)
    hugeTree = try file.address(&reader, "fractal heap")
    try reader.skip(file.lengthWidth)
    _ = try file.address(&reader, "fractal heap")
    try reader.skip(8 * file.lengthWidth)
    width = try reader.count(2)
    startingBlock = try reader.count(file.lengthWidth)
    largestDirectBlock = try reader.count(file.lengthWidth)
    let offsetBits = try reader.count(2)
    try reader.skip(2)
    root = try file.address(&reader, "fractal heap")
    rootRows = try reader.count(2)
    guard width > 0, width <= 1_024, startingBlock.nonzeroBitCount == 1, largestDirectBlock.nonzeroBitCount == 1,
      startingBlock <= largestDirectBlock, largestDirectBlock <= 1 << 32, offsetBits > 0, offsetBits <= 62,
      rootRows <= 64
    else { throw .hdf5(offset: address, .inconsistent(structure: "fractal heap")) }
    offsetByteCount = (offsetBits + 7) / 8
    let directWidth = (largestDirectBlock.trailingZeroBitCount + 7) / 8
    let managedBits = Int.bitWidth - 1 - max(1, largestManaged).leadingZeroBitCount
    lengthByteCount = min(directWidth, managedBits / 8 + 1)
  }

  /// The bytes of the object that a heap identifier names.
  func object(_ identifier: ArraySlice<UInt8>) throws(ImportError) -> ByteReader {
    var reader = try file.reader(at: identifier.startIndex, count: identifier.count)
    try file.step(at: reader.offset)
    let first = try reader.byte()
    switch first >> 4 & 3 {
    case 0:
      let offset = try reader.count(offsetByteCount)
      return try managed(offset: offset, count: try reader.count(lengthByteCount), place: identifier.startIndex)
    case 1: return try huge(&reader)
    case 2:
      if identifierByteCount - 1 <= 16 { return try file.reader(at: reader.offset, count: first & 15 + 1) }
      let count = (first & 15) << 8 + (try reader.byte()) + 1
      return try file.reader(at: reader.offset, count: count)
    default: throw .hdf5(offset: identifier.startIndex, .inconsistent(structure: "fractal heap"))
    }
  }

  private func huge(_ reader: inout ByteReader) throws(ImportError) -> ByteReader {
    let place = reader.offset
    if identifierByteCount - 1 >= file.offsetWidth + file.lengthWidth {
      let start = try file.definedAddress(&reader, "fractal heap")
      return try file.reader(at: start, count: try reader.count(file.lengthWidth))
    }
    let key = try reader.unsigned(min(file.lengthWidth, identifierByteCount - 1, reader.remaining))
    guard let hugeTree else { throw .hdf5(offset: place, .inconsistent(structure: "fractal heap")) }
    for var record in try file.treeRecords(at: hugeTree, kind: 1) {
      let start = try file.definedAddress(&record, "fractal heap")
      let count = try record.count(file.lengthWidth)
      if try record.unsigned(file.lengthWidth) == key { return try file.reader(at: start, count: count) }
    }
    throw .hdf5(offset: place, .inconsistent(structure: "fractal heap"))
  }

  /// The size of the blocks in a row.
  private func blockByteCount(row: Int) -> Int {
    row == 0 ? startingBlock : min(1 << 62, startingBlock << min(row - 1, startingBlock.leadingZeroBitCount - 2))
  }

  /// Finds a managed object by walking from the root to the direct block that holds its offset.
  private func managed(offset: Int, count: Int, place: Int) throws(ImportError) -> ByteReader {
    let broken = ImportError.hdf5(offset: place, .inconsistent(structure: "fractal heap"))
    guard var block = root else { throw broken }
    var rows = rootRows
    var blockStart = 0
    let directRows = largestDirectBlock.trailingZeroBitCount - startingBlock.trailingZeroBitCount + 2
    var size = startingBlock
    for _ in 0..<64 {
      if rows == 0 {
        guard offset >= blockStart, offset - blockStart <= size, count <= size - (offset - blockStart) else {
          throw broken
        }
        var direct = try file.reader(at: block)
        try file.expect("FHDB", &direct)
        return try file.reader(at: block + (offset - blockStart), count: count)
      }
      guard let found = try child(of: block, rows: rows, directRows: directRows, start: blockStart, offset: offset)
      else { throw broken }
      (block, blockStart, size) = (found.address, found.start, blockByteCount(row: found.row))
      rows = found.row < directRows ? 0 : size.trailingZeroBitCount - (startingBlock * width).trailingZeroBitCount + 1
      guard rows >= 0 else { throw broken }
    }
    throw broken
  }

  private struct Child {
    let address: Int
    let start: Int
    let row: Int
  }

  /// The child of an indirect block whose range of heap offsets holds `offset`.
  private func child(
    of block: Int, rows: Int, directRows: Int, start: Int, offset: Int
  ) throws(ImportError) -> Child? {
    var reader = try file.reader(at: block)
    try file.expect("FHIB", &reader)
    try file.version(0...0, of: "fractal heap block", &reader)
    try reader.skip(file.offsetWidth + offsetByteCount)
    var childStart = start
    for row in 0..<rows {
      let size = blockByteCount(row: row)
      let (rowSize, overflow) = size.multipliedReportingOverflow(by: width)
      guard !overflow, childStart <= Int.max - rowSize else { return nil }
      if offset >= childStart, offset < childStart + rowSize {
        let column = (offset - childStart) / size
        try reader.skip(column * file.offsetWidth)
        guard let address = try file.address(&reader, "fractal heap") else { return nil }
        return Child(address: address, start: childStart + column * size, row: row)
      }
      try reader.skip(width * file.offsetWidth)
      childStart += rowSize
    }
    return nil
  }
}
