import QuillCamera
import QuillImaging

/// The pictures of a folder, in the order of their names: one frame each, none dropped. A picture that cannot be read
/// is said on standard error and passed over; after the last one the program then ends as failed.
struct FolderSource: ~Copyable, FrameSource {
  /// The most bytes of a picture file.
  private static let byteLimit = 256 << 20
  private static let endings: [StaticString] = [".pgm", ".ppm", ".pnm", ".png", ".jpg", ".jpeg"]

  private let folder: SystemPath
  private let names: [[UInt8]]
  private var index = 0
  private var unreadable = 0

  init(_ folder: SystemPath) throws(ProgramError) {
    self.folder = folder
    names = try Self.pictures(in: folder)
  }

  private static func pictures(in folder: SystemPath) throws(ProgramError) -> [[UInt8]] {
    let names: [[UInt8]]
    do throws(SystemError) {
      names = try SystemFolder.names(in: folder).filter(isPicture).sorted { $0.lexicographicallyPrecedes($1) }
    } catch {
      throw .read(folder, .system(error))
    }
    if names.isEmpty { throw .noPictures(folder) }
    return names
  }

  mutating func step(into picture: inout Picture) throws(ProgramError) -> SourceStep {
    if StopSignal.isRequested { return .end }
    guard index < names.count else {
      if unreadable > 0 { throw .unreadablePictures(folder, count: unreadable) }
      return .end
    }
    let began = Clock.nanoseconds
    let path = folder.appending("/").appending(names[index])
    defer { index += 1 }
    do throws(PictureFault) {
      try PictureFile.read(try read(path), into: &picture)
    } catch {
      Program.complain(ProgramError.pictureFile(path, error).sentence)
      unreadable += 1
      return .idle
    }
    let now = Clock.nanoseconds
    var facts = FrameFacts(
      sequence: UInt64(index), timestampNanoseconds: now, captureNanoseconds: now - began)
    facts.name = names[index]
    return .frame(facts)
  }

  private func read(_ path: SystemPath) throws(PictureFault) -> [UInt8] {
    do throws(FileReadError) {
      return try WholeFile.read(path, limit: Self.byteLimit)
    } catch {
      throw .unreadable(error)
    }
  }

  /// Whether the name ends as a picture's does, in either case.
  private static func isPicture(_ name: [UInt8]) -> Bool {
    let small = name.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
    return endings.contains { ending in Array(small.suffix(ending.utf8CodeUnitCount)).isText(ending) }
  }
}
