/// What a command does with the file that an argument names.
enum FileUse: Sendable {
  case none, reads, writes
}

/// How the text behind an option becomes a value, and what to say where it does not.
struct ValueKind<Value: Sendable>: Sendable {
  /// What the text must be, for the sentence "expected ...".
  let expected: String

  /// Whether the text names a file, and what is done with it.
  var fileUse = FileUse.none

  /// The value of a text, or `nil` where it is not one.
  let read: @Sendable (String) -> Value?
}

extension ValueKind where Value == String {
  /// Any text.
  static let text = ValueKind(expected: "a value") { $0.isEmpty ? nil : $0 }

  /// A file or folder that is read, or words that stand for data.
  static let input = ValueKind(expected: "a value", fileUse: .reads) { $0.isEmpty ? nil : $0 }

  /// A file that is written; `OutputFiles` sees to it before any work is done.
  static let output = ValueKind(expected: "a value", fileUse: .writes) { $0.isEmpty ? nil : $0 }
}

extension ValueKind where Value == Int {
  /// A whole number within a range.
  static func integer(_ range: ClosedRange<Int>) -> ValueKind {
    let limits = range.upperBound == .max ? "\(range.lowerBound) or more" : "\(range.lowerBound)...\(range.upperBound)"
    return ValueKind(expected: "a whole number, \(limits)") { text in
      Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension ValueKind where Value == UInt64 {
  /// The seed of a random choice.
  static let seed = ValueKind(expected: "a whole number, 0...18446744073709551615") { UInt64($0) }
}

extension ValueKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of an enumeration's cases.
  static var choice: ValueKind {
    ValueKind(expected: Value.allCases.map(\.rawValue).joined(separator: " or ")) { Value(rawValue: $0) }
  }
}
