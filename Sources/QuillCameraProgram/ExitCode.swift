/// How the program ends; `--help` lists them.
package enum ExitCode: Int32, Sendable {
  /// Done, or the reader of its output went away, or it was asked to stop.
  case success = 0
  /// A file, a device or a model could not be used.
  case failure = 1
  /// The command line makes no sense.
  case usage = 2
  /// `verify`: the model answers differently on this machine.
  case different = 3
  /// `doctor`: something keeps every camera from being used.
  case unfit = 4
}
