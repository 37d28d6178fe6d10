import QuillFloat

/// What keeps a run from its start or its end.
enum TrainFault: Error, CustomStringConvertible {
  case oneClass(data: String)
  case noTrainingImages(data: String)
  case noValidationImages(data: String)
  case testClass(data: String, className: String)
  case labelNames(path: String, found: Int, classes: Int, data: String)
  case noDigits(data: String, shape: [Int], classes: Int)
  case graph(network: String, GraphError)
  case checkpoint(path: String, TrainingError)
  case noCheckpoint(path: String)
  case tooLarge(network: String, bytes: Int, limit: Int)
  case notTrainable(path: String, TrainingError)
  case takesBytes(path: String)
  case otherInput(path: String, found: [Int], data: [Int])
  case table(path: String, line: Int, reason: String)

  var description: String {
    switch self {
    case .oneClass(let data): "\(data): has one class; a classifier needs 2 or more"
    case .noTrainingImages(let data): "\(data): no image is left to learn from; use a smaller --validation-split"
    case .noValidationImages(let data): "\(data): no image validates; use a larger --validation-split"
    case .testClass(let data, let className):
      "\(data): the images to measure on have the class '\(className)', which no training image has"
    case .labelNames(let path, let found, let classes, let data):
      "\(path): holds \(found) different names, but \(data) has \(classes) classes; expected a name for each, one a line"
    case .noDigits(let data, let shape, let classes):
      "--non-digits: \(data) has images of \(shape.map(String.init).joined(separator: "x")) in \(classes) classes; "
        + "expected 28x28x1 in the classes 0 to 9, or leave it out"
    case .graph(let network, let error): "--network \(network): \(error)"
    case .checkpoint(let path, let error), .notTrainable(let path, let error): "\(path): \(error)"
    case .noCheckpoint(let path):
      "\(path): keeps no run to go on with: none was begun, or it is done; leave --resume out to begin one"
    case .tooLarge(let network, let bytes, let limit):
      "--network \(network): needs about \(bytes >> 20) MB to train; at most \(limit >> 20) MB are used; "
        + "use a smaller network or --batch"
    case .takesBytes(let path):
      "\(path): takes pixels as bytes 0...255; training gives 0...1: take the rescaling layer out of the network"
    case .otherInput(let path, let found, let data):
      "\(path): takes inputs of shape \(found); the images have \(data)"
    case .table(let path, let line, let reason): "\(path): line \(line): \(reason)"
    }
  }
}
