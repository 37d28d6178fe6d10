import Quill
import QuillCamera

/// Which instructions networks run with: the best that this machine has, or those that QUILL_KERNELS names.
enum KernelChoice {
  static func level() throws(ProgramError) -> KernelLevel {
    guard let name = Environment.value(of: "QUILL_KERNELS"), !name.isEmpty else { return .best }
    guard let level = KernelLevel(named: name.span) else { throw .kernelsUnknown(name) }
    guard level.isAvailable else { throw .kernelsUnavailable(name) }
    return level
  }
}
