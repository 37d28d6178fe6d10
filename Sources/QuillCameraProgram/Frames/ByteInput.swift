import QuillCamera

/// Bytes that come when they like, from standard input or a file, taken in small steps so that nobody waits for long.
struct ByteInput: ~Copyable {
  enum Progress: Equatable {
    /// All that was asked for is there.
    case full
    /// A part came, or nothing within a second.
    case partial
    /// The input ended before.
    case end
    /// The program is asked to stop.
    case stop
  }

  /// The longest wait of a step.
  private static let waitMilliseconds: Int32 = 1_000

  private let path: SystemPath
  private let file: FileDescriptor

  /// The file at `path`, or standard input for `-`.
  init(_ path: SystemPath) throws(ProgramError) {
    self.path = path
    if path.isStandardStream {
      file = FileDescriptor.standardInput
      return
    }
    do throws(SystemError) {
      file = try FileDescriptor(reading: path)
    } catch {
      throw .read(path, .system(error))
    }
  }

  /// Goes on filling `bytes` up to `wanted` of them, of which `count` are there: one wait and one read.
  func fill(_ bytes: inout [UInt8], _ count: inout Int, upTo wanted: Int) throws(ProgramError) -> Progress {
    do throws(SystemError) {
      switch try file.wait(milliseconds: Self.waitMilliseconds) {
      case .stopRequested: return .stop
      case .timedOut: return .partial
      case .readable: break
      }
      let moved = try file.read(into: &bytes, from: count, atMost: wanted - count)
      count += moved
      if count == wanted { return .full }
      return moved == 0 ? .end : .partial
    } catch {
      throw path.isStandardStream ? .input(error) : .read(path, .system(error))
    }
  }
}
