import QuillData
import Testing

/// Sentences that no other test causes.
@Suite struct DataErrorTests {
  @Test(
    arguments: [
      (
        .libraryAbsent(library: "libpng16.so.16", package: "libpng16-16"),
        "f: needs the library libpng16.so.16, which is not installed; on Debian: apt install libpng16-16"
      ),
      (.outOfMemory, "f: does not fit into memory"),
      (.systemCall(.synchronise, errorNumber: 5), "f: cannot be made durable: Input/output error"),
      (.systemCall(.rename, errorNumber: 18), "f: cannot be renamed into place: Invalid cross-device link"),
      (.systemCall(.open, errorNumber: 13), "f: cannot be opened: Permission denied"),
      (.systemCall(.read, errorNumber: 5), "f: cannot be read: Input/output error"),
      (.systemCall(.list, errorNumber: 13), "f: cannot be listed: Permission denied"),
      (.imageRefused(kind: "PNG", message: ""), "f: is not a sound PNG image"),
      (
        .nameWithoutClass,
        "f: its name begins with no class; expected a name such as 7_03.png, or a folder for each class"
      ),
      (.noDigit, "f: no digit was found in the picture"),
      (.unfit(reason: "too small"), "f: too small"),
      (
        .fileUnknown,
        "f: is neither a table (.csv, .csv.gz or .zip) nor an .npz archive; of IDX files and of images give the folder"
      ),
      (
        .sourceUnknown,
        "f: names no data; expected a folder of IDX files or of images named or foldered by class, a .csv or .npz file, or "
          + "'synthetic'"
      ),
    ] as [(DataError.Problem, String)])
  func sentences(problem: DataError.Problem, expected: String) {
    #expect("\(DataError(path: "f", problem))" == expected)
  }
}
