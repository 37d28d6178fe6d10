import CQuillKernels
import Quill
import TestSupport
import Testing

/// A random pool.
private struct PoolCase {
  var pool = Pool()
  var input: RandomImage
  var output: TensorRecord

  init(seed: Int) {
    var random = SeededGenerator(seed: seed)
    input = RandomImage(
      height: random.integer(1...10), width: random.integer(1...10),
      channels: random.once(in: 2) ? random.integer(1...40) : random.integer(60...200),
      halo: (0, 0, 0, 0), &random)
    let height = Int(input.record.height)
    let width = Int(input.record.width)
    pool.windowHeight = UInt16(random.integer(1...height))
    pool.windowWidth = UInt16(random.integer(1...width))
    pool.strideHeight = UInt16(random.integer(1...3))
    pool.strideWidth = UInt16(random.integer(1...3))
    pool.padTop = UInt16(random.integer(0...Int(pool.windowHeight) - 1))
    pool.padLeft = UInt16(random.integer(0...Int(pool.windowWidth) - 1))
    pool.range = .random(&random)
    output = TensorRecord(
      height: (height - 1 + Int(pool.padTop)) / Int(pool.strideHeight) + 1,
      width: (width - 1 + Int(pool.padLeft)) / Int(pool.strideWidth) + 1,
      channels: Int(input.record.channels),
      rank: 4, scaleBits: 0x3F80_0000, zeroPoint: input.record.zeroPoint)
  }

  func expected(average: Bool) -> [Int8] {
    var result = [Int8](repeating: 0, count: output.count)
    var span = result.mutableSpan
    let layouts = (ImageLayout(input.record), ImageLayout(output))
    if average {
      AveragePool2D.run(
        pool, inputLayout: layouts.0, outputLayout: layouts.1, input: input.values.span,
        output: &span)
    } else {
      MaxPool2D.run(
        pool, inputLayout: layouts.0, outputLayout: layouts.1, input: input.values.span,
        output: &span)
    }
    return result
  }

  func found(_ kernel: (UnsafePointer<quill_pool>) -> Void) -> [Int8] {
    let arena = AlignedMemory(input.values, filler: 77)
    let result = AlignedMemory([Int8](repeating: 0, count: output.count), filler: 55)
    var parameters = quill_pool(
      input: UnsafePointer(arena.pointer),
      output: result.pointer,
      inputRowPitch: Int(input.record.rowPitch),
      outputRowPitch: Int(output.rowPitch),
      inputHeight: Int32(input.record.height),
      inputWidth: Int32(input.record.width),
      channels: Int32(input.record.channels),
      outputHeight: Int32(output.height),
      outputWidth: Int32(output.width),
      windowHeight: Int32(pool.windowHeight),
      windowWidth: Int32(pool.windowWidth),
      strideY: Int32(pool.strideHeight),
      strideX: Int32(pool.strideWidth),
      padTop: Int32(pool.padTop),
      padLeft: Int32(pool.padLeft),
      minimum: pool.range.minimum,
      maximum: pool.range.maximum)

    kernel(&parameters)
    return result.all
  }
}

@Suite struct PoolKernelTests {
  @Test(arguments: [false, true])
  func everyLevelEqualsPlainSwiftOnRandomShapes(average: Bool) {
    for seed in 1...1000 {
      let drawn = PoolCase(seed: seed)
      let expected = drawn.expected(average: average) + [Int8](repeating: 55, count: 64)
      for kernels in KernelLevels.present {
        let found = drawn.found { average ? kernels.averagePool($0) : kernels.maxPool($0) }
        #expect(
          difference(found, expected) == nil,
          "seed \(seed), level \(KernelLevels.name(kernels)): \(drawn.pool)")
      }
    }
  }
}
