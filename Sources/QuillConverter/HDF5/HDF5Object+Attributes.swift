/// One attribute: where its data lie, and how.
private struct HDF5Attribute {
  let name: String
  let datatype: HDF5Datatype
  let dataspace: HDF5Dataspace
  let data: ByteReader
}

extension HDF5Object {
  /// The strings that an attribute holds (one, or a list), or nil where there is no attribute of that name.
  package func strings(_ name: String) throws(ImportError) -> [String]? {
    guard let attribute = try attribute(name) else { return nil }
    let place = attribute.data.offset
    let type = attribute.datatype
    var strings: [String] = []
    var data = attribute.data
    for _ in 0..<attribute.dataspace.count {
      try file.step(at: place)
      switch type.elementClass {
      case .fixedString:
        try file.claim(type.byteCount, at: place)
        strings.append(String(decoding: try data.take(type.byteCount).prefix { $0 != 0 }, as: UTF8.self))
      case .variableString:
        strings.append(try file.heapString(&data))
      default: throw .hdf5(offset: place, .unsupportedType("attribute \"\(name)\""))
      }
    }
    return strings
  }

  /// The list that Keras spreads over `name`, or over `name0`, `name1`, ... where one attribute would be too long.
  package func stringList(_ name: String) throws(ImportError) -> [String]? {
    if let strings = try strings(name) { return strings }
    var all: [String]?
    for part in 0..<100_000 {
      guard let strings = try strings("\(name)\(part)") else { break }
      all = (all ?? []) + strings
    }
    return all
  }

  private func attribute(_ name: String) throws(ImportError) -> HDF5Attribute? {
    for message in messages where message.kind == .attribute {
      let reader = try file.reader(at: message.offset, count: message.byteCount)
      if let found = try parse(reader, ifNamed: name) { return found }
    }
    guard var info = try reader(.attributeInfo) else { return nil }
    try file.version(0...0, of: "attribute info", &info)
    if try info.byte() & 1 != 0 { try info.skip(2) }
    guard let heapAddress = try file.address(&info, "fractal heap") else { return nil }
    let heap = try HDF5FractalHeap(file, at: heapAddress)
    for var record in try file.treeRecords(at: try file.definedAddress(&info, "attribute B-tree"), kind: 8) {
      if let found = try parse(try heap.object(try record.take(8)), ifNamed: name) { return found }
    }
    return nil
  }

  /// Reads an attribute message if it has that name.
  private func parse(_ message: ByteReader, ifNamed name: String) throws(ImportError) -> HDF5Attribute? {
    var reader = message
    let place = reader.offset
    let version = try file.version(1...3, of: "attribute", &reader)
    let flags = try reader.byte()
    let sizes = try (0..<3).map { _ throws(ImportError) in try reader.count(2) }
    if version == 3 { try reader.skip(1) }
    var parts: [Int] = []
    for size in sizes {
      let start = reader.offset
      parts.append(start)
      try reader.skip(size)
      if version == 1 { reader.align8(from: start) }
    }
    let stored = file.bytes[parts[0]..<(parts[0] + sizes[0])].prefix { $0 != 0 }
    guard stored.elementsEqual(name.utf8) else { return nil }
    guard version == 1 || flags & 3 == 0 else { throw .hdf5(offset: place, .unsupported("shared message")) }
    var typeReader = try file.reader(at: parts[1], count: sizes[1])
    var spaceReader = try file.reader(at: parts[2], count: sizes[2])
    return HDF5Attribute(
      name: name, datatype: try HDF5Datatype(&typeReader),
      dataspace: try HDF5Dataspace(&spaceReader, lengthWidth: file.lengthWidth), data: reader)
  }
}

extension HDF5File {
  /// The string that a reference into the global heap names: length, collection address, object index.
  func heapString(_ reader: inout ByteReader) throws(ImportError) -> String {
    let place = reader.offset
    let length = try reader.count(4)
    let collection = try address(&reader, "global heap")
    let index = try reader.count(4)
    guard length > 0, let collection else { return "" }
    var heap = try self.reader(at: collection)
    try expect("GCOL", &heap)
    try version(1...1, of: "global heap", &heap)
    try heap.skip(3)
    let byteCount = try heap.count(lengthWidth)
    let used = heap.offset - collection
    guard byteCount >= used else { throw .hdf5(offset: collection, .inconsistent(structure: "global heap")) }
    var objects = try self.reader(at: heap.offset, count: byteCount - used)
    while objects.remaining >= 8 + lengthWidth {
      try step(at: objects.offset)
      let start = objects.offset
      let objectIndex = try objects.count(2)
      try objects.skip(6)
      let size = try objects.count(lengthWidth)
      if objectIndex == 0 { break }
      if objectIndex == index {
        guard length <= size else { break }
        try claim(length, at: objects.offset)
        return String(decoding: try objects.take(length), as: UTF8.self)
      }
      try objects.skip(size)
      objects.align8(from: start)
    }
    throw .hdf5(offset: place, .missing("object \(index) of the global heap"))
  }
}
