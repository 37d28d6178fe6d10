import Foundation
import Quill

/// A network that is measured with one level's kernels, on one thread.
final class Contender {
  /// The file as the user named it.
  let network: QuantizedNetwork
  let level: KernelLevel

  /// Inferences between two looks at the clock, so that the looks cost less than one part in two hundred.
  private(set) var inferencesPerSample = 1

  /// Nanoseconds of one inference, one entry a sample.
  private(set) var samples: [Double] = []

  private var engine: Engine
  private let inputs: [[Int8]]
  private var outputs: [[Int8]]

  private static let shortestSampleNanoseconds = 10_000.0
  private static let warmUpSeconds = 0.1
  private static let mostSamples = 2_000_000

  init(_ network: QuantizedNetwork, level: KernelLevel) {
    self.network = network
    self.level = level
    engine = Engine(for: network.model, level: level)
    let facts = network.facts
    inputs = facts.inputTensors.enumerated().map { index, tensor in Self.input(tensor.count, index: index) }
    outputs = facts.outputTensors.map { [Int8](repeating: 0, count: $0.count) }
  }

  /// Every int8 value in an order without pattern (a multiplicative congruence modulo 2^32).
  private static func input(_ count: Int, index: Int) -> [Int8] {
    var state = UInt32(truncatingIfNeeded: index + 1)
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int8(truncatingIfNeeded: state >> 24)
    }
  }

  /// Runs until caches and clock frequency have settled, and chooses how many inferences make a sample.
  func warmUp() {
    let start = Clock.nanoseconds()
    var count = 0
    repeat {
      infer(1)
      count += 1
    } while Double(Clock.nanoseconds() - start) < Self.warmUpSeconds * 1e9
    let each = max(1, Double(Clock.nanoseconds() - start) / Double(count))
    inferencesPerSample = max(1, Int((Self.shortestSampleNanoseconds / each).rounded(.up)))
  }

  /// Takes samples for some time; at least one.
  func measure(seconds: Double) {
    let end = Clock.nanoseconds() + UInt64(seconds * 1e9)
    var now = Clock.nanoseconds()
    repeat {
      infer(inferencesPerSample)
      let after = Clock.nanoseconds()
      samples.append(Double(after - now) / Double(inferencesPerSample))
      now = after
    } while now < end && samples.count < Self.mostSamples
  }

  /// Median nanoseconds of each operator, run by itself, over as many passes as fit in the time; at least three.
  func stepTimes(seconds: Double) -> [Double] {
    let count = network.model.operatorCount
    let cost = Clock.cost()
    var times = [[Double]](repeating: [], count: count)
    let end = Clock.nanoseconds() + UInt64(seconds * 1e9)
    var passes = 0
    repeat {
      for (index, values) in inputs.enumerated() { engine.setInput(values.span, at: index, of: network.model) }
      for index in 0..<count {
        let before = Clock.nanoseconds()
        engine.step(network.model, operator: index)
        times[index].append(max(0, Double(Clock.nanoseconds() - before) - cost))
      }
      passes += 1
    } while (Clock.nanoseconds() < end || passes < 3) && passes < Self.mostSamples / max(count, 1)
    return times.map { Timing($0).median }
  }

  /// The outputs of one inference.
  func answer() -> [[Int8]] {
    infer(1)
    return outputs
  }

  /// Input in, every operator, output out.
  private func infer(_ count: Int) {
    Self.infer(count, &engine, network.model, inputs, &outputs)
  }

  private static func infer(
    _ count: Int, _ engine: inout Engine, _ model: borrowing Model, _ inputs: [[Int8]], _ outputs: inout [[Int8]]
  ) {
    for _ in 0..<count {
      for (index, values) in inputs.enumerated() { engine.setInput(values.span, at: index, of: model) }
      engine.run(model)
      for index in outputs.indices {
        var span = outputs[index].mutableSpan
        engine.copyTensor(model.outputTensor(index), of: model, into: &span)
      }
    }
  }
}

/// The system's steady clock.
enum Clock {
  /// Nanoseconds since some moment (CLOCK_MONOTONIC).
  static func nanoseconds() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }

  /// The nanoseconds between two looks with nothing between them.
  static func cost() -> Double {
    Timing(
      (0..<1001).map { _ in
        let before = nanoseconds()
        return Double(nanoseconds() - before)
      }
    ).median
  }
}

/// How long something took, over many samples, in the samples' unit.
struct Timing: Encodable {
  let median: Double
  let p10: Double
  let p99: Double

  /// The sample at a share of the sorted samples, rounded to nearest; zeros where there are none.
  init(_ samples: [Double]) {
    let sorted = samples.sorted()
    func at(_ share: Double) -> Double {
      sorted.isEmpty ? 0 : sorted[Int((Double(sorted.count - 1) * share).rounded())]
    }
    median = at(0.5)
    p10 = at(0.1)
    p99 = at(0.99)
  }
}
