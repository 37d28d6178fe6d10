import QuillData
import QuillFloat
import QuillReport

/// What a float network and the int8 file that was made from it are compared on.
struct ComparedSamples: Sendable {
  let count: Int

  /// The right class of each sample, where it is known.
  private let labels: [Int]?
  private let inputs: @Sendable (Int) -> [FloatTensor]

  /// Labelled images, in the network's size and channels.
  /// - Throws: `notAnImageNetwork`.
  init(_ images: LabelledImages, inputRange: InputRange?, for network: FloatNetwork) throws(ToolError) {
    let shape = network.facts.inputTensors[0].shape
    guard let layout = ImageLayout(shape: shape) else {
      throw ToolError.notAnImageNetwork(path: network.facts.path, shape: shape)
    }
    let table = (inputRange ?? network.statedRange ?? .unit).table
    (count, labels) = (images.count, images.labels)
    inputs = { [layout.input(images.image($0), shape: shape, table: table)] }
  }

  /// `.npy` files of the network's own inputs, comma-separated, and one of the right classes.
  ///
  /// - Parameter limit: how many samples to take at most.
  /// - Throws: `UsageError`, `DataError`, or `ToolError` with the file that does not fit.
  init(arrays: String, targets: String?, limit: Int?, for network: FloatNetwork) throws {
    let batch = try ArrayBatch(paths: arrays.split(separator: ",").map(String.init), for: network.facts)
    let values = try batch.floats()
    count = min(limit ?? batch.count, batch.count)
    inputs = { network.tensors(values, sample: $0) }
    labels = try targets.map { path in
      let labels = try NumpyFile.read(path).classNumbers(path: path)
      guard labels.count == batch.count else {
        throw ToolError.inputBatch(path: path, found: labels.count, otherPath: batch.paths[0], expected: batch.count)
      }
      return labels
    }
  }

  /// Runs both networks on every sample.
  ///
  /// - Parameter path: the int8 file, for errors.
  func drift(
    from float: FloatNetwork, to quantized: QuantizedNetwork, path: String,
    threadCount: Int = Parallel.threadCount, progress: ProgressBar
  ) throws(ToolError) -> DriftReport {
    do throws(DriftError) {
      return try Drift(float.program.graph, quantized.shared).measure(
        count: count, labels: labels, threadCount: threadCount, level: quantized.level, inputs: inputs,
        progress: { progress.advance() })
    } catch {
      throw ToolError.drift(path: path, error)
    }
  }
}
