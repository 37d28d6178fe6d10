import Foundation

extension DataError: CustomStringConvertible {
  /// One line: the file, what was found, what was expected, what to do.
  public var description: String { "\(path): \(problem)" }
}

extension DataError.Problem: CustomStringConvertible {
  /// What was found, without the file.
  public var description: String {
    fileDescription ?? libraryDescription ?? numpyDescription ?? imageDescription ?? tableDescription
      ?? datasetDescription
  }

  private var fileDescription: String? {
    switch self {
    case .missing: "there is no such file or folder"
    case .nameNotUTF8: "cannot be found: its name is not UTF-8; rename it"
    case .isDirectory: "is a folder; expected a file"
    case .isNotDirectory: "is a file; expected a folder"
    case .isEmpty: "is empty"
    case .tooLarge(let limit): "is larger than \(limit) bytes, the most that is read"
    case .systemCall(let call, let number): "cannot \(call.verb): \(Self.systemMessage(number))"
    case .folderMissing(let folder): "cannot be written: there is no folder \(folder)"
    default: nil
    }
  }

  private var libraryDescription: String? {
    switch self {
    case .libraryAbsent(let library, let package):
      "needs the library \(library), which is not installed; on Debian: apt install \(package)"
    case .outOfMemory: "does not fit into memory"
    default: nil
    }
  }

  private var numpyDescription: String? {
    switch self {
    case .numpyMagic(let found):
      "is not a .npy file: it begins with \(Self.hex(found)), expected 93 4e 55 4d 50 59; write it with numpy.save"
    case .numpyVersion(let major, let minor): "byte 6: .npy version \(major).\(minor); expected 1.0, 2.0 or 3.0"
    case .numpyCut(let offset, let wanted, let found):
      "byte \(offset): expected \(wanted) more bytes, found \(found); the file is cut"
    case .numpyHeader(let offset, let expected): "byte \(offset): the .npy header lacks \(expected)"
    case .numpyElement(let offset, let descriptor):
      "byte \(offset): elements of type \(descriptor); expected little-endian f2, f4, f8, i1...i8, u1...u8 or bool"
    case .numpyShapeTooLarge(let offset): "byte \(offset): the shape asks for more than 2^63 bytes"
    case .numpyTrailing(let offset, let extra): "byte \(offset): \(extra) bytes follow the array"
    default: nil
    }
  }

  private var imageDescription: String? {
    switch self {
    case .imageKind(let found): "is \(found); expected PNG, JPEG, PGM or PPM"
    case .imageRefused(let kind, let message):
      message.isEmpty ? "is not a sound \(kind) image" : "is not a sound \(kind) image: \(message)"
    case .imageTooLarge(let width, let height, let limit):
      "the image is \(width) x \(height); expected at least 1 and at most \(limit) pixels"
    case .anyMapHeader(let offset, let expected): "byte \(offset): expected \(expected)"
    case .anyMapSample(let offset, let found, let maximum):
      "byte \(offset): a sample of \(found); the header allows at most \(maximum)"
    case .anyMapCut(let offset, let wanted, let found):
      "byte \(offset): expected \(wanted) bytes of samples, found \(found); the file is cut"
    default: nil
    }
  }

  private var tableDescription: String? {
    switch self {
    case .archive(let error): error.description
    case .archiveLacks(let wanted, let found):
      "lacks \(wanted); it holds \(found.isEmpty ? "nothing" : found.prefix(6).joined(separator: ", "))"
        + (found.count > 6 ? ", ..." : "")
    case .array(let name, let found, let expected): "\(name.map { "\($0): " } ?? "")\(found); expected \(expected)"
    case .tableHead(let found):
      "line 1: begins '\(found)'; expected label,pixel0,..., or pixel0,...,label, or a line of numbers"
    case .tableLabels:
      "whether its first or its last column holds the labels cannot be told by the numbers; write a line of names above "
        + "them, label,pixel0,... or pixel0,...,label"
    case .tablePixels(let line, let found):
      "line \(line): has \(found) pixels after the label; expected a square of grey or RGB pixels, such as 784"
    case .tableColumns(let line, let found, let expected):
      "line \(line): has \(found) columns; expected \(expected), as in the lines before"
    case .tableNumber(let line, let column, let found, let range):
      "line \(line), column \(column): '\(found)'; expected \(range)"
    case .mappingLine(let line, let found):
      "line \(line): '\(found)'; expected a label 0...255 and a character's code, such as 10 65"
    case .labelUnmapped(let label, let mapping): "has an image of label \(label), which \(mapping) does not name"
    default: nil
    }
  }

  private var datasetDescription: String {
    switch self {
    case .idxMagic(let offset, let found, let expected):
      "byte \(offset): the magic number is 0x\(Self.hex(found)); expected \(expected)"
    case .idxLength(let offset, let expected, let found):
      "byte \(offset): the extents ask for \(expected) bytes, found \(found); the file is cut or not an IDX file"
    case .idxCut(let found): "is cut: \(found) bytes are too few for the head of an IDX file"
    case .idxNoItems(let offset): "byte \(offset): holds no items"
    case .idxExtent(let offset, let found): "byte \(offset): an extent of \(found) is not one of an image"
    case .idxCounts(let images, let labels, let labelFile):
      "holds \(images) images, but \(labelFile) \(labels) labels; they do not belong together"
    case .sourceUnknown:
      "names no data; expected a folder of IDX files or of images named or foldered by class, a .csv or .npz file, or "
        + "'synthetic'"
    case .fileUnknown:
      "is neither a table (.csv, .csv.gz or .zip) nor an .npz archive; of IDX files and of images give the folder"
    case .folderWithoutImages:
      "holds neither IDX files (train-images-idx3-ubyte.gz, ...) nor images (PNG, JPEG, PGM, PPM)"
    case .splitAbsent(let split, let present): "holds no \(split) images, only \(present) images; see --split"
    case .labelFileAbsent(let wanted): "has no labels beside it; expected \(wanted)"
    case .mixedSizes(let width, let height, let otherPath, let otherWidth, let otherHeight):
      "is \(width) x \(height), but \(otherPath) is \(otherWidth) x \(otherHeight); bring all images to one size; --size does so"
    case .nameWithoutClass:
      "its name begins with no class; expected a name such as 7_03.png, or a folder for each class"
    case .noDigit: "no digit was found in the picture"
    case .unfit(let reason): reason
    case .syntheticCount(let found):
      "'\(found)' is no number of digits; expected synthetic or synthetic:N with N in 1...1000000"
    default: "is not usable"
    }
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String(UInt32($0) + 0x100, radix: 16).dropFirst() }.joined(separator: " ")
  }

  private static func hex(_ word: UInt32) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  private static func systemMessage(_ number: Int32) -> String {
    String(cString: strerror(number))
  }
}

extension DataError.SystemCall {
  /// The verb of a sentence that begins with "cannot".
  fileprivate var verb: String {
    switch self {
    case .open: "be opened"
    case .create: "be created"
    case .read: "be read"
    case .write: "be written"
    case .synchronise: "be made durable"
    case .rename: "be renamed into place"
    case .list: "be listed"
    }
  }
}
