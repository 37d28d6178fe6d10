/// What the tool's exit status says; `quill --help` lists them.
enum ExitCode: Int32, CaseIterable {
  case success = 0
  case failure = 1
  case usage = 2
  case limitExceeded = 3

  /// What it means, for help.
  var meaning: String {
    switch self {
    case .success: "done"
    case .failure: "failed: bad input, a file that cannot be read or written, a check that does not hold"
    case .usage: "the command line is not understood"
    case .limitExceeded: "done, but a limit that was asked for is exceeded (drift --max-flips)"
    }
  }
}
