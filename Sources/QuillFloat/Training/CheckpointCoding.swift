/// Writes a checkpoint's parts.
struct CheckpointWriter {
  var bytes: [UInt8] = []

  mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ text: String) {
    append(text.utf8.count)
    bytes += text.utf8
  }

  mutating func append(_ result: BatchResult) {
    append(result.loss.bitPattern)
    append(result.correctCount)
    append(result.sampleCount)
  }

  mutating func append(_ values: [Float]) {
    append(values.count)
    values.map(\.bitPattern.littleEndian).withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ weights: NetworkWeights) {
    append(weights.parameters)
    append(weights.statistics.count)
    for values in weights.statistics { append(values) }
  }
}

/// Reads a checkpoint's parts. What a file says of lengths is believed only as far as the file is long.
struct CheckpointReader {
  /// The largest number that a run can hold, so that no sum of such overflows.
  private static let maximum: UInt64 = 1 << 40

  private let bytes: [UInt8]
  private var offset: Int

  /// Where the parts end and the checksum begins.
  private let end: Int

  init(_ bytes: [UInt8], offset: Int) {
    self.bytes = bytes
    self.offset = offset
    end = bytes.count - 8
  }

  mutating func word() throws(TrainingError) -> UInt32 { UInt32(truncatingIfNeeded: try integer(byteCount: 4)) }

  func expectChecksum() throws(TrainingError) {
    guard end >= offset else { throw TrainingError.checkpointCut(offset: bytes.count) }
    var stored: UInt64 = 0
    for byte in bytes[end...].reversed() { stored = stored << 8 | UInt64(byte) }
    guard stored == Checksum.of(bytes[..<end]) else { throw TrainingError.checkpointDamaged }
  }

  func expectEnd() throws(TrainingError) {
    guard offset == end else { throw TrainingError.checkpointDamaged }
  }

  mutating func number() throws(TrainingError) -> Int {
    let value = try integer(byteCount: 8)
    guard value < Self.maximum else { throw TrainingError.checkpointDamaged }
    return Int(value)
  }

  /// The number of parts that take at least `bytesEach` bytes each.
  mutating func count(bytesEach: Int) throws(TrainingError) -> Int {
    let count = try number()
    guard count <= (end - offset) / bytesEach else { throw TrainingError.checkpointCut(offset: offset) }
    return count
  }

  mutating func flag() throws(TrainingError) -> Bool {
    let value = try number()
    guard value <= 1 else { throw TrainingError.checkpointDamaged }
    return value == 1
  }

  mutating func text() throws(TrainingError) -> String {
    let count = try count(bytesEach: 1)
    defer { offset += count }
    return String(decoding: bytes[offset..<offset + count], as: UTF8.self)
  }

  mutating func result() throws(TrainingError) -> BatchResult {
    BatchResult(
      loss: Double(bitPattern: try integer(byteCount: 8)), correctCount: try number(), sampleCount: try number())
  }

  mutating func floats() throws(TrainingError) -> [Float] {
    let count = try count(bytesEach: 4)
    defer { offset += count * 4 }
    return bytes.withUnsafeBytes { bytes in
      (0..<count).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + $0 * 4, as: UInt32.self)))
      }
    }
  }

  mutating func weights() throws(TrainingError) -> NetworkWeights {
    let parameters = try floats()
    var statistics: [[Float]] = []
    for _ in 0..<(try count(bytesEach: 8)) { statistics.append(try floats()) }
    return NetworkWeights(parameters: parameters, statistics: statistics)
  }

  private mutating func integer(byteCount: Int) throws(TrainingError) -> UInt64 {
    guard end - offset >= byteCount else { throw TrainingError.checkpointCut(offset: offset) }
    defer { offset += byteCount }
    return bytes[offset..<offset + byteCount].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
