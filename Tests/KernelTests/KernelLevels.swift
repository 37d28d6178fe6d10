import CQuillKernels
import Testing

/// The kernel levels that this processor has, level 0 apart.
enum KernelLevels {
  static let capabilities = quill_hardware_capabilities()

  static var present: [quill_kernel_table] {
    (1..<Int32(QUILL_LEVEL_COUNT.rawValue)).compactMap {
      quill_kernel_table($0, capabilities)?.pointee
    }
  }

  static func name(_ table: quill_kernel_table) -> String { String(cString: table.name) }
}

/// Memory of a known alignment, as the engine's arena and a model's file have it, with 64 readable bytes after the last.
final class AlignedMemory<Element: BitwiseCopyable> {
  let pointer: UnsafeMutablePointer<Element>
  let count: Int

  init(_ values: [Element], filler: Element) {
    count = values.count
    let padded = count + 64 / MemoryLayout<Element>.stride
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: padded * MemoryLayout<Element>.stride, alignment: 64)
    pointer = raw.bindMemory(to: Element.self, capacity: padded)
    pointer.initialize(repeating: filler, count: padded)
    for (index, value) in values.enumerated() { pointer[index] = value }
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// The values and the 64 bytes after them, which a kernel must not write.
  var all: [Element] {
    Array(UnsafeBufferPointer(start: pointer, count: count + 64 / MemoryLayout<Element>.stride))
  }
}

/// The first place where a kernel's result is not what level 0 gives, as text; nil where there is none.
func difference<Element: Equatable>(_ found: [Element], _ expected: [Element]) -> String? {
  guard found.count == expected.count else {
    return "\(found.count) values, expected \(expected.count)"
  }
  for index in found.indices where found[index] != expected[index] {
    return "value \(index) is \(found[index]), expected \(expected[index])"
  }
  return nil
}

@Suite struct KernelLevelTests {
  @Test func levelsHaveNamesThatTheirTablesBear() {
    #expect(String(cString: quill_level_name(0)!) == "plain")
    for table in KernelLevels.present {
      #expect(quill_level_name(table.level).map { String(cString: $0) } == KernelLevels.name(table))
    }
    #expect(quill_level_name(99) == nil)
    #expect(quill_level_name(-1) == nil)
  }

  @Test func levelZeroAndForeignNumbersHaveNoTable() {
    #expect(quill_kernel_table(0, KernelLevels.capabilities) == nil)
    #expect(quill_kernel_table(-1, KernelLevels.capabilities) == nil)
    #expect(quill_kernel_table(Int32(QUILL_LEVEL_COUNT.rawValue), KernelLevels.capabilities) == nil)
  }

  @Test func theBestLevelIsTheLastThatThereIs() {
    #expect(quill_best_level(KernelLevels.capabilities) == KernelLevels.present.last?.level ?? 0)
  }

  #if arch(x86_64)
    @Test func everyX86ProcessorHas128BitVectors() {
      #expect(KernelLevels.present.first?.level == Int32(QUILL_LEVEL_SIMD128.rawValue))
    }
  #endif

  /// Not a check: says on the console which levels the suites of this run held against level 0.
  @Test func namesTheLevelsThatWereMeasured() {
    for level in 1..<Int32(QUILL_LEVEL_COUNT.rawValue) {
      let measured = quill_kernel_table(level, KernelLevels.capabilities) != nil
      print(
        "kernels \(String(cString: quill_level_name(level)!)): \(measured ? "measured" : "not measured")"
      )
    }
  }
}
