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

extension TrainableNetwork {
  /// The floating-point operations of products that learning from one sample takes: forward, for the weights of what
  /// learns, and back to what something that learns comes before.
  public var trainingOperationCount: Int {
    description.nodes.enumerated().reduce(0) { sum, element in
      let (index, node) = element
      let passes = 1 + (frozen.contains(index) ? 0 : 1) + (learns[node.inputs[0].index] ? 1 : 0)
      return sum + 2 * passes * description.productCount(of: node)
    }
  }
}

extension NetworkDescription {
  /// The products that a layer's result takes.
  fileprivate func productCount(of node: Node) -> Int {
    let depth = shape(of: node.inputs[0]).last ?? 1
    switch node.layer {
    case .convolution(_, let window, _): return node.shape.product * window.height * window.width * depth
    case .dense: return node.shape.product * depth
    case .depthwiseConvolution(let window): return node.shape.product * window.height * window.width
    case .maxPool, .averagePool, .globalAveragePool, .batchNormalization, .dropout, .activation, .flatten, .add,
      .multiply:
      return 0
    }
  }
}
