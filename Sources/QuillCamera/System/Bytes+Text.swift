extension [UInt8] {
  /// Whether these are the bytes of `text`.
  @inline(never) package func isText(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { other in
      guard other.count == count else { return false }
      for index in 0..<count where unsafe other[index] != self[index] { return false }
      return true
    }
  }
}
