/// Names that files give to layers and tensors, made fit for one line and for a flat file.
enum ImportedName {
  /// The most bytes that a name keeps; a flat file holds 255, and suffixes may follow.
  static let permittedByteCount = 200

  /// Control characters, and the separators that end a line.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar == "\u{2028}" || scalar == "\u{2029}"
  }

  /// The name without control characters, and cut where it is too long.
  static func clean(_ name: String) -> String {
    var result = String.UnicodeScalarView()
    var byteCount = 0
    for scalar in name.unicodeScalars where !isControl(scalar) {
      byteCount += UTF8.width(scalar)
      if byteCount > permittedByteCount { break }
      result.append(scalar)
    }
    return String(result)
  }

  /// A sentence on one line, whatever names from a file stand in it.
  static func oneLine(_ sentence: String) -> String {
    String(String.UnicodeScalarView(sentence.unicodeScalars.prefix(1_000).map { isControl($0) ? "?" : $0 }))
  }

  /// TensorFlow Lite joins the names of all operators that were fused by semicolons; the first is the result's.
  static func first(of name: String) -> String {
    clean(String(name.prefix { $0 != ";" }))
  }
}
