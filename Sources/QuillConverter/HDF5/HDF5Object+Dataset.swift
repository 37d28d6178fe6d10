import QuillFloat

extension HDF5Object {
  /// The shape of a data set.
  package func shape() throws(ImportError) -> [Int] {
    guard var reader = try reader(.dataspace) else { throw .hdf5(offset: address, .missing("dataspace")) }
    return try HDF5Dataspace(&reader, lengthWidth: file.lengthWidth).shape ?? [0]
  }

  /// The numbers of a data set, whatever their stored type, in row-major order.
  package func tensor() throws(ImportError) -> FloatTensor {
    guard var spaceReader = try reader(.dataspace), var typeReader = try reader(.datatype) else {
      throw .hdf5(offset: address, .missing("dataspace"))
    }
    let space = try HDF5Dataspace(&spaceReader, lengthWidth: file.lengthWidth)
    let type = try HDF5Datatype(&typeReader)
    switch type.elementClass {
    case .integer, .float: break
    case .fixedString, .variableString: throw .hdf5(offset: address, .unsupportedType("text"))
    case .other(let name): throw .hdf5(offset: address, .unsupportedType(name))
    }
    let (byteCount, overflow) = space.count.multipliedReportingOverflow(by: type.byteCount)
    guard !overflow else { throw .hdf5(offset: address, .tooLarge(permitted: Int(Int32.max))) }
    let values: [Float]
    switch try layout(rank: space.shape?.count ?? 0) {
    case .compact(let reader):
      values = try numbers(type, count: space.count, reader: reader)
    case .contiguous(let start?):
      values = try numbers(type, count: space.count, reader: try file.reader(at: start, count: byteCount))
    case .contiguous(nil):
      try file.claim(byteCount, at: address)
      values = [Float](repeating: try fillValue(type), count: space.count)
    case .chunked(let chunkShape, let index):
      try file.claim(byteCount, at: address)
      var raw = [UInt8](repeating: 0, count: byteCount)
      var isWritten = [Bool](repeating: false, count: space.count)
      let grid = HDF5ChunkGrid(shape: space.shape ?? [], chunk: chunkShape, elementByteCount: type.byteCount)
      for chunk in try chunks(grid, index) {
        try copy(chunk, grid, into: &raw, &isWritten)
      }
      let fill = try fillValue(type)
      values = (0..<space.count).map { isWritten[$0] ? type.number(raw, at: $0 * type.byteCount) : fill }
    }
    return FloatTensor(shape: space.shape ?? [0], values: values)
  }

  private func numbers(_ type: HDF5Datatype, count: Int, reader: ByteReader) throws(ImportError) -> [Float] {
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
    guard !overflow else { throw .hdf5(offset: address, .tooLarge(permitted: Int(Int32.max))) }
    try reader.need(byteCount)
    try file.claim(byteCount, at: address)
    return (0..<count).map { type.number(file.bytes, at: reader.offset + $0 * type.byteCount) }
  }

  /// What stands where nothing was written: the fill value, 0 by default.
  private func fillValue(_ type: HDF5Datatype) throws(ImportError) -> Float {
    guard var reader = try reader(.fillValue) else { return 0 }
    let version = try file.version(1...3, of: "fill value", &reader)
    var isDefined = true
    if version == 3 {
      isDefined = try reader.byte() & 0x20 != 0
    } else {
      try reader.skip(2)
      isDefined = try reader.byte() != 0 || version == 1
    }
    guard isDefined, reader.remaining >= 4, try reader.count(4) == type.byteCount else { return 0 }
    try reader.need(type.byteCount)
    return type.number(file.bytes, at: reader.offset)
  }

  /// Unpacks a chunk and copies what of it lies inside the data set.
  private func copy(
    _ chunk: HDF5Chunk, _ grid: HDF5ChunkGrid, into raw: inout [UInt8], _ isWritten: inout [Bool]
  ) throws(ImportError) {
    try file.step(at: chunk.address)
    try file.claim(grid.chunkByteCount, at: chunk.address)
    let bytes = try unpack(chunk, byteCount: grid.chunkByteCount, elementByteCount: grid.elementByteCount)
    let rank = grid.shape.count
    guard rank > 0 else { return }
    let rowCount = min(grid.chunk[rank - 1], grid.shape[rank - 1] - chunk.origin[rank - 1])
    let rows = grid.chunk.dropLast().product
    for row in 0..<rows {
      var rest = row
      var target = 0
      var stride = grid.shape[rank - 1]
      var isInside = true
      for axis in (0..<(rank - 1)).reversed() {
        let position = chunk.origin[axis] + rest % grid.chunk[axis]
        rest /= grid.chunk[axis]
        isInside = isInside && position < grid.shape[axis]
        target += position * (isInside ? stride : 0)
        stride *= grid.shape[axis]
      }
      guard isInside else { continue }
      target += chunk.origin[rank - 1]
      let source = row * grid.chunk[rank - 1] * grid.elementByteCount
      let length = rowCount * grid.elementByteCount
      raw.replaceSubrange(
        (target * grid.elementByteCount)..<(target * grid.elementByteCount + length),
        with: bytes[source..<(source + length)])
      for element in target..<(target + rowCount) { isWritten[element] = true }
    }
  }
}

extension ArraySlice<Int> {
  fileprivate var product: Int { reduce(1, *) }
}
