import Quill

/// The text section: each piece once.
struct TextPool {
  private(set) var bytes: [UInt8] = []
  /// The first piece that a file does not hold.
  private(set) var refused: String?
  private var places: [String: TextReference] = [:]

  /// A reference to a piece of text.
  mutating func add(_ piece: String) throws(ConverterError) -> TextReference {
    let reference = addOrNote(piece)
    if let refused { throw .text(refused) }
    return reference
  }

  /// The same; what a file does not hold is noted in `refused`.
  mutating func addOrNote(_ piece: String) -> TextReference {
    if let place = places[piece] { return place }
    let utf8 = Array(piece.utf8)
    let isPrintable = piece.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    if utf8.count > 255 || !isPrintable {
      refused = refused ?? piece
      return TextReference()
    }
    let place = TextReference(offset: UInt32(bytes.count), byteCount: UInt32(utf8.count))
    bytes += utf8
    places[piece] = place
    return place
  }
}
