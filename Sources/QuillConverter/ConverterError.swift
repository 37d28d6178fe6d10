/// Why a network cannot become a flat file. Wording in `ConverterError+Description.swift`.
public enum ConverterError: Error, Sendable, Equatable {
  /// A node that the runtime has no operator for.
  case unsupported(node: String, operation: String, reason: String)
  /// A tensor whose shape the runtime does not store.
  case shape(tensor: String, shape: [Int], reason: String)
  /// Scales so far apart that a node's integers would overflow.
  case scales(node: String, operation: String, reason: String)
  /// A channel whose sum could leave 32 bits.
  case accumulator(node: String, channel: Int)
  /// A weight of -128 in a network that was quantised elsewhere.
  case weightMinus128(node: String, position: Int)
  /// A tensor that takes a value which is not finite while calibrating.
  case notFinite(tensor: String, image: Int)
  /// Nothing to calibrate on.
  case noCalibrationImages
  /// Calibration images that do not have the input's number of values.
  case calibrationSize(found: Int, expected: Int, shape: [Int])
  /// More or fewer inputs or outputs than a file holds.
  case interface(inputs: Int, outputs: Int)
  /// As many labels as classes are needed.
  case labelCount(found: Int, expected: Int)
  /// Text that a file does not hold.
  case text(String)
  /// The file would be 2 GiB or larger.
  case tooLarge(bytes: UInt64)
  /// The float network is not one that can run.
  case graph(String)
  /// The written file was not accepted by the reader: a mistake in Quill.
  case rejected(String)
}
