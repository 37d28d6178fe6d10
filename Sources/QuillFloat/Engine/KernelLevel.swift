import CQuillFloatKernels

/// The instruction set that the float products run on. All levels give the same bits.
package enum KernelLevel: Sendable, CaseIterable {
  /// C, with `fmaf` for each step.
  case plain

  /// aarch64's vectors.
  case neon

  /// 256-bit vectors with fused multiply-add.
  case avx2

  /// 512-bit vectors.
  case avx512

  /// The fastest level of this machine.
  package static let best = fastestAvailable()

  /// Whether this machine can run the level.
  package var isAvailable: Bool { quill_float_level_is_available(rawLevel) }

  /// The level as the C kernels name it.
  var rawLevel: quill_float_level {
    switch self {
    case .plain: QUILL_FLOAT_PLAIN
    case .neon: QUILL_FLOAT_NEON
    case .avx2: QUILL_FLOAT_AVX2
    case .avx512: QUILL_FLOAT_AVX512
    }
  }

  private static func fastestAvailable() -> KernelLevel {
    let raw = quill_float_best_level()
    return allCases.first { $0.rawLevel == raw } ?? .plain
  }
}
