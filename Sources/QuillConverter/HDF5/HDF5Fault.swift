/// What is wrong with an HDF5 file, or what in it is not read.
public enum HDF5Fault: Sendable, Equatable {
  /// The bytes do not begin with an HDF5 signature.
  case notHDF5

  /// A structure does not begin with its four-letter signature.
  case badSignature(expected: String)

  /// A structure has a version that is not read.
  case unknownVersion(structure: String, Int)

  /// The size of addresses or lengths is none of 2, 4 and 8 bytes.
  case badWidth(Int)

  /// An address or a length leaves the file.
  case outside(structure: String)

  /// Structures refer to each other in a circle.
  case circle(structure: String)

  /// Fields contradict each other.
  case inconsistent(structure: String)

  /// A class of data that is not read, where numbers or text were expected.
  case unsupportedType(String)

  /// A feature of the format that Keras does not use.
  case unsupported(String)

  /// A chunk is packed by a filter other than deflate, shuffle and fletcher32.
  case unsupportedFilter(Int)

  /// A group has no member of that name.
  case missing(String)

  /// The data would take more memory than is permitted.
  case tooLarge(permitted: Int)

  /// The file has more structures than a file of its size can reasonably have.
  case tooManyStructures
}
