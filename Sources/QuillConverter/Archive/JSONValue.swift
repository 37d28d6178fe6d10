/// A JSON value, read by a total parser: depth and size are bounded, nothing is converted behind the reader's back.
///
/// Our own, because Keras writes `NaN` and `Infinity`, which JSON forbids, and because Foundation answers untyped
/// values.
package indirect enum JSONValue: Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  package subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  package var string: String? { if case .string(let value) = self { value } else { nil } }
  package var number: Double? { if case .number(let value) = self { value } else { nil } }
  package var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  package var object: [String: JSONValue]? { if case .object(let value) = self { value } else { nil } }
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// A whole number that `Int` can hold exactly.
  package var integer: Int? {
    guard let number, number == number.rounded(), abs(number) < 9_007_199_254_740_992 else { return nil }
    return Int(number)
  }

  package var isNull: Bool { self == .null }
}

/// What is wrong with JSON text.
public enum JSONFault: Sendable, Equatable {
  case unexpectedByte, endOfText, badNumber, badString, tooDeep(permitted: Int)
}
