import Quill
import QuillConverter
import QuillFloat
import QuillImaging
import QuillONNX
import QuillReport

/// What keeps a command from its work, beyond the errors of the libraries, which are carried with the file's name.
enum ToolError: Error {
  case notANetwork(path: String, found: String)
  case savedModel(path: String)
  case onnx(path: String, ONNXError)
  case graph(path: String, GraphError)
  case model(path: String, ModelError)
  case imaging(path: String, ImagingError)

  case inputWithoutBatch(path: String)
  case inputExtent(path: String, shape: [Int], input: String, expected: [Int])
  case inputElement(path: String, found: String, wanted: String)
  case inputMix(path: String, otherPath: String)
  case inputBatch(path: String, found: Int, otherPath: String, expected: Int)
  case inputNotANumber(path: String, index: Int)

  case severalInputs(path: String, count: Int)
  case notAnImageNetwork(path: String, shape: [Int])
  case notAClassifier(path: String, outputs: Int)
  case labelPastOutputs(data: String, className: String, classes: Int, path: String, outputs: Int)
  case unknownClass(data: String, className: String, path: String, classes: [String], outputs: Int)
  case classesOutOfOrder(data: String, classes: [String], path: String, outputs: Int)
  case noDigit(path: String)

  case notQuill(path: String)
  case notFloat(path: String)
  case notASource(path: String)
  case importing(path: String, ImportError)
  case converter(path: String, ConverterError)
  case drift(path: String, DriftError)
  case labelsNotText(path: String)
  case differs(path: String, what: String)
  case kernels(of: String = KernelChoice.variable, UsageError)
}

extension ToolError: CustomStringConvertible {
  var description: String {
    switch self {
    case .notANetwork(let path, let found):
      "\(path): is \(found); expected a network: .quill, .onnx, .h5, .keras or .tflite"
    case .savedModel(let path):
      "\(path): is a folder of TensorFlow's SavedModel format, which is not read; save the network with "
        + "model.save(\"name.keras\"), or convert it to .tflite or .onnx"
    case .onnx(let path, let error): "\(path): \(error)"
    case .graph(let path, let error): "\(path): \(error)"
    case .model(let path, let error): "\(path): \(error)"
    case .imaging(let path, let error): "\(path): \(error)"
    case .inputWithoutBatch(let path):
      "\(path): is a single number; expected an array whose first dimension is the batch"
    case .inputExtent(let path, let shape, let input, let expected):
      "\(path): shape \(Self.text(shape)) holds \(Self.count(shape)) values a sample; "
        + "the input '\(input)' takes \(Self.count(expected)), \(Self.text(expected)); the first dimension is the batch"
    case .inputElement(let path, let found, let wanted): "\(path): holds \(found); expected \(wanted)"
    case .inputMix(let path, let otherPath):
      "\(path): is not of the kind of \(otherPath); give all inputs as floats, all as int8 or all as uint8"
    case .inputBatch(let path, let found, let otherPath, let expected):
      "\(path): holds \(found) samples, but \(otherPath) \(expected)"
    case .inputNotANumber(let path, let index):
      "\(path): element \(index) is not a number (NaN), which int8 cannot hold"
    case .severalInputs(let path, let count):
      "\(path): has \(count) inputs; images can be given to a network of one input, see quill run for others"
    case .notAnImageNetwork(let path, let shape):
      "\(path): its input of shape \(Self.text(shape)) is no image of 1 or 3 channels; see quill run"
    case .notAClassifier(let path, let outputs): "\(path): answers \(outputs) values; a classifier answers one or more"
    case .labelPastOutputs(let data, let className, let classes, let path, let outputs):
      "\(data): has an image of class \(className), one of \(classes); \(path) answers only \(outputs) classes"
    case .unknownClass(let data, let className, let path, let classes, let outputs):
      classes.isEmpty
        ? "\(data): has fewer classes than \(path) has outputs (\(outputs)), which names none: which of them "
          + "'\(className)' is cannot be told; name folders or files by the outputs' numbers, 0...\(outputs - 1)"
        : "\(data): has an image of class '\(className)', which \(path) does not know; "
          + "name folders or files by its classes, \(Self.some(classes)), or by their numbers from 0"
    case .classesOutOfOrder(let data, let classes, let path, let outputs):
      "\(data): \(path) does not name its outputs: whether they are the classes by number or by alphabet, "
        + "\(Self.some(classes)), cannot be told; name folders or files by the outputs' numbers, 0...\(outputs - 1)"
    case .noDigit(let path): "\(path): no digit was found in the picture"
    case .notQuill(let path): "\(path): is another network; expected a .quill file, which quill convert makes"
    case .notFloat(let path): "\(path): is an int8 network; expected the float network that it was made from"
    case .notASource(let path): "\(path): is a .quill file already; expected a float network or an int8 .tflite"
    case .importing(let path, let error): "\(path): \(error)"
    case .converter(let path, let error): "\(path): \(error)"
    case .drift(let path, let error): "\(path): \(error)"
    case .labelsNotText(let path): "\(path): is not UTF-8 text; expected class names, one a line"
    case .differs(let path, let what): "\(path): this machine computes otherwise: \(what)"
    case .kernels(let subject, let error): "\(subject): \(error)"
    }
  }

  /// A shape as numpy writes one.
  private static func text(_ shape: [Int]) -> String {
    shape.count == 1 ? "(\(shape[0]),)" : "(" + shape.map(String.init).joined(separator: ", ") + ")"
  }

  /// Up to a dozen names.
  static func some(_ names: [String]) -> String {
    names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", ..." : "")
  }

  private static func count(_ shape: [Int]) -> Int { shape.dropFirst().reduce(1, *) }
}
