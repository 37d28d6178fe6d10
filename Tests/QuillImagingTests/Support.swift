import QuillImaging

/// CRC-32C (Castagnoli), bit by bit: pins pictures without storing them.
func checksum(_ bytes: [UInt8]) -> UInt32 {
  var crc: UInt32 = .max
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0x82F6_3B78 : crc >> 1 }
  }
  return ~crc
}

/// A sample of the generator as 784 bytes, with its label.
func drawn(seed: UInt64, sample: UInt64) -> (image: [UInt8], label: Int) {
  var image = [UInt8](repeating: 7, count: 784)
  var span = image.mutableSpan
  let label = DigitGenerator(seed: seed).draw(sample: sample, into: &span)
  return (image, label)
}

/// A frame of `paper` with one drawn digit.
func frame(
  width: Int, height: Int, paper: UInt8, ink: UInt8, x: Int32, y: Int32, size: Int32, sample: UInt64, label: Int
) -> [UInt8] {
  var canvas = [UInt8](repeating: paper, count: width * height)
  add(to: &canvas, width: width, height: height, ink: ink, x: x, y: y, size: size, sample: sample, label: label)
  return canvas
}

/// Adds a drawn digit to a frame.
func add(
  to canvas: inout [UInt8], width: Int, height: Int, ink: UInt8, x: Int32, y: Int32, size: Int32, sample: UInt64,
  label: Int
) {
  var span = canvas.mutableSpan
  DigitGenerator(seed: 9).draw(
    sample: sample, as: label, onto: &span, shape: FrameShape(width: width, height: height),
    placement: DigitPlacement(x: x, y: y, size: size, ink: ink))
}

/// The mean difference of two 28 x 28 pictures' pixels in grey levels, at the best of nine shifts by at most a pixel:
/// a trace of difference may tip the rounding of the centre of mass.
func difference(_ one: [UInt8], _ other: [UInt8]) -> Int {
  var best = Int.max
  for shift in [-29, -28, -27, -1, 0, 1, 27, 28, 29] {
    var sum = 0
    for place in 0..<784 {
      let moved = place + shift
      let value = moved >= 0 && moved < 784 ? Int(other[moved]) : 0
      sum += abs(Int(one[place]) - value)
    }
    best = min(best, sum / 784)
  }
  return best
}

/// What a fresh finder says about a frame without padding.
func find(
  _ frame: [UInt8], width: Int, height: Int, equalisation: Equalisation = .none
) throws(ImagingError) -> (digit: FoundDigit?, image: [UInt8]) {
  var finder = try DigitFinder(mostWidth: width, mostHeight: height)
  var image = [UInt8](repeating: 0, count: 784)
  var span = image.mutableSpan
  let digit = try finder.find(
    in: frame.span, shape: FrameShape(width: width, height: height), equalisation: equalisation, into: &span)
  return (digit, image)
}

/// Takes every shape for one whole digit.
struct ContentJudge: DigitJudge {
  mutating func rate(_ image: Span<UInt8>) -> Int32 { 4_000 }
}
