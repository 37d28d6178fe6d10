// Every sentence that a Keras or TensorFlow Lite file can cause. Pinned by `ImportErrorTests`.

extension ImportError: CustomStringConvertible {
  /// One line: where, what was found, what was expected, what to do.
  public var description: String { ImportedName.oneLine(sentence) }

  private var sentence: String {
    switch self {
    case .truncated(let format, let offset, let byteCount, let available):
      "\(format) byte \(offset): \(byteCount) bytes are needed and the data end at \(available); the file is cut or damaged"
    case .hdf5(let offset, let fault): "HDF5 byte \(offset): \(fault)"
    case .archive(let error): error.description
    case .json(let offset, let fault): "JSON byte \(offset): \(fault)"
    case .keras(let layer, let fault) where layer.isEmpty: fault.description
    case .keras(let layer, let fault): "layer \"\(layer)\": \(fault)"
    case .tensorFlowLite(let place, .unsupportedOperator) where place.isRecurrent:
      "\(place)recurrent layers are not supported; train convolutions or dense layers on the same input"
    case .tensorFlowLite(let place, let fault): "\(place)\(fault)"
    }
  }
}

extension ImportFormat: CustomStringConvertible {
  /// The container's name.
  public var description: String {
    switch self {
    case .hdf5: "HDF5"
    case .tensorFlowLite: "TensorFlow Lite"
    }
  }
}

extension HDF5Fault: CustomStringConvertible {
  /// The fault in words.
  public var description: String {
    switch self {
    case .notHDF5: "no HDF5 signature; expected a file that Keras saved as .h5"
    case .badSignature(let expected): "expected the signature \"\(expected)\"; the file is damaged"
    case .unknownVersion(let structure, let version):
      "\(structure) of version \(version) is not supported; save the network again with h5py's default settings"
    case .badWidth(let width): "addresses or lengths of \(width) bytes; expected 2, 4 or 8"
    case .outside(let structure): "the \(structure) refers to a place outside the file; the file is cut or damaged"
    case .circle(let structure): "the \(structure) refers to itself; the file is damaged"
    case .inconsistent(let structure): "the \(structure) contradicts itself; the file is damaged"
    case .unsupportedType(let type): "data of type \(type); expected numbers or text"
    case .unsupported(let feature): "a \(feature) is not supported; save the network again with Keras"
    case .unsupportedFilter(let number):
      "data packed by filter \(number); expected deflate, shuffle or fletcher32: save the network again with Keras"
    case .missing(let name): "\(name) is missing; the file is damaged"
    case .tooLarge(let permitted): "the data would take more than the \(permitted) bytes that are left for this file"
    case .tooManyStructures: "more structures than a file of this size can have; the file is damaged"
    }
  }
}

extension JSONFault: CustomStringConvertible {
  /// The fault in words.
  public var description: String {
    switch self {
    case .unexpectedByte: "an unexpected character; the network's configuration is damaged"
    case .endOfText: "the text ends too early; the network's configuration is damaged"
    case .badNumber: "a malformed number; the network's configuration is damaged"
    case .badString: "a malformed string; the network's configuration is damaged"
    case .tooDeep(let permitted): "values nested deeper than the permitted \(permitted)"
    }
  }
}

extension KerasFault: CustomStringConvertible {
  /// The fault in words.
  public var description: String {
    switch self {
    case .notKeras: "neither HDF5 nor a ZIP archive; expected a network that Keras saved as .h5 or .keras"
    case .foreignArchive(.pyTorch):
      "a file that PyTorch saved, which holds no network that can be read without its Python; export the network with torch.onnx.export(model, example, \"name.onnx\")"
    case .foreignArchive(.numpy):
      "a .npz archive of arrays, which holds no network; expected one that Keras saved with model.save(\"name.keras\")"
    case .foreignArchive(.other):
      "a ZIP archive without a Keras network in it; expected one saved with model.save(\"name.keras\")"
    case .noNetwork: "an HDF5 file without a Keras network in it; expected one saved with model.save(\"name.h5\")"
    case .weightsOnly:
      "the file holds weights without the network they belong to; save the whole network with model.save(\"name.keras\") instead of model.save_weights"
    case .unsupportedFunction(let name):
      "the operation \(name) is not supported; use Keras's layers, or plain arithmetic with numbers"
    case .unsupportedLayer(let name):
      "a layer of class \(name) is not supported; use dense, convolution, pooling, normalization, arithmetic and activation layers"
    case .customLayer(let name):
      "a layer of class \(name) runs its author's own Python, which the file does not hold; write it with Keras's layers"
    case .unsupportedNetwork(let name):
      "a network of class \(name) is defined by Python code; build it as Sequential or with keras.Model(inputs, outputs)"
    case .unsupportedActivation(let name):
      "the activation \"\(name)\" is not supported; use relu, relu6, leaky_relu, elu, gelu, softplus, sigmoid, tanh, swish, hard_swish or softmax"
    case .unsupportedOption(let name, let found, let expected): "\(name) is \(found); expected \(expected)"
    case .badOption(let name): "the option \"\(name)\" is missing or out of range; save the network again with Keras"
    case .badConfiguration: "the configuration does not describe layers; save the network again with Keras"
    case .unknownInputShape:
      "the input's extents are not all known; give them with keras.Input(shape=...) and save the network again"
    case .inputCount(let found, let expected): "\(found) inputs; expected \(expected)"
    case .unknownInput(let name): "reads the layer \"\(name)\", which is never computed"
    case .missingMember(let name):
      "no \"\(name)\" in the archive; expected a network that Keras saved with model.save(\"name.keras\")"
    case .missingWeights(let found, let expected):
      "the file holds \(found) arrays of weights; expected \(expected): save the network again after building it"
    case .weightShape(let found, let expected): "weights of shape \(found); expected \(expected)"
    case .tooManyLayers(let permitted): "more than the permitted \(permitted) layers"
    case .tooDeep(let permitted): "networks within networks deeper than the permitted \(permitted)"
    case .tooManyWeights(let permitted): "more than the permitted \(permitted) weights"
    case .graph(let error): error.description
    }
  }
}

extension TensorFlowLitePlace: CustomStringConvertible {
  /// The place in words, with its separator.
  public var description: String {
    switch self {
    case .byte(let offset): "TensorFlow Lite byte \(offset): "
    case .model: ""
    case .tensor(let index, let name): "tensor \(index) \"\(name)\": "
    case .node(let index, let name): "operator \(index) (\(name)): "
    }
  }
}

extension TensorFlowLitePlace {
  /// Whether it is an operator that goes through a sequence step by step.
  fileprivate var isRecurrent: Bool {
    guard case .node(_, let name) = self else { return false }
    return ["LSTM", "RNN", "SVDF", "WHILE"].contains { name == $0 || name.hasSuffix("_SEQUENCE_\($0)") }
  }
}

extension TensorFlowLiteFault: CustomStringConvertible {
  /// The fault in words.
  public var description: String {
    switch self {
    case .notTensorFlowLite: "no identifier \"TFL3\"; expected a .tflite file"
    case .outside: "refers to a place outside the file; the file is cut or damaged"
    case .tooLarge(let permitted):
      "describes more than the \(permitted) bytes that a file of this size may; it is damaged"
    case .unknownVersion(let version): "the schema's version is \(version); expected 3"
    case .subgraphCount(let count):
      "the file holds \(count) functions, as recurrent layers and conditions need; expected one network"
    case .missing(let name): "\(name) is missing"
    case .unsupportedOperator:
      "the operator is not supported here; replace it, or export the network as ONNX"
    case .customOperator("edgetpu-custom-op"):
      "the network was compiled for the Edge TPU; give the file that edgetpu_compiler made it from"
    case .customOperator("ethos-u"): "the network was compiled for the Ethos-U; give the file that vela made it from"
    case .customOperator(let name):
      "the custom operator \"\(name)\" is not supported; export the network with TensorFlow Lite's own operators"
    case .unsupportedOption(let name, let found, let expected): "\(name) is \(found); expected \(expected)"
    case .operandCount(let found, let expected) where expected.lowerBound == expected.upperBound:
      "\(found) operands; expected \(expected.lowerBound)"
    case .operandCount(let found, let expected):
      "\(found) operands; expected \(expected.lowerBound) to \(expected.upperBound)"
    case .badIndex(let name, let found, let count): "\(name) \(found) of \(count); the file is damaged"
    case .badShape(let shape): "the shape \(shape) does not fit"
    case .unsupportedType(let type, let expected): "elements of type \(type); expected \(expected)"
    case .floatsInside:
      "the network goes over to floats here, since an operator after it has no int8 form; give the float network instead, which quill convert quantises"
    case .byteCount(let found, let expected): "\(found) bytes of data; expected \(expected)"
    case .notConstant(let name): "\"\(name)\" is computed; expected a constant"
    case .badQuantization: "scales or zero points do not fit TensorFlow Lite's int8 rules; quantise the network again"
    case .badSparsity: "the places of sparse weights contradict each other; the file is damaged"
    case .keepsState(let name):
      "the network remembers values from one call to the next (\(name)), which is not supported; export it without state: a streaming network in its other form, a pruned one after strip_pruning"
    case .notReady(let name): "\"\(name)\" is read before anything computes it"
    case .graph(let error): error.description
    }
  }
}
