import Foundation
import QuillFloat
import QuillONNX

/// Where the tests find what they read.
enum TestFiles {
  /// The folder of these sources.
  static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()

  /// The committed small networks and their outputs.
  static let fixtures = folder.appendingPathComponent("Fixtures")

  /// A file's bytes.
  static func bytes(_ url: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: url)) }
}

/// A float array as numpy stores it.
struct NumpyArray {
  var shape: [Int]
  var values: [Float]

  /// Reads version 1 files of little-endian float32.
  init(_ bytes: [UInt8]) throws {
    let headerCount = Int(bytes[8]) + Int(bytes[9]) << 8
    let header = String(decoding: bytes[10..<(10 + headerCount)], as: UTF8.self)
    guard header.contains("'<f4'"), header.contains("False") else { throw CocoaError(.fileReadCorruptFile) }
    let inner = header.split(separator: "(")[1].split(separator: ")", omittingEmptySubsequences: false)[0]
    shape = inner.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    let start = 10 + headerCount
    values = stride(from: start, to: bytes.count, by: 4).map { offset in
      Float(
        bitPattern: UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2]) << 16
          | UInt32(bytes[offset + 3]) << 24)
    }
  }
}

/// The largest absolute difference between two lists of the same length; infinite where the lengths differ or a value
/// is not a number.
func largestDifference(_ left: some Collection<Float>, _ right: some Collection<Float>) -> Float {
  guard left.count == right.count else { return .infinity }
  var largest: Float = 0
  for (one, other) in zip(left, right) where one != other {
    let difference = abs(one - other)
    if difference.isNaN { return .infinity }
    largest = max(largest, difference)
  }
  return largest
}
