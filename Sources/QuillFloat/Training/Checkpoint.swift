/// A training run as bytes: the settings that it was started with, and where it stands.
///
/// The file, in little-endian order: 8 bytes `QuillTrn`; the version, 4 bytes; the settings; the state; and 8 bytes of
/// FNV-1a over all before them. Counts take 8 bytes, losses the 8 of a double, numbers of arrays the 4 of a float; a
/// text or an array follows its count. The same run gives the same bytes.
public struct Checkpoint: Sendable, Equatable {
  /// A setting of the run, in words, which a run that goes on must share.
  public struct Setting: Sendable, Equatable {
    /// What is set, as a user knows it.
    public let name: String

    /// What it is set to.
    public let value: String

    /// A setting.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The version that is written and read.
  public static let version: UInt32 = 1

  static let magic = Array("QuillTrn".utf8)

  /// The settings.
  public let settings: [Setting]

  /// Where the run stands.
  public let state: TrainingState

  /// A checkpoint of a run.
  public init(settings: [Setting], state: TrainingState) {
    self.settings = settings
    self.state = state
  }

  /// Proves that the run was started with the given settings.
  /// - Throws: `checkpointSetting` with the first one that differs.
  public func expect(_ wanted: [Setting]) throws(TrainingError) {
    for setting in wanted {
      let found = settings.first { $0.name == setting.name }?.value
      guard found == setting.value else {
        throw TrainingError.checkpointSetting(name: setting.name, found: found ?? "not set", expected: setting.value)
      }
    }
  }
}

extension Checkpoint {
  /// The checkpoint as a file's bytes.
  public var bytes: [UInt8] {
    var writer = CheckpointWriter()
    writer.bytes += Self.magic
    writer.append(Self.version)
    writer.append(settings.count)
    for setting in settings {
      writer.append(setting.name)
      writer.append(setting.value)
    }
    writer.append(state.reports.count)
    for report in state.reports {
      writer.append(report.training)
      writer.append(report.validation == nil ? 0 : 1)
      if let validation = report.validation { writer.append(validation) }
    }
    writer.append(state.batchIndex)
    writer.append(state.partial)
    writer.append(state.networkStepCount)
    writer.append(state.optimizerStepCount)
    writer.append(state.weights)
    writer.append(state.firstMoments)
    writer.append(state.secondMoments)
    writer.append(state.best == nil ? 0 : 1)
    if let best = state.best { writer.append(best) }
    writer.append(Checksum.of(writer.bytes[...]))
    return writer.bytes
  }

  /// Reads a file's bytes.
  /// - Throws: `notACheckpoint`, `checkpointVersion`, `checkpointDamaged` or `checkpointCut`.
  public init(_ bytes: [UInt8]) throws(TrainingError) {
    guard bytes.starts(with: Self.magic) else { throw TrainingError.notACheckpoint }
    var reader = CheckpointReader(bytes, offset: Self.magic.count)
    let version = try reader.word()
    guard version == Self.version else {
      throw TrainingError.checkpointVersion(found: version, expected: Self.version)
    }
    try reader.expectChecksum()
    var settings: [Setting] = []
    for _ in 0..<(try reader.count(bytesEach: 16)) { settings.append(Setting(try reader.text(), try reader.text())) }
    var reports: [EpochReport] = []
    for epoch in 0..<(try reader.count(bytesEach: 32)) {
      let training = try reader.result()
      let validation = try reader.flag() ? try reader.result() : nil
      reports.append(EpochReport(epoch: epoch, training: training, validation: validation))
    }
    self.settings = settings
    state = TrainingState(
      reports: reports, batchIndex: try reader.number(), partial: try reader.result(),
      networkStepCount: try reader.number(), optimizerStepCount: try reader.number(), weights: try reader.weights(),
      firstMoments: try reader.floats(), secondMoments: try reader.floats(),
      best: try reader.flag() ? try reader.weights() : nil)
    try reader.expectEnd()
  }
}

/// A fingerprint of bytes against accidents: FNV-1a of 64 bits (Fowler, Noll and Vo).
package enum Checksum {
  /// The fingerprint of some bytes, after those that gave `start`. Not generic: other modules would run it unspecialised.
  package static func of(_ bytes: ArraySlice<UInt8>, after start: UInt64 = 0xCBF2_9CE4_8422_2325) -> UInt64 {
    bytes.withUnsafeBufferPointer { bytes in
      var sum = start
      for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
      return sum
    }
  }
}
