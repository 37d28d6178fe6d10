import Foundation
import QuillFloat
import QuillONNX

/// Where the tests find what they read.
enum TestFiles {
  /// The folder of these sources.
  static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()

  /// The committed small networks and their outputs.
  static let fixtures = folder.appendingPathComponent("Fixtures")

  /// The reference data, which is not in the repository; `QUILL_REFERENCE` or the neighbour of the repository.
  static let reference: URL = {
    if let path = ProcessInfo.processInfo.environment["QUILL_REFERENCE"] { return URL(fileURLWithPath: path) }
    return folder.appendingPathComponent("../../../shared/reference").standardizedFileURL
  }()

  /// Whether reference data is there; prints a line where it is not.
  static func hasReference(_ path: String) -> Bool {
    let isThere = FileManager.default.fileExists(atPath: reference.appendingPathComponent(path).path)
    if !isThere { print("skipped: no reference data at \(reference.appendingPathComponent(path).path)") }
    return isThere
  }

  /// A file's bytes.
  static func bytes(_ url: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: url)) }

  /// The bytes of a file of the reference data.
  static func reference(_ path: String) throws -> [UInt8] { try bytes(reference.appendingPathComponent(path)) }

  /// The first MNIST test images, 784 bytes each.
  static func mnistTestImages(_ count: Int) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", reference.appendingPathComponent("mnist/t10k-images-idx3-ubyte.gz").path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array([UInt8](data)[16..<(16 + 784 * count)])
  }
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

/// A generator whose seed replays it (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
