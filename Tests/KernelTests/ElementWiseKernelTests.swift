import CQuillKernels
import Quill
import TestSupport
import Testing

@Suite struct ElementWiseKernelTests {
  @Test(arguments: [false, true])
  func additionEqualsPlainSwift(subtracts: Bool) {
    for seed in 1...1000 {
      var random = SeededGenerator(seed: seed)
      var addition = Addition()
      addition.first = Multiplier(
        quantized: random.quantizedMultiplier(), shift: Int32(random.integer(-31...0)))
      addition.second = Multiplier(
        quantized: random.quantizedMultiplier(), shift: Int32(random.integer(-4...0)))
      addition.sum = Multiplier(
        quantized: random.quantizedMultiplier(), shift: Int32(random.integer(-31...0)))
      addition.range = .random(&random)
      let count = random.integer(1...200)
      let zeroPoints = (0..<3).map { _ in Int32(random.integer(-128...127)) }
      let left = random.activations(count)
      let right = random.activations(count)
      let expected = (0..<count).map {
        addition.value(
          Int32(left[$0]) - zeroPoints[0], Int32(right[$0]) - zeroPoints[1], subtracts: subtracts,
          outputZeroPoint: zeroPoints[2])
      }
      for kernels in KernelLevels.present {
        let first = AlignedMemory(left, filler: 77)
        let second = AlignedMemory(right, filler: 77)
        var parameters = quill_add(
          left: UnsafePointer(first.pointer),
          right: UnsafePointer(second.pointer),
          output: first.pointer,
          count: count,
          leftZeroPoint: zeroPoints[0],
          rightZeroPoint: zeroPoints[1],
          leftScale: quill_scale(multiplier: addition.first.quantized, shift: addition.first.shift),
          rightScale: quill_scale(
            multiplier: addition.second.quantized, shift: addition.second.shift),
          outputScale: quill_scale(multiplier: addition.sum.quantized, shift: addition.sum.shift),
          subtract: subtracts ? 1 : 0,
          range: quill_output_range(
            zeroPoint: zeroPoints[2], minimum: addition.range.minimum,
            maximum: addition.range.maximum))

        kernels.add(&parameters)
        #expect(
          difference(first.all, expected + [Int8](repeating: 77, count: 64)) == nil,
          "seed \(seed), level \(KernelLevels.name(kernels)): \(addition)")
      }
    }
  }

  @Test func requantisingEqualsPlainSwift() {
    for seed in 1...1000 {
      var random = SeededGenerator(seed: seed)
      let multiplier = Multiplier(
        quantized: random.quantizedMultiplier(), shift: Int32(random.integer(-31...22)))
      let range = OutputRange.random(&random)
      let zeroPoints = (0..<2).map { _ in Int32(random.integer(-128...127)) }
      let values = random.activations(random.integer(1...200))
      let expected = values.map {
        // In 64 bits: a large multiplier brings the sum past 32.
        let scaled = Int(multiplier.applied(to: Int32($0) - zeroPoints[0])) + Int(zeroPoints[1])
        return range.clamp(Int32(clamping: scaled))
      }
      for kernels in KernelLevels.present {
        let memory = AlignedMemory(values, filler: 77)
        var parameters = quill_requantise(
          input: UnsafePointer(memory.pointer),
          output: memory.pointer,
          count: values.count,
          inputZeroPoint: zeroPoints[0],
          scale: quill_scale(multiplier: multiplier.quantized, shift: multiplier.shift),
          range: quill_output_range(
            zeroPoint: zeroPoints[1], minimum: range.minimum, maximum: range.maximum))

        kernels.requantise(&parameters)
        #expect(
          difference(memory.all, expected + [Int8](repeating: 77, count: 64)) == nil,
          "seed \(seed), level \(KernelLevels.name(kernels)): \(multiplier)")
      }
    }
  }

  @Test func channelSumsEqualPlainSums() {
    for seed in 1...100 {
      var random = SeededGenerator(seed: seed)
      let image = RandomImage(
        height: random.integer(1...8), width: random.integer(1...8),
        channels: random.integer(1...90),
        halo: (0, 0, 0, 0), &random)
      let record = image.record
      var expected = [Int32](repeating: 0, count: Int(record.channels))
      for row in 0..<Int(record.height) {
        for index in 0..<record.rowByteCount {
          expected[index % Int(record.channels)] += Int32(
            image.values[row * Int(record.rowPitch) + index])
        }
      }
      for kernels in KernelLevels.present {
        let memory = AlignedMemory(image.values, filler: 77)
        let sums = AlignedMemory([Int32](repeating: 0, count: expected.count), filler: 7)
        var parameters = quill_channel_sums(
          input: UnsafePointer(memory.pointer),
          sums: sums.pointer,
          inputRowPitch: Int(record.rowPitch),
          inputPixelPitch: Int(record.channels),
          inputHeight: Int32(record.height),
          inputWidth: Int32(record.width),
          channels: Int32(record.channels))

        kernels.channelSums(&parameters)
        #expect(
          difference(sums.all, expected + [Int32](repeating: 7, count: 16)) == nil,
          "seed \(seed), level \(KernelLevels.name(kernels))")
      }
    }
  }
}
