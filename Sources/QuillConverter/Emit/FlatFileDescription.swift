import Quill

/// What a flat file says beside the network itself.
package struct FlatFileDescription: Sendable {
  /// Class names, one an output value; empty for none.
  package var labels: [String] = []
  /// How pictures become the input, with one table of 256 values a channel.
  package var preprocessing: Preprocessing?
  /// One table a channel: pixel byte to int8 value.
  package var tables: [[Int8]] = []
  /// What the first output's numbers are.
  package var meaning: OutputMeaning = .values
  /// The tensor whose greatest value names the class, by its position in the quantised graph.
  package var decisionTensor: Int?
  /// By tensor name, the exponents by which its channels were given like sizes (`UnequalChannels`).
  package var channelExponents: [String: [Int]] = [:]
  /// SHA-256 of the file that the network came from.
  package var sourceSHA256: [UInt8]?
  /// Tool and version.
  package var tool = ""
  /// The options that change the bytes.
  package var options = ""
  /// Seed of the golden inputs.
  package var goldenSeed: UInt64 = 0x51_55_49_4C_4C

  package init() {}
}
