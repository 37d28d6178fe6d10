import CQuillFloatKernels
import Dispatch

/// What the machine can do at best in single precision.
package enum PeakRate {
  /// The instruction set that is measured: the one that training uses.
  package static var levelName: String { "\(KernelLevel.best)" }

  /// Floating-point operations a second of several threads at once, in units of 10^9: the best of a few short runs of
  /// nothing but fused multiply-adds (an addition and a product each).
  package static func gigaflops(threadCount: Int) -> Double {
    var best = 0.0
    for _ in 0..<5 { best = max(best, rate(threadCount: threadCount)) }
    return best / 1e9
  }

  private static let roundCount = 1_000_000

  private static func rate(threadCount: Int) -> Double {
    let began = DispatchTime.now().uptimeNanoseconds
    let results = FloatStorage(count: threadCount * 16)
    let workers = Workers(threadCount: threadCount)
    workers.run(threadCount) { threads, _ in
      for thread in threads {
        var work = quill_float_peak(round_count: roundCount, factor: 0.5, result: results.base + thread * 16)
        quill_float_peak(KernelLevel.best.rawLevel, &work)
      }
    }
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
    return Double(results.base[1]) * Double(roundCount * threadCount) / seconds
  }
}

extension NetworkDescription {
  /// The floating-point operations of products that learning from one sample takes: forward, for the weights, and back
  /// to what is not the input.
  public var trainingOperationCount: Int {
    nodes.reduce(0) { sum, node in
      let depth = shape(of: node.inputs[0]).last ?? 1
      let forward: Int
      switch node.layer {
      case .convolution(_, let window, _): forward = node.shape.product * window.height * window.width * depth
      case .dense: forward = node.shape.product * depth
      case .depthwiseConvolution(let window): forward = node.shape.product * window.height * window.width
      case .maxPool, .averagePool, .globalAveragePool, .batchNormalization, .dropout, .activation, .flatten, .add,
        .multiply:
        forward = 0
      }
      return sum + 2 * forward * (readsInput(node) ? 2 : 3)
    }
  }

  /// Whether a layer reads the input, as it is or flattened.
  private func readsInput(_ node: Node) -> Bool {
    let source = node.inputs[0].index
    return source == 0 || (nodes[source - 1].layer == .flatten && nodes[source - 1].inputs[0].index == 0)
  }
}
