import Foundation
import QuillData
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  private func writeError(_ path: String) -> String {
    Fixtures.message { () throws(DataError) in try AtomicFile.write([1, 2, 3], to: path) }
  }

  private func readError(_ path: String, limit: Int = 100) -> String {
    Fixtures.message { () throws(DataError) in _ = try FileBytes.read(path, limit: limit) }
  }

  @Test func bytesComeBackAndNothingElseStays() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/out"
    try AtomicFile.write([1, 2, 3], to: path)
    try AtomicFile.write([4], to: path)
    #expect(try FileBytes.read(path) == [4])
    #expect(try folder.names() == ["out"])
  }

  @Test func linksStay() throws {
    let folder = try TemporaryFolder()
    let target = try folder.write("target", [1])
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: target)
    try AtomicFile.write([2], to: folder.path + "/link")
    #expect(try FileBytes.read(target) == [2])
    #expect(try folder.names() == ["link", "target"])
  }

  @Test func targetsThatCannotBeWrittenSayWhy() throws {
    let folder = try TemporaryFolder()
    #expect(writeError(folder.path) == "\(folder.path): is a folder; expected a file")
    #expect(
      writeError(folder.path + "/none/out")
        == "\(folder.path)/none/out: cannot be written: there is no folder \(folder.path)/none")
    let file = try folder.write("file", [1])
    #expect(writeError(file + "/out") == "\(file)/out: cannot be created: Not a directory")
    #expect(writeError("/dev/full") == "/dev/full: cannot be written: No space left on device")
    #expect(writeError("/proc/quill").hasPrefix("/proc/quill: cannot be "))
    #expect(try folder.names() == ["file"])
  }

  @Test func whetherATargetCanBeWrittenIsToldBefore() throws {
    let folder = try TemporaryFolder()
    func checkError(_ path: String) -> String {
      Fixtures.message { () throws(DataError) in try AtomicFile.check(path) }
    }
    #expect(checkError(folder.path) == "\(folder.path): is a folder; expected a file")
    let none = folder.path + "/none"
    #expect(checkError(none + "/out") == "\(none)/out: cannot be written: there is no folder \(none)")
    #expect(checkError(none + "/") == "\(none)/: cannot be written: there is no folder \(none)/")
    let file = try folder.write("file", [1])
    #expect(checkError(file + "/out") == "\(file)/out: cannot be created: Not a directory")
    let long = folder.path + "/" + String(repeating: "a", count: 300)
    #expect(checkError(long) == "\(long): cannot be created: File name too long")
    for path in ["-", "/dev/null", file, folder.path + "/new"] { try AtomicFile.check(path) }
    #expect(try folder.names() == ["file"])
  }

  @Test func onePathOrTwoForOneFile() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("file", [1])
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: file)
    #expect(FileBytes.isOneFile(folder.path + "/link", file))
    #expect(FileBytes.isOneFile(folder.path + "/none", folder.path + "/none"))
    #expect(!FileBytes.isOneFile(folder.path + "/none", file))
    #expect(!FileBytes.isOneFile("/dev/null", "/dev/null"))
    #expect(!FileBytes.isOneFile("-", "-"))
  }

  @Test func filesThatCannotBeReadSayWhy() throws {
    let folder = try TemporaryFolder()
    #expect(readError(folder.path + "/none") == "\(folder.path)/none: there is no such file or folder")
    #expect(readError(folder.path) == "\(folder.path): is a folder; expected a file")
    let empty = try folder.write("empty", [])
    #expect(readError(empty) == "\(empty): is empty")
    #expect(try FileBytes.read(empty, acceptsEmpty: true) == [])
    let large = try folder.write("large", [UInt8](repeating: 0, count: 101))
    #expect(readError(large) == "\(large): is larger than 100 bytes, the most that is read")
    #expect(readError("/dev/zero") == "/dev/zero: is larger than 100 bytes, the most that is read")
  }
}
