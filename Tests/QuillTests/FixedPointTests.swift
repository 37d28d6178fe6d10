import Quill
import QuillConverter
import TestSupport
import Testing

@Suite("Fixed-point arithmetic")
struct FixedPointTests {
  @Test("a rounding divide takes ties away from zero")
  func divideTies() {
    #expect(roundingDivide(3, byPowerOfTwo: 1) == 2)
    #expect(roundingDivide(-3, byPowerOfTwo: 1) == -2)
    #expect(roundingDivide(-5, byPowerOfTwo: 1) == -3)
    #expect(roundingDivide(6, byPowerOfTwo: 2) == 2)
    #expect(roundingDivide(-6, byPowerOfTwo: 2) == -2)
    #expect(roundingDivide(.min, byPowerOfTwo: 31) == -1)
    #expect(roundingDivide(.max, byPowerOfTwo: 31) == 1)
    #expect(roundingDivide(7, byPowerOfTwo: 0) == 7)
  }

  @Test("the doubling high multiply equals gemmlowp's definition")
  func highMultiply() {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<20_000 {
      let a = Int32(truncatingIfNeeded: random.next())
      let b = Int32(random.integer(0...Int(Int32.max)))
      let expected = WideArithmetic.doublingHighMultiply(Int128(a), Int128(b))
      #expect(Int128(roundingDoublingHighMultiply(a, b)) == expected)
    }
    // Exact halves, on either side of zero.
    #expect(roundingDoublingHighMultiply(1, 1 << 30) == 1)
    #expect(roundingDoublingHighMultiply(-1, 1 << 30) == 0)
    #expect(roundingDoublingHighMultiply(-3, 1 << 30) == -1)
  }

  @Test("a multiplier equals its definition, at every shift")
  func multipliers() {
    var random = SeededGenerator(seed: 12)
    for _ in 0..<20_000 {
      let shift = random.integer(-31...20)
      let reach = (1 << 31) >> (max(shift, 0) + 1)
      let x = random.integer(-reach...(reach - 1))
      let quantized = random.once(in: 20) ? 0 : random.integer(1 << 30...Int(Int32.max))
      let multiplier = Multiplier(quantized: Int32(quantized), shift: Int32(shift))
      #expect(Int(multiplier.applied(to: Int32(x))) == WideArithmetic.multiply(x, quantized, shift))
    }
  }

  @Test("a real multiplier rounds as a double does")
  func realMultipliers() throws {
    var random = SeededGenerator(seed: 13)
    for _ in 0..<50_000 {
      var real = Double(random.integer(1...Int(Int32.max))) / 2_147_483_648
      for _ in 0..<random.integer(0...30) { real /= 2 }
      // Multipliers of few bits meet exact ties.
      if random.once(in: 2) { real = Double(random.integer(1...64)) / 128 }
      let x = random.integer(-0x7FFF_FFFF...0x7FFF_FFFF) >> random.integer(0...30)
      let expected = (Double(x) * real).rounded(.toNearestOrAwayFromZero)
      let multiplier = try #require(RealMultiplier(real: real))
      #expect(Double(multiplier.applied(to: Int32(x))) == expected, "\(x) x \(real)")
    }
    #expect(try #require(RealMultiplier(real: 0.5)).applied(to: 3) == 2)
    #expect(try #require(RealMultiplier(real: 0.5)).applied(to: -3) == -2)
    #expect(try #require(RealMultiplier(real: 0x1p-40)).applied(to: 1 << 30) == 0)
  }

  @Test("a real number becomes the nearest multiplier")
  func quantizeMultiplier() throws {
    #expect(Multiplier(real: 1) == Multiplier(quantized: 1 << 30, shift: 1))
    #expect(Multiplier(real: 0.5) == Multiplier(quantized: 1 << 30, shift: 0))
    #expect(Multiplier(real: 0) == Multiplier(quantized: 0, shift: 0))
    // Rounding up to the next power of two.
    #expect(Multiplier(real: 1 - 0x1p-40) == Multiplier(quantized: 1 << 30, shift: 1))
    #expect(Multiplier(real: 0x1p-33) == Multiplier(quantized: 0, shift: 0))
    #expect(Multiplier(real: 0x1p-32) == Multiplier(quantized: 1 << 30, shift: -31))
    #expect(Multiplier(real: 0x1p30) == nil)
    #expect(Multiplier(real: -1) == nil)
    #expect(Multiplier(real: .nan) == nil)
    var random = SeededGenerator(seed: 14)
    for _ in 0..<5000 {
      let real = Double(random.scale()) * Double(random.scale()) / Double(random.scale())
      let expected = WideArithmetic.quantize(real)
      let multiplier = try #require(Multiplier(real: real))
      #expect(Int(multiplier.quantized) == expected.quantized && Int(multiplier.shift) == expected.shift)
    }
  }

  @Test("quantising divides and takes ties away from zero")
  func quantizeValues() {
    #expect(quantize(0.5, scale: 1, zeroPoint: 0) == 1)
    #expect(quantize(-0.5, scale: 1, zeroPoint: 0) == -1)
    #expect(quantize(1.5, scale: 1, zeroPoint: 3) == 5)
    #expect(quantize(1e30, scale: 1, zeroPoint: 0) == 127)
    #expect(quantize(-.infinity, scale: 1, zeroPoint: 0) == -128)
    #expect(quantize(.nan, scale: 1, zeroPoint: 5) == 5)
    for byte in 0...255 {
      #expect(quantize(Float(byte) / 255, scale: 1.0 / 255, zeroPoint: -128) == Int8(byte - 128))
    }
  }

  @Test("the exponential stays within two steps of 2^-15 and never rises")
  func exponential() {
    var previous = Int32.max
    for step in 0..<4096 {
      let a = -Int32(step) << 19
      let found = exponentialOfNonPositive(a, integerBits: 5)
      #expect(found <= previous)
      previous = found
    }
    #expect(exponentialOfNonPositive(0, integerBits: 5) == .max)
  }

  @Test("CRC-32C of the check string")
  func checksum() {
    var sum = CRC32C()
    for byte in "123456789".utf8 { sum.update(byte) }
    #expect(sum.value == 0xE306_9283)
    #expect(CRC32C().value == 0)
  }

  @Test(
    "CRC-32C of a run is that of its bytes, and of its parts", arguments: Array(0...100) + [4095, 4096, 4099, 9001])
  func checksumOfRuns(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 ^ $0 >> 2) }
    var (single, whole, parted) = (CRC32C(), CRC32C(), CRC32C())
    for byte in bytes { single.update(byte) }
    whole.update(bytes.span)
    let (head, tail) = (Array(bytes[..<(count / 3)]), Array(bytes[(count / 3)...]))
    parted.update(head.span)
    parted.update(tail.span)
    #expect(whole.value == single.value && parted.value == single.value)
  }

  @Test("SHA-256 of known messages")
  func digest() {
    func text(_ bytes: [UInt8]) -> String { bytes.map { String(Int($0) + 256, radix: 16).dropFirst() }.joined() }
    #expect(
      text(SHA256.digest(Array("abc".utf8))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(text(SHA256.digest([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    let twoBlocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    #expect(
      text(SHA256.digest(Array(twoBlocks.utf8)))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }
}
