import QuillConverter
import QuillFloat
import TestSupport
import Testing

/// Files that h5py wrote in its oldest and its newest formats.
struct HDF5FileTests {
  static let files = ["earliest.h5", "latest.h5"]

  @Test(arguments: files) func everyDatasetGivesItsNumbers(_ name: String) throws {
    let root = try HDF5File(try ImporterFixtures.bytes(name)).root
    let expected = try #require(try ImporterFixtures.expected(name).object)
    #expect(expected.count == 27)
    for (path, wanted) in expected.sorted(by: { $0.key < $1.key }) {
      let object = try #require(try root.object(path), "\(path)")
      let tensor = try object.tensor()
      #expect(tensor.shape == wanted["shape"]?.array?.compactMap(\.integer), "\(path)")
      #expect(tensor.values == wanted["values"]?.array?.compactMap(\.number).map { Float($0) }, "\(path)")
    }
  }

  @Test(arguments: files) func attributesGiveTheirText(_ name: String) throws {
    let root = try HDF5File(try ImporterFixtures.bytes(name)).root
    let group = try #require(try root.object("a/b/c"))
    #expect(try group.strings("fixed") == ["a fixed string"])
    #expect(try group.strings("variable") == ["ein wörtlicher Text"])
    #expect(try group.strings("list") == ["one", "two", "three"])
    #expect(try group.strings("fixed list") == ["one", "two", "three"])
    #expect(try group.stringList("parts") == ["p", "q", "r"])
    #expect(try group.strings("absent") == nil)
    let many = try #require(try root.member("attributes"))
    for number in 0..<12 { #expect(try many.strings("attribute \(number)") == ["value \(number)"]) }
    #expect(try many.strings("long")?.first?.utf8.count == 6_000)
  }

  @Test(arguments: files) func groupsListTheirMembers(_ name: String) throws {
    let root = try HDF5File(try ImporterFixtures.bytes(name)).root
    let many = try #require(try root.member("many"))
    #expect(try many.memberNames() == (0..<12).map { "member \($0)" }.sorted())
    #expect(try root.object("many/member 99") == nil)
    #expect(try root.object("plain/x") == nil)
  }

  @Test func whatIsNotHDF5IsRefused() {
    #expect(throws: ImportError.hdf5(offset: 0, .notHDF5)) { try HDF5File([]) }
    #expect(throws: ImportError.hdf5(offset: 0, .notHDF5)) { try HDF5File([UInt8](repeating: 7, count: 5_000)) }
  }

  @Test(arguments: files) func everyPrefixGivesAnErrorOrTheSameNumbers(_ name: String) throws {
    let bytes = try ImporterFixtures.bytes(name)
    for length in stride(from: 0, to: bytes.count, by: 97) { Self.walk(Array(bytes[..<length])) }
  }

  @Test(arguments: files) func mutatedFilesGiveNumbersOrAnError(_ name: String) throws {
    let original = try ImporterFixtures.bytes(name)
    var mutator = Mutator(seed: 6)
    for _ in 0..<ImporterFixtures.fuzzCases { Self.walk(mutator.mutate(original)) }
  }

  /// Reads all that a file refers to, as far as it goes.
  static func walk(_ bytes: [UInt8]) {
    guard let file = try? HDF5File(bytes), let root = try? file.root else { return }
    var pending = [(root, 0)]
    var visited = 0
    while let (object, depth) = pending.popLast(), visited < 200 {
      visited += 1
      _ = try? object.tensor()
      _ = try? object.stringList("parts")
      for name in ["fixed", "variable", "list", "fixed list", "attribute 7", "long"] { _ = try? object.strings(name) }
      for name in (try? object.memberNames()) ?? [] where depth < 5 {
        if let member = try? object.member(name) { pending.append((member, depth + 1)) }
      }
    }
  }
}
