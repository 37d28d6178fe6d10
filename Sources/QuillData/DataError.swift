import QuillArchive

/// Why a file or a folder of data could not be read or written.
///
/// Its description is one line that begins with the file (`DataError+Description.swift`).
public struct DataError: Error, Equatable, Sendable {
  /// The file or folder as the user named it; `standard input` or `standard output` for `-`.
  public var path: String

  /// What was found there.
  public var problem: Problem

  /// A problem at a place.
  public init(path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }

  /// What can be wrong with data. Every offset counts bytes from the beginning of the file (expanded, where it was
  /// compressed).
  public enum Problem: Equatable, Sendable {
    // Files.
    case missing
    case nameNotUTF8
    case isDirectory
    case isNotDirectory
    case isEmpty
    case tooLarge(limit: Int)
    case systemCall(SystemCall, errorNumber: Int32)
    case folderMissing(folder: String)

    // Libraries of the system.
    case libraryAbsent(library: String, package: String)
    case outOfMemory

    // .npy.
    case numpyMagic(found: [UInt8])
    case numpyVersion(major: UInt8, minor: UInt8)
    case numpyCut(offset: Int, wanted: Int, found: Int)
    case numpyHeader(offset: Int, expected: String)
    case numpyElement(offset: Int, descriptor: String)
    case numpyShapeTooLarge(offset: Int)
    case numpyTrailing(offset: Int, extra: Int)

    // Images.
    case imageKind(found: String)
    case imageRefused(kind: String, message: String)
    case imageTooLarge(width: Int, height: Int, limit: Int)
    case anyMapHeader(offset: Int, expected: String)
    case anyMapSample(offset: Int, found: Int, maximum: Int)
    case anyMapCut(offset: Int, wanted: Int, found: Int)

    // IDX.
    case idxMagic(offset: Int, found: UInt32, expected: String)
    case idxLength(offset: Int, expected: Int, found: Int)
    case idxCut(found: Int)
    case idxNoItems(offset: Int)
    case idxExtent(offset: Int, found: Int)
    case idxCounts(images: Int, labels: Int, labelFile: String)

    // Archives.
    case archive(ArchiveError)
    case archiveLacks(wanted: String, found: [String])
    case array(name: String?, found: String, expected: String)

    // Tables and mappings. Lines and columns are counted from 1.
    case tableHead(found: String)
    case tableLabels
    case tablePixels(line: Int, found: Int)
    case tableColumns(line: Int, found: Int, expected: Int)
    case tableNumber(line: Int, column: Int, found: String, range: String)
    case mappingLine(line: Int, found: String)
    case labelUnmapped(label: Int, mapping: String)

    // Folders and sources.
    case sourceUnknown
    case fileUnknown
    case folderWithoutImages
    case splitAbsent(split: String, present: String)
    case labelFileAbsent(wanted: String)
    case mixedSizes(width: Int, height: Int, otherPath: String, otherWidth: Int, otherHeight: Int)
    case nameWithoutClass
    case noDigit
    case unfit(reason: String)
    case syntheticCount(found: String)
  }

  /// The system call that failed.
  public enum SystemCall: String, Equatable, Sendable {
    case open, create, read, write, synchronise, rename, list
  }
}
