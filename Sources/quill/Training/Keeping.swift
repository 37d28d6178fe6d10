import Foundation
import QuillData
import Synchronization

/// Keeps work in files while it goes on: where a file cannot be written, as on a full disk, that is said, the work goes on,
/// and the next time may be better. Hours of training are not given up for a checkpoint.
final class Keeping: Sendable {
  private let command: String
  private let console: Console
  /// Why each file that could not be written could not.
  private let faults = Mutex<[String: String]>([:])

  /// - Parameter command: the subcommand, whose name its sentences begin with.
  init(command: String, _ console: Console) {
    (self.command, self.console) = (command, console)
  }

  /// Whether the last attempt at a file succeeded, or none was made.
  func holds(_ path: String) -> Bool { faults.withLock { $0[path] == nil } }

  /// Writes a file, or says why not: once for a reason, and also where remarks are not wanted.
  func attempt(_ path: String, _ write: () throws -> Void) {
    do {
      try write()
      let fault = faults.withLock { $0.removeValue(forKey: path) }
      if fault != nil { console.remark("quill \(command): \(path): the run is kept again") }
    } catch {
      let sentence = "\(error)"
      let last = faults.withLock { $0.updateValue(sentence, forKey: path) }
      if last != sentence {
        Console.printError("\(sentence); the run goes on without being kept, and tries again", command: command)
      }
    }
  }

  /// Writes a result that is kept nowhere else: where the disk is full, waits until there is room. Only an end by force
  /// loses it.
  func insist(_ write: () throws(DataError) -> Void) throws(DataError) {
    var isSaid = false
    while true {
      do throws(DataError) {
        return try write()
      } catch {
        guard error.isFullDisk else { throw error }
        if !isSaid {
          Console.printError("\(error); it is kept nowhere else: waiting for room", command: command)
        }
        isSaid = true
        Thread.sleep(forTimeInterval: Self.secondsBetweenAttempts)
      }
    }
  }

  private static let secondsBetweenAttempts = 1.0
}

extension DataError {
  /// Whether there was no room to write: of the disk, or of the user's share of it.
  fileprivate var isFullDisk: Bool {
    if case .systemCall(_, let number) = problem { [ENOSPC, EDQUOT].contains(number) } else { false }
  }
}
