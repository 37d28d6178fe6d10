import Foundation

/// The number of cases of a random test: `QUILL_FUZZ_CASES` raises it.
package func fuzzCases(_ usual: Int) -> Int {
  max(usual, ProcessInfo.processInfo.environment["QUILL_FUZZ_CASES"].flatMap { Int($0) } ?? 0)
}
