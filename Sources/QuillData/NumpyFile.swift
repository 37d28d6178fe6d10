/// The `.npy` file format, versions 1 to 3, as numpy's `numpy.lib.format` documents it.
public enum NumpyFile {
  static let magic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

  /// Reads a file, or standard input where the path is `-`.
  /// - Throws: what `FileBytes.read` and `decode` throw.
  public static func read(_ path: String) throws(DataError) -> NumpyArray {
    try decode(try FileBytes.read(path), path: FileBytes.displayName(path))
  }

  /// Writes a file whole or not at all, or standard output where the path is `-`.
  /// - Throws: what `AtomicFile.write` throws.
  public static func write(_ array: NumpyArray, to path: String) throws(DataError) {
    try AtomicFile.write(encode(array), to: path)
  }

  /// Reads an array. Any bytes give an array or an error; a Fortran-ordered array is transposed into C order.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - path: its name, for errors.
  /// - Throws: the `numpy...` problems, each with its byte offset.
  public static func decode(_ bytes: [UInt8], path: String) throws(DataError) -> NumpyArray {
    guard bytes.starts(with: magic) else {
      throw DataError(path: path, .numpyMagic(found: [UInt8](bytes.prefix(magic.count))))
    }
    guard bytes.count >= 10 else {
      throw DataError(path: path, .numpyCut(offset: 6, wanted: 4, found: bytes.count - 6))
    }
    let (major, minor) = (bytes[6], bytes[7])
    guard (1...3).contains(major), minor == 0 else {
      throw DataError(path: path, .numpyVersion(major: major, minor: minor))
    }
    let lengthBytes = major == 1 ? 2 : 4
    guard bytes.count >= 8 + lengthBytes else {
      throw DataError(path: path, .numpyCut(offset: 8, wanted: lengthBytes, found: bytes.count - 8))
    }
    let headerStart = 8 + lengthBytes
    let headerLength = (0..<lengthBytes).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    guard headerLength <= bytes.count - headerStart else {
      throw DataError(
        path: path, .numpyCut(offset: headerStart, wanted: headerLength, found: bytes.count - headerStart))
    }
    let dataStart = headerStart + headerLength
    let header = try NumpyHeader(parsing: bytes, range: headerStart..<dataStart, path: path)
    return try decodeElements(bytes, from: dataStart, header: header, path: path)
  }

  private static func decodeElements(
    _ bytes: [UInt8], from start: Int, header: NumpyHeader, path: String
  ) throws(DataError) -> NumpyArray {
    var wanted = header.element.byteCount
    for extent in header.shape {
      let (product, overflow) = wanted.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw DataError(path: path, .numpyShapeTooLarge(offset: header.shapeOffset)) }
      wanted = product
    }
    let found = bytes.count - start
    guard found >= wanted else { throw DataError(path: path, .numpyCut(offset: start, wanted: wanted, found: found)) }
    guard found == wanted else {
      throw DataError(path: path, .numpyTrailing(offset: start + wanted, extra: found - wanted))
    }
    let stored = [UInt8](bytes[start...])
    let elements =
      header.fortranOrder ? transposed(stored, shape: header.shape, size: header.element.byteCount) : stored
    return NumpyArray(element: header.element, shape: header.shape, bytes: elements)
  }

  /// Column-major elements in row-major order.
  private static func transposed(_ bytes: [UInt8], shape: [Int], size: Int) -> [UInt8] {
    guard shape.count > 1, !bytes.isEmpty else { return bytes }
    var strides: [Int] = []
    var stride = size
    for extent in shape {
      strides.append(stride)
      stride *= extent
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var position = [Int](repeating: 0, count: shape.count)
    for _ in 0..<bytes.count / size {
      let offset = zip(position, strides).reduce(0) { $0 + $1.0 * $1.1 }
      result.append(contentsOf: bytes[offset..<offset + size])
      var axis = shape.count - 1
      while axis >= 0 {
        position[axis] += 1
        if position[axis] < shape[axis] { break }
        position[axis] = 0
        axis -= 1
      }
    }
    return result
  }

  /// The bytes that `numpy.save` writes for an array.
  public static func encode(_ array: NumpyArray) -> [UInt8] {
    header(element: array.element, shape: array.shape) + array.bytes
  }

  /// The bytes that `numpy.save` writes before the elements.
  static func header(element: NumpyArray.Element, shape: [Int]) -> [UInt8] {
    let extents = shape.map(String.init)
    let tuple = extents.count == 1 ? "(\(extents[0]),)" : "(" + extents.joined(separator: ", ") + ")"
    var text = "{'descr': '\(element.rawValue)', 'fortran_order': False, 'shape': \(tuple), }"
    // numpy leaves room for the outermost extent to grow to 21 digits in place.
    if let first = extents.first { text += String(repeating: " ", count: max(0, 21 - first.count)) }
    // Magic, version and length take 10 bytes in version 1; the header ends with a newline and is a multiple of 64.
    text += String(repeating: " ", count: 64 - (10 + text.utf8.count + 1) % 64) + "\n"
    let length = text.utf8.count
    return magic + [1, 0, UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)] + text.utf8
  }
}
