import Glibc

/// Writes drawn digits for the scenes: COUNT squares of 256 x 256 bytes of ink, digit K of the K-th square modulo 10,
/// for each of three pens (thin, the hand's own, thick).
///
/// Built together with Sources/QuillImaging by Tools/scenes/scenes.
@main enum Glyphs {
  static let side: Int32 = 256

  static func main() {
    let count = Int(CommandLine.arguments.dropFirst().first ?? "") ?? 100
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
}
