import QuillFloat

/// Turns the layers of a Keras network into the nodes of a graph.
struct KerasImporter {
  /// More weights than any network for a small board has: 2^27, half a gigabyte of floats.
  static let permittedWeightCount = 1 << 27

  var builder: GraphBuilder

  /// The major version of the Keras that saved the network; what it did not say is taken as 2.
  let majorVersion: Int

  private var weightCountLeft = permittedWeightCount
  private var nodeCountLeft = 4 * KerasNetwork.permittedLayerCount

  /// The graph of a network.
  static func graph(
    of network: KerasNetwork, weights: KerasWeights, version: String, named name: String
  ) throws(ImportError) -> Graph {
    var importer = KerasImporter(
      builder: GraphBuilder(name: ImportedName.clean(network.name.isEmpty ? name : network.name)),
      majorVersion: version.split(separator: ".").first.flatMap { Int($0) } ?? 2)
    importer.builder.note("producer", ImportedName.clean(version.isEmpty ? "Keras" : "Keras \(version)"))
    let outputs = try importer.run(network, weights, inputs: nil, prefix: "")
    for output in outputs { importer.builder.output(output) }
    do throws(GraphError) {
      return try importer.builder.finish()
    } catch {
      throw .keras(layer: "", .graph(error))
    }
  }

  /// Adds a network's layers; `inputs` are a nested network's, nil for the outermost.
  private mutating func run(
    _ network: KerasNetwork, _ weights: KerasWeights, inputs: [Graph.TensorID]?, prefix: String
  ) throws(ImportError) -> [Graph.TensorID] {
    let stores = try weights.stores(of: network)
    return network.isSequential
      ? try runSequential(network, stores, inputs: inputs, prefix: prefix)
      : try runFunctional(network, stores, inputs: inputs, prefix: prefix)
  }

  private mutating func runSequential(
    _ network: KerasNetwork, _ stores: [LayerStore], inputs: [Graph.TensorID]?, prefix: String
  ) throws(ImportError) -> [Graph.TensorID] {
    var current = inputs ?? []
    for (layer, store) in zip(network.layers, stores) {
      if current.isEmpty { current = [try addInput(for: layer)] }
      current = try add(layer, store, inputs: current, prefix: prefix)
    }
    guard !current.isEmpty else { throw .keras(layer: network.name, .badConfiguration) }
    return current
  }

  private mutating func runFunctional(
    _ network: KerasNetwork, _ stores: [LayerStore], inputs: [Graph.TensorID]?, prefix: String
  ) throws(ImportError) -> [Graph.TensorID] {
    var ready = try readyInputs(of: network, inputs)
    var pending: [(layer: Int, call: Int)] = network.layers.indices.flatMap { index in
      network.layers[index].calls.indices.map { (index, $0) }
    }
    while !pending.isEmpty {
      var waiting: [(layer: Int, call: Int)] = []
      for (index, call) in pending {
        let layer = network.layers[index]
        let operands = layer.calls[call].compactMap { Self.find($0, in: ready, of: network) }
        guard operands.count == layer.calls[call].count else {
          waiting.append((index, call))
          continue
        }
        let isInput = layer.className == "InputLayer"
        let results = isInput ? [] : try add(layer, stores[index], inputs: operands, prefix: prefix, call: call)
        for (output, result) in results.enumerated() {
          ready[KerasNetwork.Reference(layer: layer.name, call: call, output: output)] = result
        }
      }
      guard waiting.count < pending.count else {
        let layer = network.layers[waiting[0].layer]
        let missing = layer.calls[waiting[0].call].first { Self.find($0, in: ready, of: network) == nil }
        throw .keras(layer: layer.name, .unknownInput(missing?.layer ?? ""))
      }
      pending = waiting
    }
    var outputs: [Graph.TensorID] = []
    for reference in network.outputs {
      guard let output = Self.find(reference, in: ready, of: network) else {
        throw .keras(layer: network.name, .unknownInput(reference.layer))
      }
      outputs.append(output)
    }
    return outputs
  }

  /// The tensors that a network starts from: those it is given, or the graph's own inputs.
  private mutating func readyInputs(
    of network: KerasNetwork, _ inputs: [Graph.TensorID]?
  ) throws(ImportError) -> [KerasNetwork.Reference: Graph.TensorID] {
    var ready: [KerasNetwork.Reference: Graph.TensorID] = [:]
    if let inputs, inputs.count != network.inputs.count {
      throw .keras(layer: network.name, .inputCount(found: inputs.count, expected: network.inputs.count))
    }
    for (position, reference) in network.inputs.enumerated() {
      guard let layer = network.layers.first(where: { $0.name == reference.layer }) else {
        throw .keras(layer: reference.layer, .unknownInput(reference.layer))
      }
      if let inputs {
        ready[reference] = inputs[position]
      } else {
        ready[reference] = try addInput(for: layer)
      }
    }
    return ready
  }

  /// The tensor behind a reference. Some versions count a nested network's own construction as a call; where a layer
  /// is called once, its call number is therefore not looked at.
  private static func find(
    _ reference: KerasNetwork.Reference, in ready: [KerasNetwork.Reference: Graph.TensorID], of network: KerasNetwork
  ) -> Graph.TensorID? {
    ready[reference]
      ?? ready[KerasNetwork.Reference(layer: reference.layer, call: 0, output: reference.output)].flatMap { found in
        network.layers.first { $0.name == reference.layer }.flatMap { $0.calls.count <= 1 ? found : nil }
      }
  }

  /// Adds the input that a layer declares: `batch_shape` (Keras 3), `batch_input_shape`, or a nested network's first.
  private mutating func addInput(for layer: KerasLayer) throws(ImportError) -> Graph.TensorID {
    var declaring = layer
    while let first = declaring.network?.layers.first { declaring = first }
    let options = declaring.configuration
    let declared = options["batch_shape"] ?? options["batch_input_shape"] ?? declaring.builtShape
    guard let axes = declared?.array, !axes.isEmpty else { throw .keras(layer: layer.name, .unknownInputShape) }
    var shape = [1]
    for axis in axes.dropFirst() {
      guard let extent = axis.integer else { throw .keras(layer: layer.name, .unknownInputShape) }
      shape.append(extent)
    }
    let isNamed = declaring.className == "InputLayer" && !declaring.name.isEmpty
    let name = isNamed ? ImportedName.clean(declaring.name) : "input"
    do throws(GraphError) {
      return try builder.input(name, shape: shape)
    } catch {
      throw .keras(layer: layer.name, .graph(error))
    }
  }

  /// Adds one call of a layer.
  private mutating func add(
    _ layer: KerasLayer, _ store: LayerStore, inputs: [Graph.TensorID], prefix: String, call: Int = 0
  ) throws(ImportError) -> [Graph.TensorID] {
    guard nodeCountLeft > 0 else {
      throw .keras(layer: layer.name, .tooManyLayers(permitted: KerasNetwork.permittedLayerCount))
    }
    nodeCountLeft -= 1
    if let network = layer.network {
      return try run(network, store.nested, inputs: inputs, prefix: "\(prefix)\(layer.name)/")
    }
    let name = ImportedName.clean(prefix + layer.name)
    let arguments = layer.arguments.indices.contains(call) ? layer.arguments[call] : KerasArguments(.null)
    return [try append(KerasCall(layer: layer, store: store, inputs: inputs, name: name, arguments: arguments))]
  }

  /// The values of an array of weights, counted towards what is permitted.
  mutating func values(of object: HDF5Object, layer: String) throws(ImportError) -> FloatTensor {
    let tensor = try object.tensor()
    guard tensor.values.count <= weightCountLeft else {
      throw .keras(layer: layer, .tooManyWeights(permitted: Self.permittedWeightCount))
    }
    weightCountLeft -= tensor.values.count
    return tensor
  }
}
