import QuillData
import TestSupport
import Testing

@Suite struct NumpyFileTests {
  private func header(_ text: String, major: UInt8 = 1) -> [UInt8] {
    let length = text.utf8.count
    let lengthBytes: [UInt8] =
      major == 1
      ? [UInt8(length & 255), UInt8(length >> 8)]
      : [UInt8(length & 255), UInt8(length >> 8 & 255), UInt8(length >> 16 & 255), UInt8(length >> 24)]
    return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, major, 0] + lengthBytes + Array(text.utf8)
  }

  private func message(_ bytes: [UInt8]) -> String {
    Fixtures.message { () throws(DataError) in _ = try NumpyFile.decode(bytes, path: "x.npy") }
  }

  /// What numpy 2 writes, byte for byte (`numpy.save` of arrays of these types and shapes).
  @Test(arguments: [
    (NumpyArray.Element.float32, [2, 3], "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 58),
    (.int8, [0], "{'descr': '|i1', 'fortran_order': False, 'shape': (0,), }", 60),
    (.float64, [], "{'descr': '<f8', 'fortran_order': False, 'shape': (), }", 62),
    (.uint8, [3], "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", 60),
    (.bool, [1_234_567, 0], "{'descr': '|b1', 'fortran_order': False, 'shape': (1234567, 0), }", 52),
  ])
  func writesWhatNumpyWrites(element: NumpyArray.Element, shape: [Int], text: String, spaces: Int) throws {
    let bytes = [UInt8](repeating: 7, count: shape.reduce(element.byteCount, *))
    let encoded = NumpyFile.encode(NumpyArray(element: element, shape: shape, bytes: bytes))
    #expect(encoded == header(text + String(repeating: " ", count: spaces) + "\n") + bytes)
    #expect((encoded.count - bytes.count).isMultiple(of: 64))
    #expect(try NumpyFile.decode(encoded, path: "x").bytes == bytes)
  }

  @Test(arguments: NumpyArray.Element.allCases) func everyElementComesBack(element: NumpyArray.Element) throws {
    let array = NumpyArray(
      element: element, shape: [3, 1], bytes: (0..<3 * element.byteCount).map { UInt8($0 & 1) })
    let read = try NumpyFile.decode(NumpyFile.encode(array), path: "x")
    #expect(read == array)
    #expect(read.floats().count == 3)
  }

  @Test func elementsBecomeFloats() {
    func floats(_ element: NumpyArray.Element, _ bytes: [UInt8]) -> [Float] {
      NumpyArray(element: element, shape: [bytes.count / element.byteCount], bytes: bytes).floats()
    }
    #expect(floats(.float16, [0, 0x3c, 0, 0xc0, 1, 0, 0, 0x7c, 0xff, 0x7b]) == [1, -2, 0x1p-24, .infinity, 65504])
    #expect(floats(.float64, [0, 0, 0, 0, 0, 0, 0xf8, 0x3f]) == [1.5])
    #expect(floats(.int8, [0x80, 0x7f]) == [-128, 127])
    #expect(floats(.uint32, [0, 0, 0, 0x80]) == [0x1p31])
    #expect(floats(.int64, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]) == [-1])
    #expect(floats(.bool, [0, 1]) == [0, 1])
  }

  @Test func fortranOrderIsTransposed() throws {
    let text = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }\n"
    let array = try NumpyFile.decode(header(text) + [0, 3, 1, 4, 2, 5], path: "x")
    #expect(array.shape == [2, 3])
    #expect(array.bytes == [0, 1, 2, 3, 4, 5])
  }

  @Test(arguments: [UInt8(2), 3]) func laterVersionsAreRead(major: UInt8) throws {
    let text = "{\"shape\": (2,), \"descr\": '<i2', 'fortran_order': False}\n"
    #expect(try NumpyFile.decode(header(text, major: major) + [1, 0, 2, 0], path: "x").floats() == [1, 2])
  }

  @Test func errorsSayWhere() {
    let good = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }"
    #expect(
      message(Array("PK\u{3}\u{4}xx".utf8))
        == "x.npy: is not a .npy file: it begins with 50 4b 03 04 78 78, expected 93 4e 55 4d 50 59; "
        + "write it with numpy.save")
    #expect(
      message([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1])
        == "x.npy: byte 6: expected 4 more bytes, found 1; the file is cut")
    #expect(message(header(good, major: 9)) == "x.npy: byte 6: .npy version 9.0; expected 1.0, 2.0 or 3.0")
    #expect(
      message(Array(header(good).prefix(30))) == "x.npy: byte 10: expected 57 more bytes, found 20; the file is cut")
    #expect(message(header(good) + [1]) == "x.npy: byte 67: expected 2 more bytes, found 1; the file is cut")
    #expect(message(header(good) + [1, 2, 3]) == "x.npy: byte 69: 1 bytes follow the array")
    #expect(
      message(header("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }"))
        == "x.npy: byte 20: elements of type '>f4'; expected little-endian f2, f4, f8, i1...i8, u1...u8 or bool")
    #expect(
      message(header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }"))
        == "x.npy: byte 20: elements of type a record of several fields; "
        + "expected little-endian f2, f4, f8, i1...i8, u1...u8 or bool")
    #expect(
      message(header("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 2), }"))
        == "x.npy: byte 60: the shape asks for more than 2^63 bytes")
    #expect(
      message(header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }"))
        == "x.npy: byte 61: the .npy header lacks an extent below 2^63")
    #expect(
      message(header("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }"))
        == "x.npy: byte 61: the .npy header lacks an extent of at least 0")
    #expect(
      message(header("{'descr': '<f4', 'shape': (1,), }"))
        == "x.npy: byte 10: the .npy header lacks the keys 'descr', 'fortran_order' and 'shape'")
    #expect(message(header("")) == "x.npy: byte 10: the .npy header lacks '{'")
  }

  /// Every cut and 4,000 damaged headers give an array or an error, never a trap.
  @Test func anyBytesAreAnswered() {
    let sound = NumpyFile.encode(NumpyArray(shape: [2, 2], floats: [1, 2, 3, 4]))
    for count in 0..<sound.count { #expect(message(Array(sound.prefix(count))) != "no error") }
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<4_000 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      #expect(!message(bytes).isEmpty, "seed \(seed)")
    }
  }
}
