import QuillCamera
import QuillImaging

/// Why the program could not do what it was asked to.
package enum ProgramError: Error, Sendable {
  case usage(UsageError)
  /// A signal handler could not be set up.
  case signals(SystemError)
  case output(SystemError)
  case read(SystemPath, FileReadError)
  case write(SystemPath, SystemError)
  /// Standard input failed.
  case input(SystemError)
  /// Standard input ended within a frame.
  case cutFrame(byteCount: Int, expected: Int)
  case noCamera
  /// The source ended before its first frame.
  case noFrames
  case camera(SystemPath, CameraFault)
  case picture(ImagingError)
}

/// What is wrong with a command line.
package enum UsageError: Error, Sendable {
  case nothingToDo
  case unknown([UInt8])
  case missingValue(option: StaticString)
  case missingOption(StaticString)
  case badNumber(option: StaticString, found: [UInt8], range: ClosedRange<UInt32>)
  case unknownFormat(found: [UInt8])
  case manyFramesIntoOneFile
}
