import Foundation
import QuillFloat

/// How fast a run learnt, against what the machine can do, and the most memory that the process held.
struct TrainSpeed {
  /// Floating-point operations a second, in units of 10^9: of the products, forward and back.
  private let gigaflops: Double

  /// The most that the same threads do with nothing but fused multiply-adds, measured now.
  private let peak: Double

  private let seconds: Double
  private let imageCount: Int

  /// `nil` where nothing was learnt.
  init?(_ progress: TrainProgress, _ network: TrainableNetwork) {
    guard progress.learningSeconds > 0 else { return nil }
    (seconds, imageCount) = (progress.learningSeconds, progress.learntCount)
    let operations = Double(network.trainingOperationCount) * Double(progress.learntCount)
    gigaflops = operations / progress.learningSeconds / 1e9
    peak = PeakRate.gigaflops(threadCount: Parallel.threadCount)
  }

  /// One line.
  var text: String {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let images = Int(Double(imageCount) / seconds)
    return "learnt at \(images) images/s: \(TrainProgress.number(gigaflops, 1)) GFLOP/s, "
      + "\(TrainProgress.number(gigaflops / peak * 100, 0)) % of the \(TrainProgress.number(peak, 0)) that "
      + "\(Plural.of(Parallel.threadCount, "thread")) can do (\(PeakRate.levelName)); "
      + "at most \(Int(usage.ru_maxrss) >> 10) MB of memory"
  }
}

/// Counts in words.
enum Plural {
  /// "1 epoch", "2 epochs".
  static func of(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    count == 1 ? "1 \(one)" : "\(count) \(many ?? one + "s")"
  }
}
