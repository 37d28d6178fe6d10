extension HDF5File {
  /// The header addresses of a group's members, by name; empty for what is not a group.
  func members(of group: HDF5Object) throws(ImportError) -> [String: Int] {
    if let known = memberCache[group.address] { return known }
    var members: [String: Int] = [:]
    if var table = try group.reader(.symbolTable) {
      let tree = try definedAddress(&table, "group B-tree")
      let heap = try localHeap(at: try definedAddress(&table, "local heap"))
      try readSymbols(tree: tree, heap: heap, into: &members)
    }
    for message in group.messages where message.kind == .link {
      var reader = try reader(at: message.offset, count: message.byteCount)
      try readLink(&reader, into: &members)
    }
    if var info = try group.reader(.linkInfo) {
      try version(0...0, of: "link info", &info)
      if try info.byte() & 1 != 0 { try info.skip(8) }
      if let heapAddress = try address(&info, "fractal heap") {
        let heap = try HDF5FractalHeap(self, at: heapAddress)
        let tree = try definedAddress(&info, "link B-tree")
        for var record in try treeRecords(at: tree, kind: 5) {
          try record.skip(4)
          var reader = try heap.object(try record.take(7))
          try readLink(&reader, into: &members)
        }
      }
    }
    memberCache[group.address] = members
    return members
  }

  /// Where the data segment of the local heap at an address lies.
  private func localHeap(at address: Int) throws(ImportError) -> Range<Int> {
    var reader = try reader(at: address)
    try expect("HEAP", &reader)
    try version(0...0, of: "local heap", &reader)
    try reader.skip(3)
    let byteCount = try reader.count(lengthWidth)
    try reader.skip(lengthWidth)
    let start = try definedAddress(&reader, "local heap")
    guard byteCount <= bytes.count - start else { throw .hdf5(offset: address, .outside(structure: "local heap")) }
    return start..<(start + byteCount)
  }

  /// Walks the version 1 B-tree of an old group.
  private func readSymbols(tree: Int, heap: Range<Int>, into members: inout [String: Int]) throws(ImportError) {
    var pending = [tree]
    var seen: Set<Int> = []
    while let address = pending.popLast() {
      guard seen.insert(address).inserted else { throw .hdf5(offset: address, .circle(structure: "group B-tree")) }
      try step(at: address)
      var reader = try reader(at: address)
      if reader.skips("SNOD") {
        try readSymbolNode(&reader, heap: heap, into: &members)
        continue
      }
      try expect("TREE", &reader)
      guard try reader.byte() == 0 else { throw .hdf5(offset: address, .inconsistent(structure: "group B-tree")) }
      try reader.skip(1)
      let count = try reader.count(2)
      try reader.skip(2 * offsetWidth)
      for _ in 0..<count {
        try step(at: reader.offset)
        try reader.skip(lengthWidth)
        pending.append(try definedAddress(&reader, "group B-tree"))
      }
    }
  }

  private func readSymbolNode(
    _ reader: inout ByteReader, heap: Range<Int>, into members: inout [String: Int]
  ) throws(ImportError) {
    try version(1...1, of: "symbol node", &reader)
    try reader.skip(1)
    let count = try reader.count(2)
    for _ in 0..<count {
      let place = reader.offset
      try step(at: place)
      let nameOffset = try reader.count(offsetWidth)
      let header = try address(&reader, "symbol table entry")
      let cacheType = try reader.count(4)
      try reader.skip(20)
      guard nameOffset < heap.count else { throw .hdf5(offset: place, .outside(structure: "symbol name")) }
      let name = bytes[(heap.lowerBound + nameOffset)..<heap.upperBound].prefix { $0 != 0 }
      try claim(name.count, at: place)
      if cacheType != 2, let header { members[String(decoding: name, as: UTF8.self)] = header }
    }
  }

  /// Reads one link message (of a new group); links that are not hard are passed over.
  private func readLink(_ reader: inout ByteReader, into members: inout [String: Int]) throws(ImportError) {
    try version(1...1, of: "link", &reader)
    let flags = try reader.byte()
    let type = flags & 8 != 0 ? try reader.byte() : 0
    if flags & 4 != 0 { try reader.skip(8) }
    if flags & 16 != 0 { try reader.skip(1) }
    let length = try reader.count(1 << (flags & 3))
    let name = String(decoding: try reader.take(length), as: UTF8.self)
    if type == 0 { members[name] = try definedAddress(&reader, "link") }
  }
}
