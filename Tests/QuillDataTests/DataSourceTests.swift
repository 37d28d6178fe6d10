import Glibc
import QuillData
import TestSupport
import Testing

@Suite struct DataSourceTests {
  private func error(_ argument: String, split: DataSource.Split = .test) -> String {
    Fixtures.message { () throws(DataError) in _ = try DataSource(argument: argument).load(split: split) }
  }

  private func idxFolder(separator: String, split: String, labels: [UInt8]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(
      "\(split)-images\(separator)idx3-ubyte",
      Fixtures.idx(magic: 0x803, extents: [2, 1, 2], bytes: [1, 2, 3, 4]))
    try folder.write(
      "\(split)-labels\(separator)idx1-ubyte", Fixtures.idx(magic: 0x801, extents: [labels.count], bytes: labels))
    return folder
  }

  @Test(arguments: ["-", "."]) func idxFoldersAreRead(separator: String) throws {
    let folder = try idxFolder(separator: separator, split: "t10k", labels: [3, 1])
    #expect(try DataSource(argument: folder.path) == .idxFolder(folder.path))
    let data = try DataSource(argument: folder.path).load(split: .test)
    #expect(
      data
        == LabelledImages(
          images: [1, 2, 3, 4], height: 1, width: 2, channels: 1, labels: [3, 1], classNames: ["0", "1", "2", "3"]))
    #expect(try DataSource(argument: folder.path).load(split: .test, limit: 1).labels == [3])
    #expect(
      error(folder.path, split: .train) == "\(folder.path): holds no train images, only test images; see --split")
  }

  @Test func countsMustAgree() throws {
    let folder = try idxFolder(separator: "-", split: "train", labels: [3, 1, 2])
    #expect(
      error(folder.path, split: .train)
        == "\(folder.path)/train-images-idx3-ubyte: holds 2 images, but train-labels-idx1-ubyte 3 labels; "
        + "they do not belong together")
  }

  @Test func labelsMustBeThere() throws {
    let folder = try TemporaryFolder()
    try folder.write("t10k-images-idx3-ubyte", Fixtures.idx(magic: 0x803, extents: [1, 1, 1], bytes: [1]))
    #expect(
      error(folder.path)
        == "\(folder.path)/t10k-images-idx3-ubyte: has no labels beside it; expected t10k-labels-idx1-ubyte")
  }

  @Test func namedImagesCarryTheirClass() throws {
    let folder = try TemporaryFolder()
    try folder.write("7_03.png", Fixtures.pgm(width: 2, height: 1, sample: 70))
    try folder.write("3-abc.pgm", Fixtures.pgm(width: 2, height: 1, sample: 30))
    try folder.write("notes.txt", Array("seven and three".utf8))
    let data = try DataSource(argument: folder.path).load(split: .test)
    #expect(data.labels == [3, 7])
    #expect(data.classNames == (0...7).map(String.init))
    #expect(data.images == [30, 30, 70, 70])
  }

  @Test func classFoldersAreSorted() throws {
    let folder = try TemporaryFolder()
    try folder.write("dog/1.pgm", Fixtures.pgm(width: 1, height: 1, sample: 2))
    try folder.write("cat/1.ppm", Array("P6 1 1 255\n".utf8) + [1, 2, 3])
    try folder.write("README", Array("pets".utf8))
    let data = try DataSource(argument: folder.path).load(split: .train)
    #expect(data.classNames == ["cat", "dog"])
    #expect(data.labels == [0, 1])
    #expect(data.channels == 3)
    #expect(data.images == [1, 2, 3, 2, 2, 2])
  }

  /// Images that cannot be read are not left out of a measure without a word.
  @Test(
    arguments: [
      ("a.gif", Array("GIF89a".utf8), "is a GIF image; expected PNG, JPEG, PGM or PPM"),
      ("a.webp", Array("RIFF....WEBPVP8 ".utf8), "is a WebP image; expected PNG, JPEG, PGM or PPM"),
      ("a.png", [], "is empty"), ("a.JPG", [1, 2], "is no image that is known here; expected PNG, JPEG, PGM or PPM"),
    ] as [(String, [UInt8], String)])
  func imagesThatAreNotReadAreSaid(name: String, bytes: [UInt8], sentence: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("7/0.pgm", Fixtures.pgm(width: 1, height: 1, sample: 2))
    let path = try folder.write("7/\(name)", bytes)
    #expect(error(folder.path) == "\(path): \(sentence)")
  }

  @Test func splitFoldersAreFound() throws {
    let folder = try TemporaryFolder()
    try folder.write("train/4/a.pgm", Fixtures.pgm(width: 1, height: 1, sample: 4))
    try folder.write("test/5/a.pgm", Fixtures.pgm(width: 1, height: 1, sample: 5))
    #expect(try DataSource(argument: folder.path).load(split: .train).labels == [4])
    #expect(try DataSource(argument: folder.path).load(split: .test).labels == [5])
  }

  @Test func sizesMustAgreeUnlessPrepared() throws {
    let folder = try TemporaryFolder()
    try folder.write("1_a.pgm", Fixtures.pgm(width: 2, height: 2, sample: 9))
    try folder.write("1_b.pgm", Fixtures.pgm(width: 4, height: 2, sample: 9))
    #expect(
      error(folder.path)
        == "\(folder.path)/1_b.pgm: is 4 x 2, but \(folder.path)/1_a.pgm is 2 x 2; bring all images to one size; "
        + "--size does so")
    let data = try DataSource(argument: folder.path).load(split: .test) { image, _ throws(DataError) in
      image.resized(width: 1, height: 1)
    }
    #expect(data.images == [9, 9])
  }

  @Test func aNameThatIsNotUTF8IsSaid() throws {
    let folder = try TemporaryFolder()
    let name = Array((folder.path + "/7_").utf8) + [0xfc] + Array(".png".utf8) + [0]
    let descriptor = name.withUnsafeBytes { creat($0.assumingMemoryBound(to: CChar.self).baseAddress!, 0o600) }
    #expect(descriptor >= 0)
    close(descriptor)
    #expect(
      error(folder.path) == "\(folder.path)/7_\u{FFFD}.png: cannot be found: its name is not UTF-8; rename it")
  }

  @Test func sourcesThatAreNoneSayWhy() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("file", [1])
    #expect(error("/nowhere/at/all") == "/nowhere/at/all: there is no such file or folder")
    #expect(
      error(file) == "\(file): is neither a table (.csv, .csv.gz or .zip) nor an .npz archive; "
        + "of IDX files and of images give the folder")
    #expect(
      error(folder.path)
        == "\(folder.path): holds neither IDX files (train-images-idx3-ubyte.gz, ...) nor images (PNG, JPEG, PGM, PPM)")
    #expect(
      error("synthetic:0")
        == "synthetic:0: '0' is no number of digits; expected synthetic or synthetic:N with N in 1...1000000")
  }

  @Test func syntheticDigitsRepeat() throws {
    let test = try DataSource(argument: "synthetic").load(split: .test, limit: 50)
    let train = try DataSource(argument: "synthetic:50").load(split: .train)
    #expect((test.count, test.height, test.width, test.channels) == (50, 28, 28, 1))
    #expect(try DataSource(argument: "synthetic:50").load(split: .test) == test)
    #expect(test.images != train.images)
    #expect(test.classNames.count == 10)
  }

  @Test func samplesAreSeeded() {
    let data = LabelledImages(
      images: (0..<100).map { UInt8($0) }, height: 1, width: 1, channels: 1, labels: (0..<100).map { $0 % 10 },
      classNames: (0..<10).map(String.init))
    let drawn = data.sample(count: 10, seed: 1)
    #expect(drawn == data.sample(count: 10, seed: 1))
    #expect(drawn != data.sample(count: 10, seed: 2))
    #expect(drawn.images == drawn.images.sorted())
    #expect(Set(drawn.images).count == 10)
    #expect(zip(drawn.images, drawn.labels).allSatisfy { Int($0) % 10 == $1 })
    #expect(data.sample(count: 100, seed: 1) == data)
  }
}
