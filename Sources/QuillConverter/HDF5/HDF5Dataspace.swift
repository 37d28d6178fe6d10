/// The shape of a data set or attribute.
struct HDF5Dataspace: Equatable {
  /// The most dimensions that HDF5 permits.
  static let permittedRank = 32

  /// Extents, outermost first; empty for a scalar. nil stands for a null space (no elements).
  let shape: [Int]?

  /// Elements; 0 for a null space.
  let count: Int

  /// Reads a dataspace message.
  init(_ reader: inout ByteReader, lengthWidth: Int) throws(ImportError) {
    let place = reader.offset
    let version = try reader.byte()
    guard version == 1 || version == 2 else {
      throw .hdf5(offset: place, .unknownVersion(structure: "dataspace", version))
    }
    let rank = try reader.byte()
    _ = try reader.byte()
    let type = try reader.byte()
    if version == 1 { try reader.skip(4) }
    guard rank <= Self.permittedRank else { throw .hdf5(offset: place, .inconsistent(structure: "dataspace")) }
    if version == 2, type == 2 {
      shape = nil
      count = 0
      return
    }
    var extents: [Int] = []
    var product = 1
    for _ in 0..<rank {
      let extent = try reader.count(lengthWidth)
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw .hdf5(offset: place, .tooLarge(permitted: Int(Int32.max))) }
      extents.append(extent)
      product = next
    }
    shape = extents
    count = product
  }
}
