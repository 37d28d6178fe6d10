import QuillFloat

/// One call of a layer that is not itself a network.
struct KerasCall {
  let layer: KerasLayer
  let store: LayerStore
  var inputs: [Graph.TensorID]

  /// The layer's name, after those of the networks that it stands in.
  let name: String

  /// What a function that stands as a layer is called with.
  var arguments: KerasArguments

  /// Whether the inputs are given with channels last, whatever the layer's options say of the order.
  var isTurned = false

  /// Whether the layer works on sequences `[batch, steps, features]`, given as images of one row.
  var isLine = false

  /// The class by its name for images.
  var className: String { isLine ? layer.className.replacingSuffix("1D", by: "2D") : layer.className }

  /// A fault in this layer.
  func failure(_ fault: KerasFault) -> ImportError { .keras(layer: name, fault) }

  /// An option, or nil where it is absent or null.
  func option(_ key: String) -> JSONValue? {
    let named = layer.isFunction ? arguments.options?[key] : nil
    guard let value = layer.configuration[key] ?? named, !value.isNull else { return nil }
    return value
  }

  /// A whole number of a permitted range.
  func integer(
    _ key: String, default fallback: Int? = nil, in range: ClosedRange<Int> = 1...(1 << 24)
  ) throws(ImportError) -> Int {
    guard let value = option(key).map({ $0.integer }) ?? fallback, range.contains(value) else {
      throw failure(.badOption(key))
    }
    return value
  }

  /// A whole number for height and one for width; one number stands for both.
  func pair(_ key: String, default fallback: Pair? = nil) throws(ImportError) -> Pair {
    guard let value = option(key) else {
      guard let fallback else { throw failure(.badOption(key)) }
      return isLine ? Pair(height: 1, width: fallback.width) : fallback
    }
    var numbers = value.array.map { $0.map(\.integer) } ?? [value.integer, value.integer]
    if isLine, let last = numbers.last { numbers = [1, last] }
    guard numbers.count == 2, let height = numbers[0], let width = numbers[1], height > 0, width > 0,
      height <= 1 << 24, width <= 1 << 24
    else { throw failure(.badOption(key)) }
    return Pair(height: height, width: width)
  }

  /// Rows and columns.
  struct Pair: Equatable {
    let height: Int
    let width: Int
  }

  /// A truth value, for which Python takes a number as well.
  func flag(_ key: String, default fallback: Bool) throws(ImportError) -> Bool {
    guard let value = option(key) else { return fallback }
    guard let flag = value.bool ?? value.number.map({ $0 != 0 }) else { throw failure(.badOption(key)) }
    return flag
  }

  /// The numbers of an option, which Keras writes plainly, in lists, or wrapped as an array of numpy's.
  func numbers(_ key: String) throws(ImportError) -> [Float]? {
    guard let value = option(key) else { return nil }
    guard let numbers = Self.numbers(in: value, depth: 0), !numbers.isEmpty, numbers.allSatisfy(\.isFinite) else {
      throw failure(.badOption(key))
    }
    return numbers
  }

  private static func numbers(in value: JSONValue, depth: Int) -> [Float]? {
    guard depth < 8 else { return nil }
    switch value {
    case .number(let number): return [Float(number)]
    case .array(let elements):
      var all: [Float] = []
      for element in elements {
        guard let numbers = numbers(in: element, depth: depth + 1) else { return nil }
        all += numbers
      }
      return all
    case .object(let members):
      guard let inner = members["value"] ?? members["config"] else { return nil }
      return numbers(in: inner, depth: depth + 1)
    default: return nil
    }
  }

  /// One number.
  func number(_ key: String, default fallback: Float? = nil) throws(ImportError) -> Float {
    guard let numbers = try numbers(key) else {
      guard let fallback else { throw failure(.badOption(key)) }
      return fallback
    }
    guard numbers.count == 1 else { throw failure(.badOption(key)) }
    return numbers[0]
  }

  /// Throws unless the layer has so many inputs.
  func expectInputs(_ count: ClosedRange<Int>) throws(ImportError) {
    guard count.contains(inputs.count) else {
      throw failure(.inputCount(found: inputs.count, expected: count.lowerBound))
    }
  }

  /// Whether images come with channels before rows and columns.
  func hasChannelsFirst() throws(ImportError) -> Bool {
    guard !isTurned, let format = option("data_format") else { return false }
    switch format.string {
    case "channels_last": return false
    case "channels_first": return true
    case let other:
      throw failure(
        .unsupportedOption("data_format", found: other ?? "?", expected: "channels_last or channels_first"))
    }
  }

  /// An axis counted from the end where it is negative, in a tensor of that rank.
  func axis(_ value: Int, rank: Int, key: String) throws(ImportError) -> Int {
    guard value >= -rank, value < rank else { throw failure(.badOption(key)) }
    return value < 0 ? value + rank : value
  }

  /// The padding of windows over `[N, H, W, C]`: TensorFlow's SAME (the odd element after) or VALID.
  func padding(over shape: [Int], window: Pair, strides: Pair) throws(ImportError) -> Operation.Padding {
    guard shape.count == 4 else {
      throw failure(
        .unsupportedOption("input", found: "\(shape)", expected: "an image [batch, height, width, channels]"))
    }
    switch option("padding")?.string ?? "valid" {
    case "valid": return .none
    case "same": return SamePadding.padding(shape, window: window, strides: strides)
    case "causal" where isLine:
      return Operation.Padding(top: 0, left: window.width - 1, bottom: 0, right: 0)
    case let other:
      throw failure(.unsupportedOption("padding", found: other, expected: "valid or same"))
    }
  }
}

/// TensorFlow's SAME padding.
enum SamePadding {
  /// Zeros before and after, so that every `stride`-th element starts a window; the odd one after.
  static func split(extent: Int, window: Int, stride: Int) -> (before: Int, after: Int) {
    let count = (extent - 1) / stride + 1
    let total = max(0, (count - 1) * stride + window - extent)
    return (total / 2, total - total / 2)
  }

  static func padding(_ shape: [Int], window: KerasCall.Pair, strides: KerasCall.Pair) -> Operation.Padding {
    let rows = split(extent: shape[1], window: window.height, stride: strides.height)
    let columns = split(extent: shape[2], window: window.width, stride: strides.width)
    return Operation.Padding(top: rows.before, left: columns.before, bottom: rows.after, right: columns.after)
  }
}

extension String {
  /// The text with another ending, where it has that one.
  func replacingSuffix(_ suffix: String, by other: String) -> String {
    hasSuffix(suffix) ? dropLast(suffix.count) + other : self
  }
}
