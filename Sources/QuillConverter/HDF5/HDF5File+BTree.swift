extension HDF5File {
  /// The records of a version 2 B-tree, each as a reader over its bytes, in order.
  func treeRecords(at address: Int, kind: Int) throws(ImportError) -> [ByteReader] {
    var reader = try reader(at: address)
    try expect("BTHD", &reader)
    try version(0...0, of: "B-tree", &reader)
    guard try reader.byte() == kind else { throw .hdf5(offset: address, .inconsistent(structure: "B-tree")) }
    let nodeByteCount = try reader.count(4)
    let recordByteCount = try reader.count(2)
    let depth = try reader.count(2)
    try reader.skip(2)
    guard let root = try self.address(&reader, "B-tree") else { return [] }
    let count = try reader.count(2)
    guard recordByteCount > 0, nodeByteCount > 10, nodeByteCount <= bytes.count, depth < 16 else {
      throw .hdf5(offset: address, .inconsistent(structure: "B-tree"))
    }
    let shape = TreeShape(nodeByteCount, recordByteCount, depth: depth, offsetWidth: offsetWidth)
    var walk = TreeWalk(shape: shape, recordByteCount: recordByteCount)
    try walkTree(root, count: count, level: depth, &walk)
    return walk.records
  }

  /// The widths of the counts in the nodes of a version 2 B-tree, by level.
  private struct TreeShape {
    /// Bytes of a child's record count.
    let countWidth: Int

    /// Bytes of a child's total record count, by the child's level.
    var totalWidths: [Int]

    init(_ nodeByteCount: Int, _ recordByteCount: Int, depth: Int, offsetWidth: Int) {
      let leafRecords = (nodeByteCount - 10) / recordByteCount
      countWidth = TreeShape.width(leafRecords)
      totalWidths = [0]
      var total = leafRecords
      for level in stride(from: 1, through: depth, by: 1) {
        let pointer = offsetWidth + countWidth + totalWidths[level - 1]
        let records = max(0, nodeByteCount - 10 - pointer) / (recordByteCount + pointer)
        total = min(1 << 40, (records + 1).multipliedReportingOverflow(by: total).partialValue + records)
        totalWidths.append(TreeShape.width(max(0, total)))
      }
    }

    /// The bytes that hold numbers up to a limit.
    static func width(_ limit: Int) -> Int { limit == 0 ? 1 : (Int.bitWidth - 1 - limit.leadingZeroBitCount) / 8 + 1 }
  }

  private struct TreeWalk {
    let shape: TreeShape
    let recordByteCount: Int
    var seen: Set<Int> = []
    var records: [ByteReader] = []
  }

  private func walkTree(_ address: Int, count: Int, level: Int, _ walk: inout TreeWalk) throws(ImportError) {
    guard walk.seen.insert(address).inserted else { throw .hdf5(offset: address, .circle(structure: "B-tree")) }
    var reader = try reader(at: address)
    try expect(level == 0 ? "BTLF" : "BTIN", &reader)
    try version(0...0, of: "B-tree node", &reader)
    try reader.skip(1)
    var own: [ByteReader] = []
    for _ in 0..<count {
      try step(at: reader.offset)
      own.append(try self.reader(at: reader.offset, count: walk.recordByteCount))
      try reader.skip(walk.recordByteCount)
    }
    guard level > 0 else {
      walk.records.append(contentsOf: own)
      return
    }
    for child in 0...count {
      let childAddress = try definedAddress(&reader, "B-tree")
      let childCount = try reader.count(walk.shape.countWidth)
      try reader.skip(level > 1 ? walk.shape.totalWidths[level - 1] : 0)
      try walkTree(childAddress, count: childCount, level: level - 1, &walk)
      if child < count { walk.records.append(own[child]) }
    }
  }
}
