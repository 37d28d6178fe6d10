import Testing

/// Files that are no networks: status 1, and one line that begins with the tool's name and names the file.
@Suite struct NetworkFileTests {
  private func inspectError(_ path: String, input: [UInt8] = []) throws -> String {
    let outcome = try Tool.run(["inspect", path], input: input)
    #expect(outcome.status == 1)
    #expect(!outcome.wasSignalled)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errorLines.count == 1)
    return outcome.error
  }

  @Test func missingEmptyAndFolders() throws {
    let work = try Workspace()
    #expect(
      try inspectError(work.path("none.onnx"))
        == "quill inspect: \(work.path("none.onnx")): there is no such file or folder\n")
    #expect(try inspectError(work.folder.path) == "quill inspect: \(work.folder.path): is a folder; expected a file\n")
    let empty = try work.folder.write("empty.quill", [])
    #expect(try inspectError(empty) == "quill inspect: \(empty): is empty\n")
    #expect(try inspectError("-") == "quill inspect: standard input: is empty\n")
  }

  @Test(
    arguments: [
      ("a.png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], "is an image"),
      ("a.npy", [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0], "is a .npy array"),
      ("a.txt", Array("hello, world".utf8), "is no file that is known here"),
      (
        "a.safetensors", Array("\u{8}\0\0\0\0\0\0\0{\"a\":1}".utf8),
        "is a safetensors file, which holds weights but no network"
      ),
      ("a.pkl", [0x80, 0x04, 0x95], "is a Python pickle"),
      (
        "pointer.h5", Array("version https://git-lfs.github.com/spec/v1\noid sha256:6b5e\nsize 119579888\n".utf8),
        "is a Git LFS pointer, not the file that it stands for, which git lfs pull fetches"
      ),
    ] as [(String, [UInt8], String)])
  func foreignFilesAreNamed(name: String, bytes: [UInt8], found: String) throws {
    let work = try Workspace()
    let path = try work.folder.write(name, bytes)
    let line = try inspectError(path)
    #expect(line.hasPrefix("quill inspect: \(path): \(found); expected a network: "))
  }

  @Test func cutAndDamagedFilesAreRefusedOrRead() throws {
    let work = try Workspace()
    for count in [1, 2, 9, 100, 500, 1000, CoarseDigits.onnx.count - 1] {
      let path = try work.folder.write("cut.onnx", Array(CoarseDigits.onnx.prefix(count)))
      #expect(try inspectError(path).hasPrefix("quill inspect: \(path): "))
    }
    let magic: [UInt8] = [0x89, 0x51, 0x55, 0x49, 0x4c, 0x4c, 0x0d, 0x0a]
    let cut = try work.folder.write("cut.quill", magic + [0, 0, 0, 0])
    #expect(try inspectError(cut).hasPrefix("quill inspect: \(cut): "))
    let newer = try work.folder.write("newer.quill", magic + [99, 0, 0, 0] + [UInt8](repeating: 0, count: 200))
    #expect(try inspectError(newer).contains("99"))
  }

  @Test func contentDecidesNotTheName() throws {
    let work = try Workspace()
    let path = try work.folder.write("network.quill-or-not", CoarseDigits.onnx)
    #expect(try Tool.run(["inspect", path]).status == 0)
    #expect(try Tool.run(["inspect", "-", "--json"], input: CoarseDigits.onnx).status == 0)
  }

  @Test func verifyWantsAQuillFile() throws {
    let work = try Workspace()
    let outcome = try Tool.run(["verify", work.network])
    #expect(outcome.status == 1)
    #expect(
      outcome.error
        == "quill verify: \(work.network): is another network; expected a .quill file, which quill convert makes\n")
  }
}
