/// The IDX format of the MNIST files: a magic number, extents as big-endian 32-bit numbers, then bytes
/// (<https://yann.lecun.com/exdb/mnist>, "File formats"). Files may be gzip streams.
public enum IDXFile {
  /// Images of 8-bit samples: magic 0x00000803 for grey, 0x00000804 with 1 or 3 channels innermost.
  public struct Images: Sendable, Equatable {
    /// The number of images.
    public var count: Int

    /// Rows, columns and samples of a pixel.
    public var height: Int, width: Int, channels: Int

    /// `count x height x width x channels` samples.
    public var pixels: [UInt8]

    /// Images over their extents and samples.
    public init(count: Int, height: Int, width: Int, channels: Int, pixels: [UInt8]) {
      self.count = count
      self.height = height
      self.width = width
      self.channels = channels
      self.pixels = pixels
    }
  }

  /// Reads a file of images.
  /// - Throws: what `FileBytes.readExpanded` throws, and the `idx...` problems.
  public static func readImages(_ path: String) throws(DataError) -> Images {
    try decodeImages(try FileBytes.readExpanded(path), path: path)
  }

  /// Reads a file of labels, magic 0x00000801, one byte each.
  /// - Throws: what `FileBytes.readExpanded` throws, and the `idx...` problems.
  public static func readLabels(_ path: String) throws(DataError) -> [Int] {
    try decodeLabels(try FileBytes.readExpanded(path), path: path)
  }

  /// Reads images from the bytes of an expanded file.
  public static func decodeImages(_ bytes: [UInt8], path: String) throws(DataError) -> Images {
    let magic = try word(bytes, 0, path)
    guard magic == 0x803 || magic == 0x804 else {
      throw DataError(
        path: path, .idxMagic(offset: 0, found: UInt32(magic), expected: "0x00000803, grey images of bytes"))
    }
    var extents: [Int] = []
    for axis in 0..<magic & 0xff { extents.append(try word(bytes, 4 + 4 * axis, path)) }
    guard extents[0] > 0 else { throw DataError(path: path, .idxNoItems(offset: 4)) }
    for (axis, extent) in extents.enumerated().dropFirst() where !(1...65536).contains(extent) {
      throw DataError(path: path, .idxExtent(offset: 4 + 4 * axis, found: extent))
    }
    let channels = extents.count == 4 ? extents[3] : 1
    guard channels == 1 || channels == 3 else { throw DataError(path: path, .idxExtent(offset: 16, found: channels)) }
    let start = 4 + 4 * extents.count
    // Below 2^32 x 2^16 x 2^16, and 3 more bits would not fit: each product is checked.
    let expected = extents.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? Int.max >> 1 : $0 * $1 }
    guard bytes.count - start == expected else {
      throw DataError(path: path, .idxLength(offset: start, expected: expected, found: bytes.count - start))
    }
    return Images(
      count: extents[0], height: extents[1], width: extents[2], channels: channels, pixels: [UInt8](bytes[start...]))
  }

  /// Reads labels from the bytes of an expanded file.
  public static func decodeLabels(_ bytes: [UInt8], path: String) throws(DataError) -> [Int] {
    let magic = try word(bytes, 0, path)
    guard magic == 0x801 else {
      throw DataError(path: path, .idxMagic(offset: 0, found: UInt32(magic), expected: "0x00000801, labels of bytes"))
    }
    let count = try word(bytes, 4, path)
    guard count > 0 else { throw DataError(path: path, .idxNoItems(offset: 4)) }
    guard bytes.count - 8 == count else {
      throw DataError(path: path, .idxLength(offset: 8, expected: count, found: bytes.count - 8))
    }
    return bytes[8...].map { Int($0) }
  }

  private static func word(_ bytes: [UInt8], _ offset: Int, _ path: String) throws(DataError) -> Int {
    guard bytes.count >= offset + 4 else { throw DataError(path: path, .idxCut(found: bytes.count)) }
    return bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
