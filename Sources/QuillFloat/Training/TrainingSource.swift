/// Samples to learn from or to measure on: labels, and a function that writes a sample's values.
public struct TrainingSource: Sendable {
  /// The label of a sample that is of no class: the network learns that all are equally likely (Hendrycks, Mazeika and
  /// Dietterich 2019, "Deep Anomaly Detection with Outlier Exposure").
  public static let noClass = -1

  /// The class of each sample, or `noClass`.
  public let labels: [Int]

  /// Writes a sample's values, as many as the network's input holds. The epoch, counted from 0, lets augmentation
  /// differ from epoch to epoch; it is `nil` where a sample is measured and must stay as it is.
  public let write: @Sendable (_ sample: Int, _ epoch: Int?, _ target: inout MutableSpan<Float>) -> Void

  /// Samples by a function, which several threads call at once.
  public init(
    labels: [Int], write: @escaping @Sendable (_ sample: Int, _ epoch: Int?, _ target: inout MutableSpan<Float>) -> Void
  ) {
    self.labels = labels
    self.write = write
  }

  /// Samples of `size` bytes each, one after another, scaled from 0...255 to 0...1.
  public init(bytes: [UInt8], size: Int, labels: [Int]) {
    precondition(bytes.count == size * labels.count, "\(bytes.count) bytes for \(labels.count) samples of \(size)")
    self.init(labels: labels) { sample, _, target in
      for index in 0..<size { target[index] = Float(bytes[sample * size + index]) / 255 }
    }
  }

  /// Samples of `size` values each, one after another.
  public init(values: [Float], size: Int, labels: [Int]) {
    precondition(values.count == size * labels.count, "\(values.count) values for \(labels.count) samples of \(size)")
    self.init(labels: labels) { sample, _, target in
      for index in 0..<size { target[index] = values[sample * size + index] }
    }
  }

  /// The samples at some positions.
  public func subset(_ samples: [Int]) -> TrainingSource {
    let write = write
    return TrainingSource(labels: samples.map { labels[$0] }) { sample, epoch, target in
      write(samples[sample], epoch, &target)
    }
  }
}
