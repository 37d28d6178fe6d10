import QuillConverter
import QuillData
import QuillFloat

/// What a run begins with: fresh weights of a network in words, or a trained network that goes on learning.
struct TrainStart {
  static let from = Option(
    "--from", "MODEL", .input,
    help: "go on from a trained float network (.onnx, .h5, .keras, .tflite) in place of\n"
      + "--network; where the data has other classes, the last layer begins anew")
  static let freeze = Option(
    "--freeze", "LAYERS", .text,
    help: "with --from: layers that keep their weights: names with commas between,\n"
      + "or the number of layers with weights, from the first")
  static let prune = Option(
    "--prune", "SHARE", .number(0...0.95),
    help:
      "with --from: take out this share of all channels, those that change the\nloss least, and learn on with the rest"
  )
  static let quantizationAware = Flag(
    "--quantization-aware",
    help: "round weights and values on the way forward as int8 does; the file then\n"
      + "tells convert the ranges that were learnt")

  /// The trained network as its file has it; `nil` where weights are fresh.
  private let trained: TrainedNetwork?

  /// Its file.
  let path: String?

  /// The classes that its file names, with spaces between.
  private let classNames: String?

  private let hasLearntDarkInk: Bool
  private let checksum: String
  private let freezeText: String?
  private let pruneShare: Double?
  let isQuantizationAware: Bool

  /// Whether a network that is whole and trained only learns to bear rounding: fresh weights, and those of a network that
  /// has lost channels, have more to learn.
  var isFinishing: Bool { isQuantizationAware && path != nil && pruneShare ?? 0 == 0 }

  /// - Throws: `UsageError` where options do not fit each other, or what keeps the file from being read.
  init(_ arguments: ParsedArguments) throws {
    path = arguments[Self.from]
    (freezeText, pruneShare) = (arguments[Self.freeze], arguments[Self.prune])
    isQuantizationAware = arguments[Self.quantizationAware]
    guard let path else {
      let dependent = [Self.freeze.declaration, Self.prune.declaration]
      if let option = dependent.first(where: { arguments.count(of: $0) > 0 }) {
        throw UsageError.optionUnfit(option: option.name, reason: "it needs --from")
      }
      (trained, classNames, checksum, hasLearntDarkInk) = (nil, nil, "", false)
      return
    }
    if arguments.count(of: TrainOptions.network.declaration) > 0 {
      throw UsageError.optionUnfit(option: Self.from.name, reason: "it stands in place of --network")
    }
    let file = try ModelFile.loadFloat(path)
    checksum = String(Checksum.of(file.bytes[...]), radix: 16)
    if file.network.statedRange == .bytes { throw TrainFault.takesBytes(path: path) }
    hasLearntDarkInk = file.network.learntPolarity == .darkOnLight
    if arguments.count(of: TrainOptions.size.declaration) > 0 {
      throw UsageError.optionUnfit(option: TrainOptions.size.name, reason: "the network of --from has its own")
    }
    let graph = file.network.program.graph
    classNames = graph.metadata["quill.train.classes"]
    trained = try Self.read(graph, path: path, folds: isQuantizationAware || pruneShare != nil)
  }

  /// The trainable layers of a graph: as they are, or with normalisation folded into weights.
  private static func read(_ graph: Graph, path: String, folds: Bool) throws -> TrainedNetwork {
    if !folds, let network = try? TrainedNetwork(graph) { return network }
    do {
      return try TrainedNetwork(try graph.lowered(addsSoftmax: false))
    } catch let error as TrainingError {
      throw TrainFault.notTrainable(path: path, error)
    } catch let error as ConverterError {
      throw ToolError.converter(path: path, error)
    }
  }

  /// Brings images to what the trained network takes; `nil` where weights are fresh.
  var preparer: ImagePreparer? {
    guard let trained, trained.description.inputShape.count == 3 else { return nil }
    return ImageLayout(shape: [1] + trained.description.inputShape).map { ImagePreparer($0, inverts: hasLearntDarkInk) }
  }

  /// The settings that a run must share with its checkpoint, and the file tells.
  var described: [Checkpoint.Setting] {
    [
      .init("from", path ?? "nothing"), .init("from checksum", checksum), .init("frozen layers", freezeText ?? "none"),
      .init("pruned share", pruneShare.map { "\($0)" } ?? "0"),
      .init("int8 rounding", isQuantizationAware ? "on" : "off"),
    ]
  }

  /// The network that is trained, with the weights that it begins with.
  func network(_ options: TrainOptions, _ data: TrainingData, _ console: Console) throws -> TrainableNetwork {
    let begun = try beginning(options, data, console)
    let description = try begun?.description ?? options.description(data)
    if isQuantizationAware, let node = description.nodes.first(where: { $0.layer.hasStatistics }) {
      throw UsageError.optionUnfit(
        option: Self.quantizationAware.name, reason: "\(TrainingError.normalizationUnfolded(name: node.name))")
    }
    let bytes = description.trainingByteCount(batchSize: options.settings.batchSize)
    guard bytes <= TrainingMemory.limit else {
      throw TrainFault.tooLarge(network: options.name, bytes: bytes, limit: TrainingMemory.limit)
    }
    let frozen = try frozenLayers(of: description)
    do throws(GraphError) {
      let network = try TrainableNetwork(
        description, seed: options.seed, capacity: options.settings.batchSize, threadCount: Parallel.threadCount,
        frozen: frozen, isQuantizationAware: isQuantizationAware)
      if let begun { network.adopt(begun) }
      return network
    } catch {
      throw TrainFault.graph(network: options.name, error)
    }
  }

  /// The trained network, fitted to the data's classes and pruned.
  private func beginning(_ options: TrainOptions, _ data: TrainingData, _ console: Console) throws -> TrainedNetwork? {
    guard let trained, let path else { return nil }
    guard trained.description.inputShape.product == data.shape.product else {
      throw TrainFault.otherInput(path: path, found: trained.description.inputShape, data: data.shape)
    }
    let classes = TrainOptions.joined(data.classNames)
    let fitted: TrainedNetwork
    do throws(TrainingError) {
      fitted = try trained.answering(
        classCount: data.classNames.count, anew: classNames != nil && classNames != classes)
    } catch {
      throw TrainFault.notTrainable(path: path, error)
    }
    if fitted.constants.last?.isEmpty == true {
      console.remark("\(path): other classes, so that the last layer begins anew")
    }
    do throws(GraphError) {
      let pruned = try pruned(fitted, data, console)
      guard isQuantizationAware else { return pruned }
      return try pruned.balanced(on: data.plainTraining, threadCount: Parallel.threadCount)
    } catch {
      throw TrainFault.graph(network: options.name, error)
    }
  }

  /// The network without the channels that are to go.
  private func pruned(
    _ network: TrainedNetwork, _ data: TrainingData, _ console: Console
  ) throws(GraphError) -> TrainedNetwork {
    guard let pruneShare, pruneShare > 0 else { return network }
    let pruned = try Pruning(share: pruneShare).pruned(
      network, on: data.plainTraining, threadCount: Parallel.threadCount)
    for change in Pruning.changes(from: network, to: pruned) {
      console.remark("pruned \(change.layer): \(change.before) channels, now \(change.after)")
    }
    return pruned
  }

  /// Whether a user's word names a layer: its name, or the beginning up to a slash.
  private static func names(_ layer: String, _ word: String) -> Bool { layer == word || layer.hasPrefix(word + "/") }

  /// The positions of the layers that keep their weights.
  private func frozenLayers(of description: NetworkDescription) throws(UsageError) -> Set<Int> {
    guard let freezeText else { return [] }
    let learning = description.nodes.indices.filter { description.nodes[$0].layer.hasParameters }
    if let count = Int(freezeText), (0..<learning.count).contains(count) { return Set(learning.prefix(count)) }
    var frozen: Set<Int> = []
    for name in freezeText.split(separator: ",").map(String.init) {
      guard let index = learning.first(where: { Self.names(description.nodes[$0].name, name) }) else {
        let error = TrainingError.layerToFreeze(name: name, layers: learning.map { description.nodes[$0].name })
        throw UsageError.optionUnfit(option: Self.freeze.name, reason: "\(error)")
      }
      frozen.insert(index)
    }
    guard frozen.count < learning.count else {
      throw UsageError.optionUnfit(option: Self.freeze.name, reason: "no layer is left to learn")
    }
    return frozen
  }
}
