import Foundation
import QuillArchive
import QuillImaging

/// Where labelled images come from: what the tool's users call DATA.
public enum DataSource: Sendable, Equatable {
  /// A folder of IDX files with MNIST's names, `.gz` or expanded.
  case idxFolder(String)

  /// A folder of images that are named or foldered by class, or of folders `train` and `test` of such.
  case imageFolder(String)

  /// A table of images in Kaggle's layout: `.csv`, gzipped, or in a `.zip`; or a folder of such, `train.csv` among them.
  case table(String)

  /// An `.npz` archive such as Keras's `mnist.npz`.
  case arrays(String)

  /// Digits that the project draws itself; `count` images, or the split's usual number.
  case synthetic(count: Int?)

  /// Characters of another script, drawn as the digits are.
  case drawn(DrawnScript, count: Int?)

  /// The digits of displays with seven segments, drawn alike.
  case displays(count: Int?)

  /// Which part of the data is asked for.
  public enum Split: String, Sendable, CaseIterable {
    /// Images that a network may learn from and that calibration uses.
    case train

    /// Images that measure it.
    case test
  }

  /// The source that an argument names: `synthetic`, `synthetic-letters`, `synthetic-devanagari` or `synthetic-displays`, each
  /// with `:COUNT` or without, or a folder or file, whose contents decide.
  /// - Throws: `missing`, `fileUnknown`, `sourceUnknown`, `folderWithoutImages` or `syntheticCount`.
  public init(argument: String) throws(DataError) {
    if let drawn = try Self.drawn(argument) {
      self = drawn
      return
    }
    guard !argument.isEmpty else { throw DataError(path: "''", .sourceUnknown) }
    if let file = try Self.file(argument) {
      self = file
      return
    }
    if FileBytes.isFile(argument) { throw DataError(path: argument, .fileUnknown) }
    let names = try FileBytes.list(argument)
    if IDXFolder.isIDXFolder(names: names) {
      self = .idxFolder(argument)
    } else {
      self = ImageTable.isTableFolder(names: names) ? .table(argument) : .imageFolder(argument)
    }
  }

  /// Loads one part of the data.
  ///
  /// - Parameters:
  ///   - split: which part. A folder of images without folders `train` and `test` serves as both.
  ///   - limit: the most images to answer: the first ones of IDX files and drawn digits, every n-th of a folder.
  ///   - prepare: applied to each image file of a folder as it is read, for instance to cut out a digit and bring it
  ///     to one size, or to leave it out by answering `nil`; without it, images of several sizes are refused.
  /// - Throws: the problem of the first file that cannot be used.
  public func load(
    split: Split, limit: Int? = nil, preparing prepare: ImagePreparation? = nil
  ) throws(DataError) -> LabelledImages {
    switch self {
    case .idxFolder(let folder): try IDXFolder.load(folder, split: split, limit: limit)
    case .imageFolder(let folder): try ImageFolder.load(folder, split: split, limit: limit, preparing: prepare)
    case .table(let path): try ImageTable.load(path, split: split, limit: limit)
    case .arrays(let path): try NumpyArchive.load(path, split: split, limit: limit)
    case .synthetic(let count): SyntheticDigits.images(split: split, count: limit ?? count)
    case .drawn(let script, let count): SyntheticDigits.images(split: split, count: limit ?? count, script: script)
    case .displays(let count): DisplayDigits.images(split: split, count: limit ?? count)
    }
  }

  /// Whether there are images to measure on that are no others' too.
  /// - Throws: what listing a folder throws.
  public func hasOwnTestImages() throws(DataError) -> Bool {
    switch self {
    case .table(let path): return try ImageTable.hasTestTable(path)
    case .imageFolder(let folder):
      return try FileBytes.list(folder).contains("test") && FileBytes.isDirectory(FileBytes.join(folder, "test"))
    case .idxFolder, .arrays, .synthetic, .drawn, .displays: return true
    }
  }

  /// The source in a file; `nil` for a folder, or where there is nothing.
  private static func file(_ path: String) throws(DataError) -> DataSource? {
    guard FileBytes.isFile(path) else { return nil }
    let start = try FileBytes.readStart(path, count: 512)
    if ZipArchive.recognizes(start) {
      return NumpyArchive.recognizes(try FileBytes.readArchive(path)) ? .arrays(path) : .table(path)
    }
    let name = path.lowercased()
    guard name.hasSuffix(".csv") || name.hasSuffix(".csv.gz") || start.starts(with: "label,".utf8) else { return nil }
    return .table(path)
  }

  /// The drawn source that an argument names; `nil` where it names none.
  private static func drawn(_ argument: String) throws(DataError) -> DataSource? {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let source: (Int?) -> DataSource
    switch parts[0] {
    case "synthetic": source = { .synthetic(count: $0) }
    case "synthetic-letters": source = { .drawn(.digitsAndLetters, count: $0) }
    case "synthetic-devanagari": source = { .drawn(.devanagariDigits, count: $0) }
    case "synthetic-displays": source = { .displays(count: $0) }
    default: return nil
    }
    var count: Int?
    if parts.count == 2 {
      guard let number = Int(parts[1]), (1...1_000_000).contains(number) else {
        throw DataError(path: argument, .syntheticCount(found: String(parts[1])))
      }
      count = number
    }
    return source(count)
  }
}

/// What is done to each image file of a folder as it is read; `path` is for errors.
public typealias ImagePreparation = @Sendable (_ image: PixelImage, _ path: String) throws(DataError) -> PixelImage?
