import CSystemLibraries
import Foundation
import Testing

/// The decoder of MJPEG frames, by the system's TurboJPEG.
@Suite(.enabled(if: quill_jpeg_frames_exist(), "libturbojpeg.so.0 is not installed: no MJPEG frame is decoded"))
struct JPEGFramesTests {
  private static let width = 24
  private static let height = 16
  /// Grey, 24 x 16: 40 in its left half, 200 in its right; with the Huffman tables of the standard's annex K.
  private static let jpeg =
    Data(
      base64Encoded: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMU\
        FRUVDA8XGBYUGBIUFRT/wAALCAAQABgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF\
        BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW\
        V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi\
        4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APhSvtb/AIJu/wDNRP8AuHf+3VfatfipX2t/wTd/5qJ/3Dv/AG6r7Vr/2Q==
        """
    ).map { [UInt8]($0) } ?? []

  /// Bytes behind the picture that nobody may write to.
  private static let guards = [UInt8](repeating: 0xA5, count: 256)

  /// Decodes one frame after the other with one decoder; nil for those that are not whole.
  private func decode(
    _ frames: [[UInt8]], width: Int = width, height: Int = height, channels: Int = 1
  ) throws -> [[UInt8]?] {
    let decoder = try #require(quill_jpeg_frames_open())
    defer { quill_jpeg_frames_close(decoder) }
    let count = width * height * channels
    return frames.map { frame in
      var pixels = [UInt8](repeating: 0, count: count) + Self.guards
      let isWhole = quill_jpeg_frames_read(
        decoder, frame, frame.count, UInt32(width), UInt32(height), UInt32(channels), &pixels)
      #expect(Array(pixels[count...]) == Self.guards)
      return isWhole ? Array(pixels[..<count]) : nil
    }
  }

  private func isThePicture(_ pixels: [UInt8]?, channels: Int = 1) -> Bool {
    guard let pixels else { return false }
    return pixels.indices.allSatisfy { index in
      abs(Int(pixels[index]) - (index / channels % Self.width < 12 ? 40 : 200)) <= 2
    }
  }

  @Test func aFrameIsItsPictureInGreyAndInColour() throws {
    #expect(try decode([Self.jpeg, Self.jpeg]).allSatisfy { isThePicture($0) })
    #expect(try isThePicture(decode([Self.jpeg], channels: 3)[0], channels: 3))
  }

  @Test func manyCamerasFillTheirBufferWithZeros() throws {
    #expect(try isThePicture(decode([Self.jpeg + [UInt8](repeating: 0, count: 500)])[0]))
  }

  @Test func manyCamerasLeaveTheStandardTablesOut() throws {
    var bare: [UInt8] = Array(Self.jpeg[..<2])
    var place = 2
    while Self.jpeg[place + 1] != 0xDA {
      let end = place + 2 + Int(Self.jpeg[place + 2]) << 8 + Int(Self.jpeg[place + 3])
      if Self.jpeg[place + 1] != 0xC4 { bare += Self.jpeg[place..<end] }
      place = end
    }
    bare += Self.jpeg[place...]
    #expect(bare.count < Self.jpeg.count - 200)
    #expect(try isThePicture(decode([bare])[0]))
  }

  @Test func aFrameThatIsCutAnywhereIsNotWholeAndTheNextOneIs() throws {
    let cut = (0..<Self.jpeg.count).map { Array(Self.jpeg[..<$0]) }
    let decoded = try decode(cut + [Self.jpeg])
    #expect(decoded.dropLast().allSatisfy { $0 == nil })
    #expect(isThePicture(decoded.last ?? nil))
  }

  @Test func aPictureOfAnotherSizeIsNotTheFrame() throws {
    #expect(try decode([Self.jpeg], width: 16, height: 24)[0] == nil)
    #expect(try decode([Self.jpeg], width: 24, height: 15)[0] == nil)
    #expect(try decode([Self.jpeg], width: 48, height: 16)[0] == nil)
  }

  @Test func damageStaysWithinItsFrame() throws {
    var state: UInt32 = 7
    let frames = (0..<2_000).map { _ in
      var frame = Self.jpeg
      for _ in 0..<3 {
        state = state &* 1_664_525 &+ 1_013_904_223
        frame[Int(state >> 8) % frame.count] = UInt8(truncatingIfNeeded: state >> 24)
      }
      return frame
    }
    // Each is followed by a whole one.
    let decoded = try decode(frames.flatMap { [$0, Self.jpeg] })
    #expect(stride(from: 1, to: decoded.count, by: 2).allSatisfy { isThePicture(decoded[$0]) })
  }
}
