import Foundation

/// What a measurement ran on.
struct Machine: Encodable {
  /// The processor's name, as the system gives it.
  let processor: String

  /// The processors that may be used.
  let processorCount: Int

  let architecture: String

  /// The operating system's kernel and its release.
  let system: String

  /// This machine.
  static func current() -> Machine {
    let facts = SystemFacts.read()
    let cpus = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    return Machine(
      processor: processorName(cpus) ?? "unnamed processor",
      processorCount: ProcessInfo.processInfo.activeProcessorCount, architecture: facts.architecture,
      system: facts.system)
  }

  /// The most memory that this process has held, by the kernel's VmHWM, which counts units of 1,024 bytes; 0 where it
  /// does not tell. Not `ru_maxrss`: that begins with what the parent held.
  static func peakResidentBytes() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
  }

  /// The name in the text of /proc/cpuinfo: x86 says `model name`, ARM boards `Model`, or `Hardware` and the core's part.
  static func processorName(_ cpus: String) -> String? {
    var fields: [String: String] = [:]
    for line in cpus.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      if parts.count == 2, !parts[1].isEmpty { fields[parts[0], default: parts[1]] = parts[1] }
    }
    let part = fields["CPU part"].map { "CPU part \($0)" }
    let named = fields["model name"] ?? fields["Model"] ?? fields["Hardware"]
    guard let named else { return part }
    return fields["model name"] == nil ? [named, part].compactMap(\.self).joined(separator: ", ") : named
  }
}

/// What uname(2) says.
private struct SystemFacts {
  let architecture: String
  let system: String

  static func read() -> SystemFacts {
    var names = utsname()
    guard uname(&names) == 0 else { return SystemFacts(architecture: "unknown", system: "unknown") }
    return SystemFacts(
      architecture: text(of: names.machine), system: "\(text(of: names.sysname)) \(text(of: names.release))")
  }

  /// The characters of a C array up to its first zero.
  private static func text<Characters>(of characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
