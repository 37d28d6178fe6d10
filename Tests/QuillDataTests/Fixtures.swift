import Foundation
import QuillData

/// Small files, made here or written down as bytes.
enum Fixtures {
  /// An IDX file: magic, extents, bytes.
  static func idx(magic: UInt32, extents: [Int], bytes: [UInt8]) -> [UInt8] {
    bigEndian(magic) + extents.flatMap { bigEndian(UInt32($0)) } + bytes
  }

  static func bigEndian(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) }
  }

  /// A raw PGM whose samples are all the same.
  static func pgm(width: Int, height: Int, sample: UInt8) -> [UInt8] {
    Array("P5\n\(width) \(height)\n255\n".utf8) + [UInt8](repeating: sample, count: width * height)
  }

  static func decoded(_ base64: String) -> [UInt8] {
    [UInt8](Data(base64Encoded: base64) ?? Data())
  }

  /// The error of a call, as text.
  static func message(_ body: () throws(DataError) -> Void) -> String {
    do throws(DataError) {
      try body()
      return "no error"
    } catch {
      return "\(error)"
    }
  }
}
