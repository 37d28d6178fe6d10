import Quill
import QuillCamera

/// Reads the records of a recording one after the other.
struct RecordReader: ~Copyable {
  enum Next: Equatable {
    case record(RecordHeader)
    case end
    /// The last record was cut short, as a program leaves it that was killed.
    case torn
  }

  private let path: SystemPath
  private var head = [UInt8](repeating: 0, count: RecordHeader.byteCount)
  /// Of the record that was read last: pixels, answer, name.
  private(set) var payload: [UInt8] = []
  /// Whole records so far, and where the last of them ends.
  private(set) var frames: UInt64 = 0
  private(set) var wholeByteCount: Int64 = 0

  init(_ path: SystemPath) {
    self.path = path
  }

  /// Reads the file's beginning; false where the file is empty or ends within it.
  mutating func begin(_ file: borrowing FileDescriptor) throws(ProgramError) -> Bool {
    var start = [UInt8](repeating: 0, count: RecordHeader.fileStart.count)
    let count = try fill(&start, file)
    guard Array(start[..<min(count, 8)]) == Array(RecordHeader.fileStart[..<min(count, 8)]) else {
      throw .recording(path, .notARecording)
    }
    if count < start.count { return false }
    guard start == RecordHeader.fileStart else { throw .recording(path, .otherVersion(start[8])) }
    wholeByteCount = Int64(count)
    return true
  }

  /// Reads and checks the next record.
  mutating func next(_ file: borrowing FileDescriptor) throws(ProgramError) -> Next {
    var bytes = head
    let count = try fill(&bytes, file)
    if count == 0 { return .end }
    if count < bytes.count { return .torn }
    guard let header = RecordHeader(bytes) else { throw .recording(path, .damaged(frames: frames)) }
    if payload.count != header.payloadCount { payload = [UInt8](repeating: 0, count: header.payloadCount) }
    var read: [UInt8] = []
    swap(&read, &payload)
    let isWhole = try fill(&read, file) == header.payloadCount
    swap(&read, &payload)
    guard isWhole else { return .torn }
    var sum = CRC32C()
    sum.update(payload.span)
    guard sum.value == header.payloadSum else { throw .recording(path, .damaged(frames: frames)) }
    frames += 1
    wholeByteCount += Int64(RecordHeader.byteCount + header.payloadCount)
    return .record(header)
  }

  /// Fills `bytes` as far as the file goes; gives the number of bytes.
  private func fill(_ bytes: inout [UInt8], _ file: borrowing FileDescriptor) throws(ProgramError) -> Int {
    var count = 0
    do throws(SystemError) {
      while count < bytes.count {
        let moved = try file.read(into: &bytes, from: count)
        if moved == 0 { break }
        count += moved
      }
    } catch {
      throw .read(path, .system(error))
    }
    return count
  }
}
