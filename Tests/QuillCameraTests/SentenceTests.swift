import Quill
import Testing

@Suite struct SentenceTests {
  @Test func numbersAndTextsComeTogether() {
    let inner: Sentence = "x"
    let found: Sentence = "\(inner) \(-5) \(UInt64.max) \(Int64.min) \([0xC3, 0xA9]) \("b" as StaticString)"
    #expect(found.description == "x -5 18446744073709551615 -9223372036854775808 é b")
  }

  @Test func hexadecimalIsPadded() {
    var text: Sentence = "0x"
    text.append(hexadecimal: 0xABCD, digits: 8)
    text.append(hexadecimal: 0, digits: 1)
    text.append(hexadecimal: .max, digits: 16)
    #expect(text.description == "0x0000abcd0ffffffffffffffff")
  }
}
