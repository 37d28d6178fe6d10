import QuillData
import QuillFloat

/// The inputs that calibration runs a float network on.
struct CalibrationSamples: Sendable {
  private enum Source: Sendable {
    case images(LabelledImages, ImageLayout, InputRange, table: [Float])
    case arrays([[Float]], FloatNetwork)
  }

  /// The number of samples.
  let count: Int
  private var source: Source

  /// Of the network's first input, the only one where images are given.
  private let shape: [Int]

  /// Draws samples from data, or takes the first ones of `.npy` files (comma-separated, one an input).
  ///
  /// - Throws: `DataError`, `ToolError` or `UsageError` where the data does not fit the network.
  init(
    _ data: String, for network: FloatNetwork, split: DataSource.Split, count: Int, seed: UInt64,
    inputRange: InputRange?
  ) throws {
    shape = network.facts.inputTensors.first?.shape ?? []
    if data.hasSuffix(".npy") {
      let batch = try ArrayBatch(paths: data.split(separator: ",").map(String.init), for: network.facts)
      source = .arrays(try batch.floats(), network)
      self.count = min(count, batch.count)
      return
    }
    let classifier = try ImageClassifier(.float(network), inputRange: inputRange)
    let origin = try DataSource(argument: data)
    // Drawn digits are independent of each other: the first ones are as good a sample as any, and drawing takes time.
    let limit: Int? = if case .synthetic(nil) = origin { count } else { nil }
    let images = try LabelledData.loadLeniently(
      origin, named: data, split: split, limit: limit, for: classifier
    ).sample(count: count, seed: seed)
    let range = inputRange ?? network.statedRange ?? .unit
    source = .images(images, classifier.layout, range, table: range.table)
    self.count = images.count
  }

  /// The labelled images that are drawn; `nil` for arrays.
  var images: LabelledImages? {
    if case .images(let images, _, _, _) = source { images } else { nil }
  }

  /// What pixels 0 and 255 stand for; `nil` for arrays, which are what the network takes. Images follow a new one.
  var inputRange: InputRange? {
    get { if case .images(_, _, let range, _) = source { range } else { nil } }
    set {
      guard let newValue, case .images(let images, let layout, _, _) = source else { return }
      source = .images(images, layout, newValue, table: newValue.table)
    }
  }

  /// The network's inputs for a sample.
  @Sendable func inputs(_ sample: Int) -> [FloatTensor] {
    switch source {
    case .images(let images, let layout, _, let table):
      [layout.input(images.image(sample), shape: shape, table: table)]
    case .arrays(let arrays, let network): network.tensors(arrays, sample: sample)
    }
  }

  /// The data's class names, where there is one for each of the file's answers.
  func classNames(count: Int, of facts: NetworkFacts) -> [String] {
    guard case .images(let images, _, _, _) = source, facts.outputs.count == 1,
      images.classNames.count > 1, images.classNames.count == count
    else { return [] }
    return images.classNames
  }
}
