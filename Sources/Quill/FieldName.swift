/// What a field, an extent or a side is called in the sentences of a `ModelError`: a literal.
public struct FieldName: Sendable, ExpressibleByStringLiteral {
  /// The name.
  public let text: StaticString

  /// The name of a literal.
  public init(stringLiteral text: StaticString) {
    self.text = text
  }
}

extension FieldName: Equatable {
  /// Whether both have the same bytes.
  public static func == (first: FieldName, second: FieldName) -> Bool {
    first.text.withUTF8Buffer { one in
      second.text.withUTF8Buffer { other in unsafe one.elementsEqual(other) }
    }
  }
}
