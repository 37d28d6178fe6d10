import Quill
import QuillCamera
import QuillImaging

/// Why the program could not do what it was asked to.
package indirect enum ProgramError: Error, Sendable {
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
  case y4m(SystemPath, Y4MFault)
  case recording(SystemPath, RecordingFault)
  /// A picture of a folder could not be read.
  case pictureFile(SystemPath, PictureFault)
  /// So many pictures of a folder could not be read; each was named.
  case unreadablePictures(SystemPath, count: Int)
  /// A folder without a picture.
  case noPictures(SystemPath)
  case noCamera
  /// The source ended before its first frame.
  case noFrames
  case camera(SystemPath, CameraFault)
  case picture(ImagingError)
  case model(SystemPath, ModelError)
  /// QUILL_KERNELS names no level, or one that this processor or build lacks.
  case kernelsUnknown([UInt8])
  case kernelsUnavailable([UInt8])
  /// The model takes something else than one digit of 28 x 28 pixels.
  case notADigitModel(SystemPath)
  /// The model decides on no class, or takes several inputs.
  case notAClassifier(SystemPath)
  /// An option that is for networks of digits.
  case notForDigits(SystemPath, option: StaticString)
  /// The model's input is no picture that fits a frame.
  case notAPictureModel(SystemPath, height: Int, width: Int, channels: Int)
  /// A model that was read anew answers differently from what it carries.
  case differentModel(SystemPath)
  /// A preview was asked for where no terminal is.
  case noTerminal
  /// The model answers differently from what it carries.
  case different(SystemPath, VerifyDifference)
  case numpy(SystemPath, NumpyFault)
  case inputShape(SystemPath, shape: [UInt64], valueCount: Int)
  case outputTooLarge(SystemPath, byteCount: UInt64, limit: Int)
  case severalInputs(SystemPath, inputs: Int, outputs: Int)
}

/// What is wrong with a command line.
package enum UsageError: Error, Sendable {
  /// No model is named, and none lies beside the program.
  case missingModel
  case unknown([UInt8])
  case missingValue(option: StaticString)
  case repeated(option: StaticString)
  case severalSources
  case missingOption(StaticString)
  case badNumber(option: StaticString, found: [UInt8], range: ClosedRange<UInt32>)
  case unknownFormat(found: [UInt8])
  case badEqualisation(found: [UInt8])
  case badControl(option: StaticString, found: [UInt8])
  case rawFramesOnly
  case manyFramesIntoOneFile
  case smallSynthetic(width: UInt32, height: UInt32, shortest: UInt32)
}
