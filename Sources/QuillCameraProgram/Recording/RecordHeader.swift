import Quill
import QuillImaging

/// Why a file is no recording, or not whole.
package enum RecordingFault: Error, Equatable, Sendable {
  case notARecording
  /// Another version of the format than `RecordHeader.fileStart` says.
  case otherVersion(UInt8)
  /// A checksum or a size is wrong in the record after so many whole frames, and it is not one that was cut short.
  case damaged(frames: UInt64)
}

/// The head of a record, which is one frame and its answer in a recording.
///
/// A recording is `fileStart`, then records, each of 68 bytes, little-endian (offset: field):
/// 0: "QFRM"; 4, 8, 12: bytes of pixels, answer and name (UInt32); 16: sequence (UInt64); 24: timestamp (Int64);
/// 32, 40: dropped, lost (UInt64); 48, 52: width, height (UInt32); 56: bytes a pixel (1 or 3); 57: the digit drawn, 255
/// for none; 58: zero (UInt16); 60: CRC-32C of what follows the head; 64: CRC-32C of the 64 bytes before. The pixels
/// follow, rows without gaps, then the answer as `--replay` prints it in JSON, then the picture's name. A file that was
/// cut anywhere is whole up to a record.
package struct RecordHeader: Equatable, Sendable {
  package static let byteCount = 68
  /// `QUILLREC`, the version, seven zeros.
  package static let fileStart: [UInt8] = [0x51, 0x55, 0x49, 0x4C, 0x4C, 0x52, 0x45, 0x43, 1, 0, 0, 0, 0, 0, 0, 0]

  private static let magic: UInt64 = 0x4D52_4651
  /// The most bytes of an answer or a name.
  private static let longestText = 1 << 20

  package var pixelCount = 0
  package var answerCount = 0
  package var nameCount = 0
  package var width = 0
  package var height = 0
  package var channels = Picture.Channels.grey
  package var facts: FrameFacts
  package var payloadSum: UInt32 = 0

  /// Bytes behind the head.
  package var payloadCount: Int { pixelCount + answerCount + nameCount }

  package init(facts: FrameFacts) {
    self.facts = facts
  }

  /// Reads a head; nil where a checksum, a size or the first four bytes are wrong.
  package init?(_ bytes: [UInt8]) {
    func number(_ place: Int, _ byteCount: Int) -> UInt64 {
      var value: UInt64 = 0
      for index in 0..<byteCount { value |= UInt64(bytes[place + index]) << UInt64(8 * index) }
      return value
    }
    guard bytes.count == Self.byteCount, number(0, 4) == Self.magic,
      number(64, 4) == UInt64(Self.sum(bytes[..<64])), let channels = Picture.Channels(rawValue: Int(bytes[56]))
    else { return nil }
    self.channels = channels
    pixelCount = Int(clamping: number(4, 4))
    answerCount = Int(clamping: number(8, 4))
    nameCount = Int(clamping: number(12, 4))
    width = Int(clamping: number(48, 4))
    height = Int(clamping: number(52, 4))
    payloadSum = UInt32(number(60, 4))
    facts = FrameFacts(
      sequence: number(16, 8), timestampNanoseconds: Int64(bitPattern: number(24, 8)), dropped: number(32, 8),
      lost: number(40, 8))
    facts.drawn = bytes[57] == 255 ? nil : bytes[57]
    let sides = 1...FrameShape.longestSide
    guard sides.contains(width), sides.contains(height), pixelCount == width * height * channels.rawValue,
      answerCount <= Self.longestText, nameCount <= Self.longestText
    else { return nil }
  }

  /// Appends the head to `bytes`.
  func append(to bytes: inout [UInt8]) {
    func append(_ value: UInt64, _ byteCount: Int) {
      for index in 0..<byteCount { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }
    let start = bytes.count
    append(Self.magic, 4)
    append(UInt64(pixelCount), 4)
    append(UInt64(answerCount), 4)
    append(UInt64(nameCount), 4)
    append(facts.sequence, 8)
    append(UInt64(bitPattern: facts.timestampNanoseconds), 8)
    append(facts.dropped, 8)
    append(facts.lost, 8)
    append(UInt64(width), 4)
    append(UInt64(height), 4)
    append(UInt64(channels.rawValue), 1)
    append(UInt64(facts.drawn ?? 255), 1)
    append(0, 2)
    append(UInt64(payloadSum), 4)
    append(UInt64(Self.sum(bytes[start..<(start + 64)])), 4)
  }

  private static func sum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var sum = CRC32C()
    for byte in bytes { sum.update(byte) }
    return sum.value
  }
}
