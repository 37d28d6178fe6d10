import Foundation
import Quill

/// Which instructions int8 networks run with: the best that this machine has, or those that QUILL_KERNELS names.
enum KernelChoice {
  /// The environment variable that forces a level.
  static let variable = "QUILL_KERNELS"

  /// The level to run with.
  /// - Throws: `UsageError.kernelsUnknown` or `kernelsUnavailable`.
  static func level(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(UsageError) -> KernelLevel {
    guard let name = environment[variable], !name.isEmpty else { return .best }
    guard let level = KernelLevel(named: name) else {
      throw .kernelsUnknown(name, expected: KernelLevel.allCases.map(\.name))
    }
    return try available(level)
  }

  /// The level, where this machine has it.
  static func available(_ level: KernelLevel) throws(UsageError) -> KernelLevel {
    guard level.isAvailable else {
      throw .kernelsUnavailable(level.name, available: KernelLevel.allCases.filter(\.isAvailable).map(\.name))
    }
    return level
  }
}

extension KernelLevel {
  /// The level of a name.
  init?(named name: String) {
    let bytes = Array(name.utf8)
    self.init(named: bytes.span)
  }
}
