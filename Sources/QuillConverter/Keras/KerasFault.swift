import QuillFloat

/// What is wrong with a Keras network, or what in it is not read.
public enum KerasFault: Sendable, Equatable {
  /// Neither HDF5 nor a ZIP archive.
  case notKeras

  /// A ZIP archive of something else.
  case foreignArchive(ForeignArchive)

  /// An HDF5 file without a network in it.
  case noNetwork

  /// A file that has the weights, but not the architecture that says what they mean.
  case weightsOnly

  /// A function that stands in a network as a layer.
  case unsupportedFunction(String)

  /// A layer of a class that is not read.
  case unsupportedLayer(String)

  /// A layer that runs the author's own Python, which the file does not hold or which is not Keras's.
  case customLayer(String)

  /// A network class that is defined by Python code rather than by a list of layers.
  case unsupportedNetwork(String)

  /// An activation function that is not read.
  case unsupportedActivation(String)

  /// An option with a value that is not read.
  case unsupportedOption(String, found: String, expected: String)

  /// An option that is missing, or of the wrong kind.
  case badOption(String)

  /// The configuration is not a network's.
  case badConfiguration

  /// The input's extents are not all known.
  case unknownInputShape

  /// A layer whose inputs are of the wrong number.
  case inputCount(found: Int, expected: Int)

  /// A layer that reads the output of a layer which does not exist or is never computed.
  case unknownInput(String)

  /// The archive lacks a member that the network needs.
  case missingMember(String)

  /// The weight file has fewer arrays for a layer than it needs.
  case missingWeights(found: Int, expected: Int)

  /// An array of weights has another shape than the layer's options ask for.
  case weightShape(found: [Int], expected: [Int])

  /// More layers than are read.
  case tooManyLayers(permitted: Int)

  /// Networks within networks, deeper than is read.
  case tooDeep(permitted: Int)

  /// More weights than are read.
  case tooManyWeights(permitted: Int)

  /// The layers do not make a graph that can run.
  case graph(GraphError)
}

/// What a ZIP archive without a Keras network holds, by the names of its members.
public enum ForeignArchive: Sendable, Equatable {
  /// A network or weights that PyTorch saved.
  case pyTorch

  /// Arrays that numpy saved.
  case numpy

  /// Something else.
  case other

  init(_ names: [String]) {
    if names.contains(where: { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }) {
      self = .pyTorch
    } else if names.contains(where: { $0.hasSuffix(".npy") }) {
      self = .numpy
    } else {
      self = .other
    }
  }
}
