import Foundation

/// What the first answer costs, measured on processes of their own.
struct ColdStart: Encodable {
  /// Milliseconds from starting the process (this tool) to its end after one answer.
  let processMilliseconds: Timing

  /// Of these, milliseconds in the process from opening the file to the first answer.
  let openToAnswerMilliseconds: Timing

  /// The most memory that such a process held, the tool's own libraries included.
  let peakResidentBytes: Int

  private static let processCount = 11

  /// Starts `quill bench MODEL --once` several times; `nil` where that cannot be done (standard input is no file).
  static func measure(_ path: String, level: String) -> ColdStart? {
    guard path != "-" else { return nil }
    var whole: [Double] = []
    var inside: [Double] = []
    var peak = 0
    for _ in 0..<processCount {
      let before = Clock.nanoseconds()
      guard let child = Child.run(["quill", "bench", "\(path)@\(level)", "--once", "--quiet"]) else { return nil }
      whole.append(Double(Clock.nanoseconds() - before) / 1e6)
      let words = child.split(whereSeparator: \.isWhitespace)
      guard words.count == 2, let nanoseconds = Double(words[0]), let bytes = Int(words[1]) else { return nil }
      inside.append(nanoseconds / 1e6)
      peak = max(peak, bytes)
    }
    return ColdStart(
      processMilliseconds: Timing(whole), openToAnswerMilliseconds: Timing(inside), peakResidentBytes: peak)
  }
}

/// This program, run once more.
private enum Child {
  /// Runs it to its end, and gives what it printed; `nil` where it cannot be started or fails.
  static func run(_ arguments: [String]) -> String? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    posix_spawn_file_actions_addclose(&actions, ends[1])
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    let started = posix_spawn(&process, "/proc/self/exe", &actions, nil, &words, environ)
    close(ends[1])
    defer { close(ends[0]) }
    guard started == 0 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 256)
    var output: [UInt8] = []
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      output += buffer.prefix(count)
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return nil } }
    return status == 0 ? String(decoding: output, as: UTF8.self) : nil
  }
}
