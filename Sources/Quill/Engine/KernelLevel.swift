import CQuillKernels

/// The instructions that an engine's inner loops are written for. Every level gives the same bytes.
public enum KernelLevel: Int32, Sendable, CaseIterable {
  /// Plain Swift, on every processor: the reference.
  case plain = 0
  /// 128-bit vectors of any processor.
  case simd128 = 1
  /// ARM NEON (Cortex-A7, A53, A72).
  case neon = 2
  /// ARM NEON with dot products (Cortex-A55, A76).
  case neonDot = 3
  /// x86-64 AVX2.
  case avx2 = 4
  /// x86-64 AVX-512 with VNNI.
  case avx512VNNI = 5

  /// The best level of this processor and this build.
  public static var best: KernelLevel {
    KernelLevel(rawValue: quill_best_level(quill_hardware_capabilities())) ?? .plain
  }

  /// Whether this processor and this build have the level.
  public var isAvailable: Bool {
    if self == .plain { return true }
    return unsafe quill_kernel_table(rawValue, quill_hardware_capabilities()) != nil
  }

  /// The level of a name in UTF-8, which is compared byte by byte: a `String` costs a board's program too much.
  public init?(named bytes: Span<UInt8>) {
    for level in KernelLevel.allCases where level.isNamed(bytes) {
      self = level
      return
    }
    return nil
  }

  private func isNamed(_ bytes: Span<UInt8>) -> Bool {
    guard let name = unsafe quill_level_name(rawValue) else { return false }
    // The name ends in a zero, which no byte before it is.
    for index in 0..<bytes.count {
      let letter = unsafe UInt8(bitPattern: name[index])
      if letter == 0 || letter != bytes[index] { return false }
    }
    return unsafe name[bytes.count] == 0
  }

  /// The level's name, as the variable QUILL_KERNELS gives it.
  public var name: String { word.description }

  /// The same without a `String`, for the board's program.
  package var word: StaticString {
    switch self {
    case .plain: "plain"
    case .simd128: "simd128"
    case .neon: "neon"
    case .neonDot: "neon-dot"
    case .avx2: "avx2"
    case .avx512VNNI: "avx512vnni"
    }
  }
}
