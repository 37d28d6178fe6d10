import QuillData
import TestSupport
import Testing

/// Tables of images, archives of arrays, and what is wrong with them.
@Suite struct ImageTableTests {
  private static let table = "label,pixel0,pixel1,pixel2,pixel3\n1,0,255,7,9\n0,1,1,1,1\n2,3,3,3,3\n"

  private static let expected = LabelledImages(
    images: [0, 255, 7, 9, 1, 1, 1, 1, 3, 3, 3, 3], height: 2, width: 2, channels: 1, labels: [1, 0, 2],
    classNames: ["0", "1", "2"])

  private func load(_ name: String, _ bytes: [UInt8], split: DataSource.Split = .train) throws -> LabelledImages {
    let folder = try TemporaryFolder()
    return try DataSource(argument: try folder.write(name, bytes)).load(split: split)
  }

  /// The error of a file, without the folder.
  private func error(_ name: String, _ bytes: [UInt8], split: DataSource.Split = .train) throws -> String {
    let folder = try TemporaryFolder()
    let path = try folder.write(name, bytes)
    return Fixtures.message { () throws(DataError) in _ = try DataSource(argument: path).load(split: split) }
      .replacing(folder.path + "/", with: "")
  }

  @Test(arguments: ["t.csv", "t"]) func tablesAreRead(name: String) throws {
    #expect(try load(name, Array(Self.table.utf8)) == Self.expected)
    #expect(try load(name, Array(Self.table.replacing("\n", with: "\r\n").utf8)) == Self.expected)
    let folder = try TemporaryFolder()
    let source = try DataSource(argument: try folder.write(name, Array(Self.table.utf8)))
    #expect(try source.load(split: .test, limit: 2).labels == [1, 0])
    #expect(try !source.hasOwnTestImages())
  }

  @Test func headsMayLackAndColoursStand() throws {
    #expect(try load("t.csv", Array("1,0,255,7,9\n0,1,1,1,1\n2,3,3,3,3".utf8)) == Self.expected)
    let colour = try load("t.csv", Array("3,10,20,30\n".utf8))
    #expect(colour.channels == 3 && colour.images == [10, 20, 30] && colour.classNames.count == 4)
  }

  /// As OpenML and pandas write tables.
  @Test(arguments: [
    "pixel1,pixel2,pixel3,pixel4,class\n0,255,7,9,1\n1,1,1,1,0\n3,3,3,3,2\n",
    "\"1x1\",\"1x2\",\"2x1\",\"2x2\",\"Label\"\n0,255,7,9,1\n1,1,1,1,0\n3,3,3,3,2\n",
    ",label,0,1,2,3\n0,1,0,255,7,9\n1,0,1,1,1,1\n2,2,3,3,3,3\n",
    ",0,1,2,3,target\n0,0.0,255.0,7.0,9.0,1.0\n1,1.0,1.0,1.0,1.0,0\n2,3,3,3,3.,2\n",
  ])
  func labelsStandWhereTheHeadSays(text: String) throws {
    #expect(try load("t.csv", Array(text.utf8)) == Self.expected)
  }

  /// Shares of white as numpy and pandas write them; ink and paper alone; and greys between whole numbers.
  @Test func pixelsAreBytesOrShares() throws {
    let shares = "label,a,b,c,d\n1,0,1,2.7450981e-02,3.529412e-02\n0,0.0,1.,\"0.2\",1\n"
    #expect(try load("t.csv", Array(shares.utf8)).images == [0, 255, 7, 9, 0, 255, 51, 255])
    #expect(try load("t.csv", Array("1,0,1,1,0\n0,1,1,0,0\n".utf8)).images == [0, 255, 255, 0, 255, 255, 0, 0])
    // The scale is told by a later line.
    #expect(try load("t.csv", Array("1,0,0,0,1\n0,1,0.4,0,0\n".utf8)).images == [0, 0, 0, 255, 255, 102, 0, 0])
    #expect(try load("t.csv", Array("1,0,0,0,1\n0,1,2,3,4\n".utf8)).images == [0, 0, 0, 1, 1, 2, 3, 4])
    #expect(try load("t.csv", Array("1,0.2,127.5,254.6,9\n".utf8)).images == [0, 128, 255, 9])
  }

  /// As spreadsheets of other countries, and with names in place of numbers.
  @Test(arguments: [
    "label;a;b;c;d\nred;0;255;7;9\nblue;1;1;1;1\n", "label\ta\tb\tc\td\n\"red\"\t0\t255\t7\t9\nblue\t1\t1\t1\t1\n",
    "red,0,255,7,9\nblue,1,1,1,1\n", "0,255,7,9,red\n1,1,1,1,'blue'\n",
    ",a,b,c,d,class\n0,0,255,7,9,red\n1,1,1,1,1,blue\n",
  ])
  func classesMayHaveNames(text: String) throws {
    let images = try load("t.csv", Array(text.utf8))
    #expect(images.images == [0, 255, 7, 9, 1, 1, 1, 1])
    #expect(images.classNames == ["blue", "red"] && images.labels == [1, 0])
  }

  @Test func emnistTablesAreTurnedUpright() throws {
    let table = Array("1,0,255,7,9\n0,1,2,3,4\n".utf8)
    #expect(try load("emnist-digits-train.csv", table).images == [0, 7, 255, 9, 1, 3, 2, 4])
    #expect(try load("mnist-train.csv", table).images == [0, 255, 7, 9, 1, 2, 3, 4])
    let zip = StoredZip.archive([("emnist-digits-train.csv", table), ("readme.md", [1])])
    #expect(try load("archive.zip", zip).images == [0, 7, 255, 9, 1, 3, 2, 4])
  }

  /// Without a head: the same digits with the label before and behind them.
  @Test func labelsAreFoundByTheirNumbers() throws {
    let digits = SyntheticDigits.images(split: .test, count: 60)
    var (before, behind) = ("", "")
    for index in 0..<digits.count {
      let pixels = digits.image(index).map(String.init).joined(separator: ",")
      before += "\(digits.labels[index]),\(pixels)\n"
      behind += "\(pixels),\(digits.labels[index])\n"
    }
    #expect(try load("t.csv", Array(before.utf8)) == digits)
    #expect(try load("t.csv", Array(behind.utf8)) == digits)
    // Photographs, whose corners are of every grey; and a corner that is nearly always 0.
    let corners: [(Int) -> Int] = [{ $0 * 7 % 256 }, { $0 % 37 == 0 ? $0 % 2 + 1 : 0 }]
    for corner in corners {
      let rows = (0..<600).map { "\(corner($0)),1,2,3,\($0 / 7 % 10)" }.joined(separator: "\n")
      #expect(try load("t.csv", Array(rows.utf8)).labels == (0..<600).map { $0 / 7 % 10 })
    }
  }

  /// As Python's zipfile packs Kaggle's archive: of the three tables, that with labels.
  @Test func tablesStandInArchives() throws {
    let zip = Fixtures.decoded(
      """
      UEsDBBQAAAAIAJt9dV0zq2doFAAAABIAAAAVAAAAc2FtcGxlX3N1Ym1pc3Npb24uY3N288xNTE/1TNHxSUxKzeEy1DHgAgBQSwMEFAAAAAgA
      m311XY/0vuMXAAAAJAAAAAgAAAB0ZXN0LmNzdivIrEjNMdApAFGGEMoIQhlzGeiAIRcAUEsDBBQAAAAIAJt9dV3vQpdhLgAAAEIAAAAJAAAA
      dHJhaW4uY3N2y0lMSs3RKcisSM0xgFCGEMoIQhlzGeoY6BiZmuqY61hyGegYQiCXkY4xBHIBAFBLAQIUAxQAAAAIAJt9dV0zq2doFAAAABIA
      AAAVAAAAAAAAAAAAAACAAQAAAABzYW1wbGVfc3VibWlzc2lvbi5jc3ZQSwECFAMUAAAACACbfXVdj/S+4xcAAAAkAAAACAAAAAAAAAAAAAAA
      gAFHAAAAdGVzdC5jc3ZQSwECFAMUAAAACACbfXVd70KXYS4AAABCAAAACQAAAAAAAAAAAAAAgAGEAAAAdHJhaW4uY3N2UEsFBgAAAAADAAMA
      sAAAANkAAAAAAA==
      """.replacing("\n", with: ""))
    #expect(try load("digits.zip", zip) == Self.expected)
    #expect(try load("digits.zip", zip, split: .test) == Self.expected)
    var damaged = zip
    damaged[0xb0] ^= 1
    #expect(
      try error("digits.zip", damaged)
        == "digits.zip: byte 132: \"train.csv\" does not match its checksum; the archive is damaged")
    #expect(
      try error("digits.zip", Array(zip.dropLast(30)))
        == "digits.zip: byte \(zip.count - 30): no directory at the end of the ZIP archive; it is cut or damaged")
  }

  /// Kaggle's folder, whose test table has no labels, and another whose has; the same as an archive.
  @Test func tablesStandInFolders() throws {
    let folder = try TemporaryFolder()
    try folder.write("train.csv", Array(Self.table.utf8))
    try folder.write("test.csv", Array("pixel0,pixel1,pixel2,pixel3\n1,1,1,1\n".utf8))
    let source = try DataSource(argument: folder.path)
    #expect(source == .table(folder.path))
    #expect(try source.load(split: .train) == Self.expected)
    #expect(try source.load(split: .test) == Self.expected)
    #expect(try !source.hasOwnTestImages())
    try folder.write("test.csv", Array("2,4,4,4,4\n".utf8))
    #expect(try source.hasOwnTestImages())
    #expect(try source.load(split: .test).images == [4, 4, 4, 4])

    let zip = StoredZip.archive([
      ("mnist_test.csv", Array("2,4,4,4,4\n".utf8)), ("mnist_train.csv", Array(Self.table.utf8)),
    ])
    #expect(try load("archive.zip", zip) == Self.expected)
    #expect(try load("archive.zip", zip, split: .test).labels == [2])
  }

  @Test(arguments: [
    ("label,pixel0\n1,2\n1,2,3\n", "t.csv: line 3: has 3 columns; expected 2, as in the lines before"),
    ("label,pixel0\n1,256\n", "t.csv: line 2, column 2: '256'; expected 0...255"),
    ("label,pixel0\n1,x7\n", "t.csv: line 2, column 2: 'x7'; expected a number"),
    ("label,pixel0\n1,-0.5\n", "t.csv: line 2, column 2: '-0.5'; expected 0...1, as the pixels before it"),
    ("label,pixel0\n1,0.5\n0,1.5\n", "t.csv: line 3, column 2: '1.5'; expected 0...1, as the pixels before it"),
    ("label,pixel0\n1,nan\n", "t.csv: line 2, column 2: 'nan'; expected 0...1, as the pixels before it"),
    ("label,pixel0\n1,\n", "t.csv: line 2, column 2: ''; expected a number"),
    ("label,pixel0\n1000,5\n", "t.csv: line 2, column 1: '1000'; expected 0...999, or a name"),
    ("label,pixel0\n0.5,5\n", "t.csv: line 2, column 1: '0.5'; expected 0...999, or a name"),
    (",pixel0,label\n7,5,\n", "t.csv: line 2, column 3: ''; expected 0...999, or a name"),
    (
      "label,a,b\n1,2,3\n",
      "t.csv: line 2: has 2 pixels after the label; expected a square of grey or RGB pixels, such as 784"
    ),
    (
      "label,pixel0\n",
      "t.csv: line 1: has 0 pixels after the label; expected a square of grey or RGB pixels, such as 784"
    ),
    (
      "pixel0,pixel1\n1,2\n",
      "t.csv: line 1: begins 'pixel0,pixel1'; expected label,pixel0,..., or pixel0,...,label, or a line of numbers"
    ),
    ("pixel0,class\n256,1\n", "t.csv: line 2, column 1: '256'; expected 0...255"),
    ("pixel0,class\n7,1000\n", "t.csv: line 2, column 2: '1000'; expected 0...999, or a name"),
    (
      String(repeating: "0,1,1,1,0\n1,2,3,4,1\n", count: 15),
      "t.csv: whether its first or its last column holds the labels cannot be told by the numbers; write a line of names "
        + "above them, label,pixel0,... or pixel0,...,label"
    ),
  ])
  func badTablesAreNamed(text: String, sentence: String) throws {
    #expect(try error("t.csv", Array(text.utf8)) == sentence)
  }

  private static func npy(_ element: NumpyArray.Element, _ shape: [Int], _ bytes: [UInt8]) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    try NumpyFile.write(NumpyArray(element: element, shape: shape, bytes: bytes), to: folder.path + "/a.npy")
    return try FileBytes.read(folder.path + "/a.npy")
  }

  @Test func arraysAreRead() throws {
    let images = try Self.npy(.uint8, [3, 2, 2], Array(0..<12))
    let labels = try Self.npy(
      .int64, [3], [2, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 8) + [1, 0, 0, 0, 0, 0, 0, 0])
    for names in [("x_train", "y_train"), ("train_images", "train_labels")] {
      let zip = StoredZip.archive([("\(names.0).npy", images), ("\(names.1).npy", labels)])
      let data = try load("mnist.npz", zip)
      #expect(
        data.images == Array(0..<12) && data.labels == [2, 0, 1] && data.height == 2 && data.classNames.count == 3)
    }
    let zip = StoredZip.archive([("x_train.npy", images), ("y_train.npy", labels)])
    #expect(
      try error("m.npz", zip, split: .test)
        == "m.npz: lacks an array x_test or test_images; it holds x_train.npy, y_train.npy")
    #expect(
      try error("m.npz", StoredZip.archive([("x_train.npy", labels), ("y_train.npy", labels)]))
        == "m.npz: x_train: shape [3]; expected [images, rows, columns], or with 1 or 3 channels last"
    )
    let few = try Self.npy(.uint8, [2], [1, 1])
    #expect(
      try error("m.npz", StoredZip.archive([("x_train.npy", images), ("y_train.npy", few)]))
        == "m.npz: y_train: 2 labels; expected 3, one for each image of x_train")
  }

  /// As after `/ 255` and `to_categorical`.
  @Test func sharesAndRowsOfClassesAreRead() throws {
    func npy(_ array: NumpyArray) throws -> [UInt8] { NumpyFile.encode(array) }
    let images = try npy(NumpyArray(shape: [2, 1, 2], floats: [0, 1, 0.2, 0.6]))
    let labels = try npy(NumpyArray(shape: [2, 3], floats: [0, 0, 1, 1, 0, 0]))
    let data = try load("m.npz", StoredZip.archive([("x_train.npy", images), ("y_train.npy", labels)]))
    #expect(data.images == [0, 255, 51, 153] && data.labels == [2, 0])
    let dark = try npy(NumpyArray(shape: [2, 1, 2], floats: [-0.5, 0.5, 0, 0]))
    #expect(
      try error("m.npz", StoredZip.archive([("x_train.npy", dark), ("y_train.npy", labels)]))
        == "m.npz: x_train: a pixel of -0.5; expected 0...255 or 0...1 for all")
    let soft = try npy(NumpyArray(shape: [2, 2], floats: [0.1, 0.9, 0, 1]))
    #expect(
      try error("m.npz", StoredZip.archive([("x_train.npy", images), ("y_train.npy", soft)]))
        == "m.npz: y_train: shape [2, 2]; expected one number for each sample")
  }

  @Test func emnistIsTurnedUprightAndNamed() throws {
    let folder = try TemporaryFolder()
    let images = Fixtures.idx(magic: 0x803, extents: [2, 2, 2], bytes: [1, 2, 3, 4, 5, 6, 7, 8])
    try folder.write("emnist-letters-train-images-idx3-ubyte", images)
    try folder.write(
      "emnist-letters-train-labels-idx1-ubyte", Fixtures.idx(magic: 0x801, extents: [2], bytes: [2, 1]))
    try folder.write("emnist-letters-mapping.txt", Array("1 65 97\n2 66 98\n".utf8))
    let data = try DataSource(argument: folder.path).load(split: .train)
    #expect(
      data
        == LabelledImages(
          images: [1, 3, 2, 4, 5, 7, 6, 8], height: 2, width: 2, channels: 1, labels: [1, 0], classNames: ["A", "B"]))
    try folder.write("emnist-letters-mapping.txt", Array("1 65 97\n".utf8))
    #expect(
      Fixtures.message { () throws(DataError) in _ = try DataSource(argument: folder.path).load(split: .train) }
        == "\(folder.path)/emnist-letters-train-images-idx3-ubyte: has an image of label 2, which "
        + "\(folder.path)/emnist-letters-mapping.txt does not name")
    try folder.write("emnist-letters-mapping.txt", Array("1 65\nx\n".utf8))
    #expect(
      Fixtures.message { () throws(DataError) in _ = try DataSource(argument: folder.path).load(split: .train) }
        == "\(folder.path)/emnist-letters-mapping.txt: line 2: 'x'; expected a label 0...255 and a character's code, "
        + "such as 10 65")
  }

  @Test func otherScriptsAreDrawn() throws {
    let letters = try DataSource(argument: "synthetic-letters:400").load(split: .train)
    #expect(Set(letters.labels) == Set(0..<36) && letters.classNames[10] == "A" && letters.classNames[35] == "Z")
    let devanagari = try DataSource(argument: "synthetic-devanagari:60").load(split: .test)
    #expect(Set(devanagari.labels) == Set(0..<10) && devanagari.classNames == "०१२३४५६७८९".map(String.init))
    let displays = try DataSource(argument: "synthetic-displays:200").load(split: .test)
    #expect(Set(displays.labels) == Set(0..<10) && displays.classNames == (0..<10).map(String.init))
    for set in [letters, devanagari, displays] {
      #expect((0..<set.count).allSatisfy { set.image($0).count { $0 > 128 } > 20 })
    }
    #expect(try DataSource(argument: "synthetic:9") == .synthetic(count: 9))
    #expect(throws: DataError.self) { try DataSource(argument: "synthetic-letters:0") }
  }
}
