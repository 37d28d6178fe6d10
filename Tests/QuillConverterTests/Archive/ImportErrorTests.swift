import QuillArchive
import QuillConverter
import QuillFloat
import Testing

/// The sentences, word for word.
struct ImportErrorTests {
  static let sentences: [(ImportError, String)] = [
    (
      .truncated(.hdf5, offset: 96, byteCount: 8, available: 100),
      "HDF5 byte 96: 8 bytes are needed and the data end at 100; the file is cut or damaged"
    ),
    (.hdf5(offset: 0, .notHDF5), "HDF5 byte 0: no HDF5 signature; expected a file that Keras saved as .h5"),
    (
      .hdf5(offset: 12, .circle(structure: "group B-tree")),
      "HDF5 byte 12: the group B-tree refers to itself; the file is damaged"
    ),
    (
      .hdf5(offset: 7, .unsupportedFilter(32_000)),
      "HDF5 byte 7: data packed by filter 32000; expected deflate, shuffle or fletcher32: save the network again with Keras"
    ),
    (
      .keras(layer: "", .missingMember("config.json")),
      "no \"config.json\" in the archive; expected a network that Keras saved with model.save(\"name.keras\")"
    ),
    (
      .archive(ArchiveError(offset: 9, .badStream(.distance))),
      "byte 9: packed data break the rule of the distance; the file is damaged"
    ),
    (.json(offset: 3, .tooDeep(permitted: 200)), "JSON byte 3: values nested deeper than the permitted 200"),
    (
      .keras(layer: "", .weightsOnly),
      "the file holds weights without the network they belong to; save the whole network with model.save(\"name.keras\") instead of model.save_weights"
    ),
    (
      .keras(layer: "lstm", .unsupportedLayer("LSTM")),
      "layer \"lstm\": a layer of class LSTM is not supported; use dense, convolution, pooling, normalization, arithmetic and activation layers"
    ),
    (
      .keras(layer: "lambda", .customLayer("Lambda")),
      "layer \"lambda\": a layer of class Lambda runs its author's own Python, which the file does not hold; write it with Keras's layers"
    ),
    (
      .keras(layer: "conv2d", .unsupportedOption("data_format", found: "channels_first", expected: "channels_last")),
      "layer \"conv2d\": data_format is channels_first; expected channels_last"
    ),
    (
      .keras(layer: "", .foreignArchive(.pyTorch)),
      "a file that PyTorch saved, which holds no network that can be read without its Python; export the network with torch.onnx.export(model, example, \"name.onnx\")"
    ),
    (
      .keras(layer: "", .foreignArchive(.numpy)),
      "a .npz archive of arrays, which holds no network; expected one that Keras saved with model.save(\"name.keras\")"
    ),
    (
      .keras(layer: "", .foreignArchive(.other)),
      "a ZIP archive without a Keras network in it; expected one saved with model.save(\"name.keras\")"
    ),
    (
      .keras(layer: "sum", .unsupportedFunction("sum")),
      "layer \"sum\": the operation sum is not supported; use Keras's layers, or plain arithmetic with numbers"
    ),
    (
      .keras(layer: "dense", .unsupportedActivation("glu")),
      "layer \"dense\": the activation \"glu\" is not supported; use relu, relu6, leaky_relu, elu, gelu, softplus, sigmoid, tanh, swish, hard_swish or softmax"
    ),
    (
      .tensorFlowLite(.node(index: 2, name: "DEQUANTIZE"), .floatsInside),
      "operator 2 (DEQUANTIZE): the network goes over to floats here, since an operator after it has no int8 form; give the float network instead, which quill convert quantises"
    ),
    (
      .keras(layer: "dense", .weightShape(found: [3, 4], expected: [4, 4])),
      "layer \"dense\": weights of shape [3, 4]; expected [4, 4]"
    ),
    (.tensorFlowLite(.model, .notTensorFlowLite), "no identifier \"TFL3\"; expected a .tflite file"),
    (
      .tensorFlowLite(.node(index: 3, name: "TOPK_V2"), .unsupportedOperator),
      "operator 3 (TOPK_V2): the operator is not supported here; replace it, or export the network as ONNX"
    ),
    (
      .tensorFlowLite(.node(index: 0, name: "UNIDIRECTIONAL_SEQUENCE_LSTM"), .unsupportedOperator),
      "operator 0 (UNIDIRECTIONAL_SEQUENCE_LSTM): recurrent layers are not supported; train convolutions or dense layers on the same input"
    ),
    (
      .tensorFlowLite(.node(index: 1, name: "CUSTOM"), .customOperator("edgetpu-custom-op")),
      "operator 1 (CUSTOM): the network was compiled for the Edge TPU; give the file that edgetpu_compiler made it from"
    ),
    (
      .tensorFlowLite(.node(index: 0, name: "CUSTOM"), .customOperator("ethos-u")),
      "operator 0 (CUSTOM): the network was compiled for the Ethos-U; give the file that vela made it from"
    ),
    (
      .tensorFlowLite(.node(index: 0, name: "CUSTOM"), .customOperator("Mine")),
      "operator 0 (CUSTOM): the custom operator \"Mine\" is not supported; export the network with TensorFlow Lite's own operators"
    ),
    (
      .tensorFlowLite(.model, .keepsState("VAR_HANDLE")),
      "the network remembers values from one call to the next (VAR_HANDLE), which is not supported; export it without state: a streaming network in its other form, a pruned one after strip_pruning"
    ),
    (
      .tensorFlowLite(.tensor(index: 2, name: "w"), .badSparsity),
      "tensor 2 \"w\": the places of sparse weights contradict each other; the file is damaged"
    ),
    (
      .tensorFlowLite(.node(index: 0, name: "ADD"), .operandCount(found: 1, expected: 2...2)),
      "operator 0 (ADD): 1 operands; expected 2"
    ),
    (
      .tensorFlowLite(.tensor(index: 4, name: "w"), .badQuantization),
      "tensor 4 \"w\": scales or zero points do not fit TensorFlow Lite's int8 rules; quantise the network again"
    ),
  ]

  @Test(arguments: sentences) func sentence(_ error: ImportError, _ expected: String) {
    #expect(error.description == expected)
  }
}
