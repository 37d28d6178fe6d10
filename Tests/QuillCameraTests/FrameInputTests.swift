import Foundation
import QuillCamera
import QuillCameraProgram
import QuillImaging
import TestSupport
import Testing

extension TemporaryFolder {
  /// The path of a file in the folder as the program takes it, or of the folder itself.
  func systemPath(_ name: String = "") -> SystemPath { SystemPath((name.isEmpty ? path : path(name)).utf8) }
}

/// A frame and what is known of it.
struct SeenFrame {
  var facts: FrameFacts
  var picture: Picture
}

/// Every frame of a source, up to a limit.
func frames(
  of kind: SourceOptions.Kind, width: UInt32 = 64, height: UInt32 = 48, limit: Int = 100,
  channels: Picture.Channels = .grey
) throws(ProgramError) -> [SeenFrame] {
  var options = SourceOptions()
  options.kind = kind
  options.wish.width = width
  options.wish.height = height
  let input = try FrameInput(options)
  var picture = Picture(channels: channels)
  var seen: [SeenFrame] = []
  while seen.count < limit {
    switch try input.step(into: &picture) {
    case .idle: continue
    case .end: return seen
    case .frame(let facts): seen.append(SeenFrame(facts: facts, picture: picture))
    }
  }
  return seen
}

@Suite struct SyntheticSourceTests {
  @Test func aSeedDrawsTheSameFramesAndAnotherSeedOthers() throws {
    let first = try frames(of: .synthetic(seed: 3), limit: 12)
    let again = try frames(of: .synthetic(seed: 3), limit: 12)
    let other = try frames(of: .synthetic(seed: 4), limit: 12)
    #expect(first.map(\.picture.pixels) == again.map(\.picture.pixels))
    #expect(first.map(\.facts.drawn) == again.map(\.facts.drawn))
    #expect(first.map(\.picture.pixels) != other.map(\.picture.pixels))
    #expect(first.map(\.facts.sequence) == Array(0..<12))
    #expect(Set(first.map(\.facts.drawn)).count > 3)
  }

  @Test func everyFrameHasInkOnPaper() throws {
    for frame in try frames(of: .synthetic(seed: 1), limit: 50) {
      #expect(frame.picture.shape == FrameShape(width: 64, height: 48))
      let darkest = try #require(frame.picture.pixels.min())
      let lightest = try #require(frame.picture.pixels.max())
      #expect(lightest - darkest >= 50)
    }
  }
}

@Suite struct FolderSourceTests {
  @Test func picturesComeInTheOrderOfTheirNames() throws {
    let folder = try TemporaryFolder()
    try folder.write("b.pgm", Array("P5 2 1 255\n".utf8) + [1, 2])
    try folder.write("A.PPM", Array("P6\n# made by hand\n1 1\n255\n".utf8) + [255, 0, 0])
    try folder.write("c.pnm", Array("P5 1 2 65535\n".utf8) + [0x80, 0, 0xFF, 0xFF])
    try folder.write("notes.txt", [1, 2, 3])
    let seen = try frames(of: .folder(folder.systemPath()))
    #expect(seen.map { String(decoding: $0.facts.name, as: UTF8.self) } == ["A.PPM", "b.pgm", "c.pnm"])
    #expect(seen.map(\.picture.pixels) == [[77], [1, 2], [128, 255]])
    let colour = try frames(of: .folder(folder.systemPath()), channels: .colour)
    #expect(colour.map(\.picture.pixels) == [[255, 0, 0], [1, 1, 1, 2, 2, 2], [128, 128, 128, 255, 255, 255]])
  }

  @Test func aPictureThatCannotBeReadIsPassedOverAndToldAtTheEnd() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.pgm", Array("P5 2 1 255\n".utf8) + [1])
    try folder.write("b.pgm", Array("P5 1 1 255\n".utf8) + [9])
    var options = SourceOptions()
    options.kind = .folder(folder.systemPath())
    let input = try FrameInput(options)
    var picture = Picture()
    #expect(try input.step(into: &picture) == .idle)
    guard case .frame(let facts) = try input.step(into: &picture) else { return #expect(Bool(false)) }
    #expect(facts.sequence == 1)
    do throws(ProgramError) {
      _ = try input.step(into: &picture)
      Issue.record("the end was no failure")
    } catch {
      #expect(error.sentence.description == "\(folder.path): 1 picture could not be read")
    }
  }

  @Test(arguments: [
    ("P5 2 2 255\n123", PictureFault.cut(byteCount: 14, expected: 15)),
    ("P5 0 2 255\n", .badSize(width: 0, height: 2)),
    ("P5 9000 2 255\n", .badSize(width: 9000, height: 2)),
    ("P5 2 2 65536\n", .badHeader), ("P5 2 2 0\n", .badHeader), ("P5 2 2", .badHeader), ("P5 2 -2 255\n", .badHeader),
    ("P5", .badHeader), ("P5 1234567890 1 255\n", .badHeader), ("P4 2 2 1\n", .unknownKind), ("", .unknownKind),
  ])
  func badPictures(text: String, fault: PictureFault) {
    var picture = Picture()
    #expect(throws: fault) { try PictureFile.read(Array(text.utf8), into: &picture) }
  }
}

@Suite struct Y4MTests {
  private static let header = "YUV4MPEG2 W4 H2 F30:1 Ip A1:1 C420jpeg XCOLORRANGE=FULL\n"

  private func video(_ text: String, frames count: Int, planes: Int) -> [UInt8] {
    var bytes = Array(text.utf8)
    for index in 0..<count {
      bytes += Array("FRAME Ip\n".utf8) + (0..<planes).map { UInt8($0 + 16 * index) }
    }
    return bytes
  }

  @Test func framesOfBrightness() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.y4m", video(Self.header, frames: 3, planes: 12))
    let seen = try frames(of: .y4m(folder.systemPath("a.y4m")))
    #expect(seen.map(\.picture.pixels) == (0..<3).map { frame in (0..<8).map { UInt8($0 + 16 * frame) } })
    #expect(seen.map(\.facts.sequence) == [0, 1, 2])
    #expect(seen.allSatisfy { $0.facts.dropped == 0 })
  }

  @Test func limitedRangeIsStretched() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.y4m", Array("YUV4MPEG2 W2 H1 Cmono\nFRAME\n".utf8) + [16, 235])
    #expect(try frames(of: .y4m(folder.systemPath("a.y4m"))).map(\.picture.pixels) == [[0, 255]])
  }

  @Test(arguments: [("420paldv", 12), ("422", 16), ("411", 12), ("444", 24), ("444alpha", 32), ("mono", 8)])
  func planes(of space: String, byteCount: Int) throws {
    let header = try Y4MHeader(Array("YUV4MPEG2 W4 H2 C\(space)".utf8)[...])
    #expect(header.frameByteCount == byteCount)
  }

  @Test(arguments: [
    ("RIFF", Y4MFault.notY4M), ("", .notY4M), ("YUV4MPEG2 W4", .badSize), ("YUV4MPEG2 W0 H2", .badSize),
    ("YUV4MPEG2 W4 H8193", .badSize), ("YUV4MPEG2 W4 H2 C420p10", .colourSpace(Array("420p10".utf8))),
  ])
  func badHeaders(line: String, fault: Y4MFault) {
    #expect(throws: fault) { try Y4MHeader(Array(line.utf8)[...]) }
  }

  @Test func everyCutVideoEndsCleanlyOrWithASentence() throws {
    let folder = try TemporaryFolder()
    let whole = video(Self.header, frames: 2, planes: 12)
    let ends = [Self.header.utf8.count, Self.header.utf8.count + 21, whole.count]
    for count in 0...whole.count {
      try folder.write("a.y4m", Array(whole[..<count]))
      var failed = false
      do throws(ProgramError) {
        _ = try frames(of: .y4m(folder.systemPath("a.y4m")))
      } catch {
        failed = true
      }
      #expect(failed == !ends.contains(count), "\(count) bytes")
    }
  }

  @Test func sentences() {
    let table: [(Y4MFault, String)] = [
      (.notY4M, "no Y4M video: its first line does not begin with YUV4MPEG2"),
      (.badSize, "the first line of this Y4M video has no width and height from 1 to 8192"),
      (
        .colourSpace(Array("420p10".utf8)),
        "colour space C420p10; expected 8 bits: 420, 422, 411, 444, 444alpha or mono; `ffmpeg -pix_fmt yuv420p` converts"
      ),
      (.notAFrame(index: 3), "frame 3 does not begin with FRAME"),
      (.cut(index: 2, byteCount: 5, expected: 12), "the video ends after 5 of 12 bytes of frame 2"),
    ]
    for (fault, sentence) in table { #expect(fault.sentence.description == sentence) }
  }

  @Test func picturesOfAFolderGetASentence() {
    let table: [(PictureFault, String)] = [
      (.unknownKind, "no picture: expected binary PGM or PPM, PNG or JPEG"),
      (.badHeader, "the header of this PGM or PPM picture makes no sense"),
      (.badSize(width: 9, height: 0), "9x0 pixels; expected sides from 1 to 8192"),
      (.cut(byteCount: 3, expected: 9), "the picture ends after 3 of 9 bytes"),
      (.unreadable(.tooLong(limit: 5)), "more than 5 bytes, the most that is read"),
      (
        .noLibrary(.png, isStatic: true),
        "a static program cannot read PNG; use the dynamic one, or convert to PGM"
      ),
      (
        .noLibrary(.jpeg, isStatic: false),
        "JPEG needs libturbojpeg.so.0; `sudo apt-get install libturbojpeg0`"
      ),
      (.refused(Array("bad zlib".utf8)), "bad zlib"),
    ]
    for (fault, sentence) in table { #expect(fault.sentence.description == sentence) }
  }
}
