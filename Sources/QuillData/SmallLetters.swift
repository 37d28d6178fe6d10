/// Letters of three by five pixels for captions on sheets of pictures.
enum SmallLetters {
  /// Columns from one letter to the next, and rows from one line to the next.
  static let (pitch, lineHeight) = (4, 7)

  /// The rows of a character, each of three bits, the leftmost the highest; `nil` for what has no letter here.
  static func rows(of character: Character) -> [UInt8]? {
    let text = Array(character.uppercased())
    guard text.count == 1 else { return nil }
    return glyphs[text[0]].map { glyph in (0..<5).map { UInt8(glyph >> (12 - 3 * $0) & 7) } }
  }

  /// Fifteen bits a character, rows from the top.
  private static let glyphs: [Character: UInt16] = [
    "0": 0o75557, "1": 0o26227, "2": 0o71747, "3": 0o71717, "4": 0o55711, "5": 0o74717, "6": 0o74757, "7": 0o71122,
    "8": 0o75757, "9": 0o75717, "A": 0o25755, "B": 0o65656, "C": 0o34443, "D": 0o65556, "E": 0o74647, "F": 0o74644,
    "G": 0o34553, "H": 0o55755, "I": 0o72227, "J": 0o11152, "K": 0o55655, "L": 0o44447, "M": 0o57755, "N": 0o65555,
    "O": 0o25552, "P": 0o65644, "Q": 0o25563, "R": 0o65655, "S": 0o34216, "T": 0o72222, "U": 0o55557, "V": 0o55552,
    "W": 0o55775, "X": 0o55255, "Y": 0o55222, "Z": 0o71247, " ": 0, ".": 0o00002, "-": 0o00700, "_": 0o00007,
    "%": 0o51245, "/": 0o11244, ":": 0o02020, "?": 0o71202, "!": 0o22202, "(": 0o24442, ")": 0o21112, "=": 0o07070,
    "+": 0o02720, ">": 0o42124, "<": 0o12421, "#": 0o57575, "&": 0o25253, ",": 0o00024, "*": 0o52500,
  ]
}
