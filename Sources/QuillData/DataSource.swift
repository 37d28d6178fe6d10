import Foundation

/// Where labelled images come from: what the tool's users call DATA.
public enum DataSource: Sendable, Equatable {
  /// A folder of IDX files with MNIST's names, `.gz` or expanded.
  case idxFolder(String)

  /// A folder of images that are named or foldered by class, or of folders `train` and `test` of such.
  case imageFolder(String)

  /// Digits that the project draws itself; `count` images, or the split's usual number.
  case synthetic(count: Int?)

  /// Which part of the data is asked for.
  public enum Split: String, Sendable, CaseIterable {
    /// Images that a network may learn from and that calibration uses.
    case train

    /// Images that measure it.
    case test
  }

  /// The source that an argument names: `synthetic`, `synthetic:COUNT`, or a folder, whose contents decide.
  /// - Throws: `missing`, `isNotDirectory`, `sourceUnknown`, `folderWithoutImages` or `syntheticCount`.
  public init(argument: String) throws(DataError) {
    if argument == "synthetic" || argument.hasPrefix("synthetic:") {
      self = .synthetic(count: try Self.count(ofSynthetic: argument))
      return
    }
    guard !argument.isEmpty else { throw DataError(path: "''", .sourceUnknown) }
    let names = try FileBytes.list(argument)
    self = IDXFolder.isIDXFolder(names: names) ? .idxFolder(argument) : .imageFolder(argument)
  }

  /// Loads one part of the data.
  ///
  /// - Parameters:
  ///   - split: which part. A folder of images without folders `train` and `test` serves as both.
  ///   - limit: the most images to answer: the first ones of IDX files and drawn digits, every n-th of a folder.
  ///   - prepare: applied to each image file of a folder as it is read, for instance to cut out a digit and bring it
  ///     to one size; without it, images of several sizes are refused.
  /// - Throws: the problem of the first file that cannot be used.
  public func load(
    split: Split, limit: Int? = nil, preparing prepare: ImagePreparation? = nil
  ) throws(DataError) -> LabelledImages {
    switch self {
    case .idxFolder(let folder): try IDXFolder.load(folder, split: split, limit: limit)
    case .imageFolder(let folder): try ImageFolder.load(folder, split: split, limit: limit, preparing: prepare)
    case .synthetic(let count): SyntheticDigits.images(split: split, count: limit ?? count)
    }
  }

  private static func count(ofSynthetic argument: String) throws(DataError) -> Int? {
    guard argument != "synthetic" else { return nil }
    let text = argument.dropFirst("synthetic:".count)
    guard let count = Int(text), (1...1_000_000).contains(count) else {
      throw DataError(path: argument, .syntheticCount(found: String(text)))
    }
    return count
  }
}

/// What is done to each image file of a folder as it is read; `path` is for errors.
public typealias ImagePreparation = @Sendable (_ image: PixelImage, _ path: String) throws(DataError) -> PixelImage
