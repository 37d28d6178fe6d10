import Glibc

/// Writes drawn digits for the scenes: COUNT squares of 256 x 256 bytes of ink, digit K of the K-th square modulo 10,
/// for each of three pens (thin, the hand's own, thick). With `letters`: COUNT digits and letters in the form of MNIST, each
/// with its label before it.
///
/// Built together with Sources/QuillImaging by Tools/scenes/scenes and Tools/scenes/shapes.
@main enum Glyphs {
  static let side: Int32 = 256

  static func main() {
    let count = Int(CommandLine.arguments.dropFirst().first ?? "") ?? 100
    if CommandLine.arguments.last == "letters" { return writeLetters(count) }
    let generator = DigitGenerator(seed: 2_026)
    for pen: (Int32, Int32)? in [(22, 45), nil, (170, 260)] {
      for index in 0..<count {
        var pixels = [UInt8](repeating: 0, count: Int(side * side))
        var span = pixels.mutableSpan
        var random = SplitMix64(seed: 5, item: UInt64(index))
        generator.draw(
          sample: UInt64(index), as: index % 10, onto: &span, shape: FrameShape(width: Int(side), height: Int(side)),
          placement: DigitPlacement(x: 2, y: 2, size: side - 4, ink: 255, pen: pen.map { random.uniform($0.0, $0.1) }))
        pixels.withUnsafeBytes { bytes in _ = fwrite(bytes.baseAddress, 1, bytes.count, stdout) }
      }
    }
  }

  private static func writeLetters(_ count: Int) {
    let script = DrawnScript.digitsAndLetters
    var generator = DigitGenerator(seed: 77, script: script)
    for index in 0..<count {
      let label = index % script.classCount
      var pixels = [UInt8](repeating: 0, count: 784)
      var span = pixels.mutableSpan
      generator.draw(label, into: &span)
      putchar(Int32(label))
      pixels.withUnsafeBytes { bytes in _ = fwrite(bytes.baseAddress, 1, bytes.count, stdout) }
    }
  }
}
