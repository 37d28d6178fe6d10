import CVideo4Linux
import Quill
import QuillCamera

/// What is known of the machine that could be in a network's way.
package struct MachineFacts: Equatable, Sendable {
  /// The board as its device tree names it; empty where there is none.
  package var board: [UInt8] = []
  /// The machine as the kernel names it: aarch64, armv7l, x86_64.
  package var kernel: [UInt8] = []
  package var level = KernelLevel.plain
  package var pointerBits = 64
  /// The firmware's flags (`vcgencmd get_throttled`), nil where the system does not say.
  package var throttled: UInt32?
  /// Thousandths of a degree Celsius, nil where the system does not say.
  package var temperature: UInt32?

  /// Facts by their values.
  package init() {}

  /// Reads them from the system.
  static func read() -> MachineFacts {
    var facts = MachineFacts()
    facts.board = text("/proc/device-tree/model").filter { $0 != 0 }
    var name = [UInt8](repeating: 0, count: 64)
    // The call writes at most the capacity it is given.
    let count = unsafe name.withUnsafeMutableBufferPointer { unsafe quill_machine($0.baseAddress, $0.count) }
    facts.kernel = Array(name[..<count])
    facts.level = .best
    facts.pointerBits = Int.bitWidth
    facts.throttled = hexadecimal(text("/sys/devices/platform/soc/soc:firmware/get_throttled"))
    facts.temperature = text("/sys/class/thermal/thermal_zone0/temp").decimalNumber
    return facts
  }

  /// A small file without the line feed at its end; empty where there is none.
  private static func text(_ path: StaticString) -> [UInt8] {
    do throws(FileReadError) {
      let bytes = try WholeFile.read(SystemPath([]).appending(path), limit: 4_096)
      return bytes.last == 0x0A ? Array(bytes.dropLast()) : bytes
    } catch {
      return []
    }
  }

  private static func hexadecimal(_ text: [UInt8]) -> UInt32? {
    if text.isEmpty || text.count > 8 { return nil }
    var number: UInt32 = 0
    for byte in text {
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x61...0x66: digit = byte - 0x57
      case 0x41...0x46: digit = byte - 0x37
      default: return nil
      }
      number = number << 4 | UInt32(digit)
    }
    return number
  }
}

extension MachineFacts {
  /// What there is to say about the machine.
  package var findings: [DoctorFinding] {
    var found: [DoctorFinding] = []
    var machine: Sentence = "machine: "
    if !board.isEmpty { machine.append("\(board), " as Sentence) }
    machine.append("\(kernel), a program of \(pointerBits) bits, kernels \(level.word)" as Sentence)
    found.append(DoctorFinding(weight: .good, what: machine))
    if pointerBits == 32 && (kernel.isText("aarch64") || kernel.isText("armv8l") || boardHas64Bits) {
      found.append(
        DoctorFinding(
          weight: .hint, what: "a 32-bit program on a 64-bit processor is slower than it must be",
          mend: "install the 64-bit Raspberry Pi OS and build with Tools/build-board aarch64"))
    }
    if level == .neon && pointerBits == 64 {
      found.append(
        DoctorFinding(
          weight: .hint,
          what: "this processor has no dot product instructions (a Pi 5 has them); the answers are the same, later"))
    }
    if let throttled, throttled & 0xF != 0 {
      found.append(Self.throttling(throttled))
    } else if let throttled, throttled >> 16 & 0xF != 0 {
      found.append(
        DoctorFinding(
          weight: .hint, what: "the firmware slowed the processor since it was switched on (flags \(throttled))",
          mend: "vcgencmd get_throttled tells why: a stronger power supply, or a heat sink"))
    }
    if let temperature, temperature >= 80_000 {
      found.append(
        DoctorFinding(
          weight: .hint, what: "the processor is at \(temperature / 1_000) degrees and slows itself down",
          mend: "a heat sink or a fan; or ask for fewer frames with --fps"))
    }
    return found
  }

  /// Whether the board's processor has 64 bits, even where its system has 32: Raspberry Pi 3 to 5 and Zero 2.
  private var boardHas64Bits: Bool {
    for family: StaticString in ["Raspberry Pi ", "Raspberry Pi Compute Module "] {
      let length = family.utf8CodeUnitCount
      if board.count > length, (0x33...0x35).contains(board[length]), Array(board[..<length]).isText(family) {
        return true
      }
    }
    let zero: StaticString = "Raspberry Pi Zero 2"
    return Array(board.prefix(zero.utf8CodeUnitCount)).isText(zero)
  }

  /// The flags of the moment, by the Raspberry Pi documentation of get_throttled.
  private static func throttling(_ flags: UInt32) -> DoctorFinding {
    if flags & 1 != 0 {
      return DoctorFinding(
        weight: .hint, what: "the supply voltage is too low, so the processor runs slowly",
        mend: "use the board's own power supply and a short, thick cable")
    }
    return DoctorFinding(
      weight: .hint, what: "the processor is hot and runs slowly (flags \(flags))", mend: "a heat sink or a fan")
  }
}
