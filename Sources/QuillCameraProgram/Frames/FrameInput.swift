import QuillCamera
import QuillImaging

/// The source that the command line asked for; exactly one of the sources is there.
///
/// A class, so that its users do not each hold a copy of the code that opens and closes every source.
package final class FrameInput {
  private var camera: CameraSource?
  private var stream: StreamSource?
  private var video: Y4MSource?
  private var folder: FolderSource?
  private var synthetic: SyntheticSource?
  private var replay: ReplaySource?
  private let kind: SourceOptions.Kind

  /// Opens the source, or gives why it cannot be.
  @inline(never) package init(_ options: SourceOptions) throws(ProgramError) {
    kind = options.kind
    switch kind {
    case .camera(let path): camera = try CameraSource(path: path, options: options)
    case .standardInput:
      guard case .raw(let format) = options.wish.format ?? .raw(.grey) else { throw .usage(.rawFramesOnly) }
      stream = try StreamSource(format, options.wish)
    case .y4m(let path): video = try Y4MSource(path)
    case .folder(let path): folder = try FolderSource(path)
    case .replay(let path): replay = try ReplaySource(path)
    case .synthetic(let seed): synthetic = try SyntheticSource(seed: seed, wish: options.wish)
    }
  }

  /// Whether this is the answer that was recorded with the last frame; false where the frame is not from a recording.
  package func hasRecorded(_ answer: [UInt8]) -> Bool {
    replay?.hasRecorded(answer) ?? false
  }

  /// As `FrameSource.step(into:)`.
  @inline(never) package func step(into picture: inout Picture) throws(ProgramError) -> SourceStep {
    switch kind {
    case .camera: try camera?.step(into: &picture) ?? .end
    case .standardInput: try stream?.step(into: &picture) ?? .end
    case .y4m: try video?.step(into: &picture) ?? .end
    case .folder: try folder?.step(into: &picture) ?? .end
    case .replay: try replay?.step(into: &picture) ?? .end
    case .synthetic: try synthetic?.step(into: &picture) ?? .end
    }
  }
}
