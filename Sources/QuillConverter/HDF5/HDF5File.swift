/// A read-only view of an HDF5 file (HDF5 File Format Specification, version 3.0), as far as h5py writes it.
///
/// Total and bounded: any byte string gives objects or a typed error with the offset. Work and memory for the life of
/// one `HDF5File` are capped, so that structures which refer to themselves or to each other end in an error.
package final class HDF5File {
  /// The whole file from the base address on.
  let bytes: [UInt8]

  /// Bytes of an address.
  let offsetWidth: Int

  /// Bytes of a length.
  let lengthWidth: Int

  /// The object header of the root group.
  private var rootAddress = 0

  /// Structures that may still be read.
  private var stepsLeft: Int

  /// Bytes that may still be handed out or unpacked.
  private var byteCountLeft: Int

  /// Members of the groups that were asked, by header address.
  var memberCache: [Int: [String: Int]] = [:]

  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Whether the bytes begin with an HDF5 signature at an offset where one may stand (0, 512, 1024, ...).
  package static func isHDF5(_ bytes: [UInt8]) -> Bool { superblockOffset(bytes) != nil }

  private static func superblockOffset(_ bytes: [UInt8]) -> Int? {
    var offset = 0
    while offset <= bytes.count - 8 {
      if bytes[offset..<(offset + 8)].elementsEqual(signature) { return offset }
      offset = offset == 0 ? 512 : offset * 2
    }
    return nil
  }

  /// Reads the superblock.
  package init(_ file: [UInt8]) throws(ImportError) {
    guard let start = Self.superblockOffset(file) else { throw .hdf5(offset: 0, .notHDF5) }
    var reader = try ByteReader(file, .hdf5, at: start + 8)
    let version = try reader.byte()
    guard version <= 3 else { throw .hdf5(offset: start + 8, .unknownVersion(structure: "superblock", version)) }
    if version < 2 { try reader.skip(4) }
    offsetWidth = try reader.byte()
    lengthWidth = try reader.byte()
    for width in [offsetWidth, lengthWidth] where ![2, 4, 8].contains(width) {
      throw .hdf5(offset: reader.offset - 2, .badWidth(width))
    }
    try reader.skip(version < 2 ? 9 + (version == 1 ? 4 : 0) : 1)
    let base = try reader.count(offsetWidth)
    guard base <= file.count else { throw .hdf5(offset: reader.offset, .outside(structure: "superblock")) }
    bytes = base == 0 ? file : Array(file[base...])
    stepsLeft = 10_000 + file.count
    byteCountLeft = min(1 << 30, 1 << 20 + file.count * 1_040)
    try reader.skip(version < 2 ? 4 * offsetWidth : 2 * offsetWidth)
    guard let root = try address(&reader, "root group") else {
      throw .hdf5(offset: reader.offset, .outside(structure: "root group"))
    }
    rootAddress = root
  }

  /// The root group.
  package var root: HDF5Object {
    get throws(ImportError) { try HDF5Object(self, at: rootAddress) }
  }

  /// Counts one structure towards the permitted work.
  func step(at offset: Int) throws(ImportError) {
    guard stepsLeft > 0 else { throw .hdf5(offset: offset, .tooManyStructures) }
    stepsLeft -= 1
  }

  /// Counts bytes towards the permitted memory.
  func claim(_ byteCount: Int, at offset: Int) throws(ImportError) {
    guard byteCount <= byteCountLeft else { throw .hdf5(offset: offset, .tooLarge(permitted: byteCountLeft)) }
    byteCountLeft -= byteCount
  }

  /// A reader of the bytes from an address on, or of `count` bytes there.
  func reader(at offset: Int, count: Int? = nil) throws(ImportError) -> ByteReader {
    try ByteReader(bytes, .hdf5, at: offset, count: count)
  }

  /// Reads an address; nil for the undefined one (all bits set).
  func address(_ reader: inout ByteReader, _ structure: String) throws(ImportError) -> Int? {
    let place = reader.offset
    let value = try reader.unsigned(offsetWidth)
    if value == UInt64.max >> UInt64(64 - 8 * offsetWidth) { return nil }
    guard value < UInt64(bytes.count) else { throw .hdf5(offset: place, .outside(structure: structure)) }
    return Int(value)
  }

  /// Reads an address that must be defined.
  func definedAddress(_ reader: inout ByteReader, _ structure: String) throws(ImportError) -> Int {
    let place = reader.offset
    guard let value = try address(&reader, structure) else {
      throw .hdf5(offset: place, .outside(structure: structure))
    }
    return value
  }

  /// Reads a signature or throws.
  func expect(_ signature: String, _ reader: inout ByteReader) throws(ImportError) {
    guard reader.skips(signature) else { throw .hdf5(offset: reader.offset, .badSignature(expected: signature)) }
  }

  /// Reads a version byte that must be one of those.
  @discardableResult
  func version(
    _ permitted: ClosedRange<Int>, of structure: String, _ reader: inout ByteReader
  ) throws(ImportError) -> Int {
    let place = reader.offset
    let version = try reader.byte()
    guard permitted.contains(version) else {
      throw .hdf5(offset: place, .unknownVersion(structure: structure, version))
    }
    return version
  }
}
