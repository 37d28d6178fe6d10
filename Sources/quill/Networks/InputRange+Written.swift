import QuillFloat
import QuillReport

extension QuantizedNetwork {
  /// The range of pixels that the float network was fed when the file was made from it: of those that the network tells,
  /// that the file's provenance names and that are common, the first that gives the file's own table of pixels; `nil`
  /// where none does.
  func writtenRange(of float: FloatNetwork) -> InputRange? {
    guard model.preprocessing != nil, let input = facts.inputTensors.first else { return nil }
    let written = (0..<256).map { model.inputValue(ofPixel: UInt8($0), channel: 0) }
    let options = model.provenanceText.options
    let told = options.firstRange(of: "input range ").flatMap { InputRange(String(options[$0.upperBound...])) }
    let candidates = [float.statedRange ?? .unit] + [told].compactMap { $0 } + InputRange.plausible(forDigits: true)
    return candidates.first { candidate in
      // The middle of two steps may have been rounded to the other one.
      zip(candidate.table, written).allSatisfy { value, byte in
        input.quantized(value).map { abs(Int($0) - Int(byte)) <= 1 } ?? false
      }
    }
  }
}
