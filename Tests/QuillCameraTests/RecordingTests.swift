import Foundation
import Quill
import QuillCamera
import QuillCameraProgram
import QuillImaging
import TestSupport
import Testing

@Suite struct RecordingTests {
  /// Records synthetic frames; gives them and the answers that were made up for them.
  private func record(_ count: Int, seed: UInt32 = 1, to path: SystemPath) throws -> [SeenFrame] {
    let seen = try frames(of: .synthetic(seed: seed), limit: count)
    var recorder = try FrameRecorder.open(path)
    for frame in seen {
      var facts = frame.facts
      facts.name = Array("a\(facts.sequence).pgm".utf8)
      recorder.record(frame.picture, facts, answer: Array("answer \(facts.sequence)\n".utf8))
    }
    return seen
  }

  private func bytes(_ folder: TemporaryFolder, _ name: String) throws -> [UInt8] {
    try folder.read(name)
  }

  @Test func aReplayGivesWhatWasRecorded() throws {
    let folder = try TemporaryFolder()
    let recorded = try record(3, to: folder.systemPath("r"))
    let replayed = try frames(of: .replay(folder.systemPath("r")))
    #expect(replayed.map(\.picture.pixels) == recorded.map(\.picture.pixels))
    #expect(replayed.map(\.facts.timestampNanoseconds) == recorded.map(\.facts.timestampNanoseconds))
    #expect(replayed.map(\.facts.drawn) == recorded.map(\.facts.drawn))
    #expect(replayed.map(\.facts.name) == (0..<3).map { Array("a\($0).pgm".utf8) })
    #expect(replayed.map(\.facts.isReplayed) == [true, true, true])
    var options = SourceOptions()
    options.kind = .replay(folder.systemPath("r"))
    let input = try FrameInput(options)
    var picture = Picture()
    _ = try input.step(into: &picture)
    let hasRight = input.hasRecorded(Array("answer 0\n".utf8))
    let hasWrong = input.hasRecorded(Array("answer 1\n".utf8))
    #expect(hasRight && !hasWrong)
  }

  @Test func aRecordingIsGoneOnWith() throws {
    let folder = try TemporaryFolder()
    let first = try record(2, to: folder.systemPath("r"))
    let second = try record(2, seed: 2, to: folder.systemPath("r"))
    let replayed = try frames(of: .replay(folder.systemPath("r")))
    #expect(replayed.map(\.picture.pixels) == (first + second).map(\.picture.pixels))
  }

  /// A killed program leaves a prefix: the frames before its end are whole, and recording goes on behind them.
  @Test func everyCutLeavesWholeFrames() throws {
    let folder = try TemporaryFolder()
    _ = try record(2, to: folder.systemPath("r"))
    let whole = try bytes(folder, "r")
    let start = RecordHeader.fileStart.count
    let length = (whole.count - start) / 2
    let cuts = [0, 1, 15, 16, 17, 16 + 67, 16 + 68, 16 + 69, start + length - 1, start + length, start + length + 5]
    for cut in cuts + [whole.count - 1, whole.count] {
      try folder.write("cut", Array(whole[..<cut]))
      let frameCount = max(0, cut - start) / length
      if cut >= start {
        let before = try frames(of: .replay(folder.systemPath("cut")))
        #expect(before.count == frameCount)
      }
      _ = try record(1, to: folder.systemPath("cut"))
      let after = try frames(of: .replay(folder.systemPath("cut")))
      #expect(after.count == frameCount + 1, "cut at \(cut)")
    }
  }

  @Test func damageIsToldAndNeverCutAway() throws {
    let folder = try TemporaryFolder()
    _ = try record(3, to: folder.systemPath("r"))
    let whole = try bytes(folder, "r")
    let second = RecordHeader.fileStart.count + (whole.count - RecordHeader.fileStart.count) / 3
    for place in [second, second + 20, second + 62, second + 66, second + 100] {
      var damaged = whole
      damaged[place] ^= 1
      try folder.write("d", damaged)
      #expect(throws: (any Error).self) { try frames(of: .replay(folder.systemPath("d"))) }
      do throws(ProgramError) {
        _ = try FrameRecorder.open(folder.systemPath("d"))
        Issue.record("damage at \(place) was taken")
      } catch {
        let said = "the recording is damaged after 1 whole frames; record into another file to keep them"
        #expect(error.sentence.description == folder.path("d") + ": " + said)
      }
      let after = try bytes(folder, "d")
      #expect(after == damaged)
    }
  }

  @Test func otherFilesAreLeftAlone() throws {
    let folder = try TemporaryFolder()
    try folder.write("diary", Array("my diary".utf8))
    #expect(throws: (any Error).self) { try record(1, to: folder.systemPath("diary")) }
    let after = try bytes(folder, "diary")
    #expect(after == Array("my diary".utf8))
  }

  @Test func sentences() {
    let path = SystemPath("r".utf8)
    #expect(RecordingFault.notARecording.sentence == "no recording of quill-camera")
    #expect(RecordingFault.otherVersion(2).sentence == "a recording of version 2; expected 1")
    #expect(
      RecorderNotice.cutTornFrame(path, byteCount: 9, frames: 2).sentence
        == "r: goes on behind 2 whole frames; 9 bytes of one cut short were removed")
    #expect(
      RecorderNotice.ended(path, SystemError(number: 28), frames: 6).sentence
        == "r: No space left on device; recording ended after 6 whole frames, answers go on")
  }
}
