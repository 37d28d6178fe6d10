import Dispatch
import Quill
import QuillFloat

/// Runs an int8 network that is still being worked on, on several images side by side, operator by operator: what has run
/// need not run again when the biases of later operators change.
struct QuantizedRun {
  /// An engine in a place of its own, for one thread at a time.
  private final class Place: @unchecked Sendable {
    var engine: Engine

    init(_ model: borrowing Model) { engine = Engine(for: model) }
  }

  /// Bytes that all arenas together take, at most; but some images there must be.
  private static let mostArenaBytes = 1 << 28
  private static let leastImages = 32

  private let match: Match
  private var places: [Place] = []
  /// Operators that have run on every image.
  private var operatorCount = 0

  /// The images that run: as many as were asked for, fewer of a network whose tensors take megabytes.
  var count: Int { places.count }

  /// Sets the network's inputs, image by image.
  init(
    _ network: QuantizedGraph, match: Match, count: Int, inputs: (Int) -> [FloatTensor]
  ) throws(ConverterError) {
    self.match = match
    let model = try Self.open(network, match)
    for image in 0..<Self.count(of: model, atMost: count) {
      let place = Place(model)
      for (position, input) in inputs(image).enumerated() {
        let record = model.tensors[model.inputTensor(position)]
        let steps = input.values.map { quantize($0, scale: record.scale, zeroPoint: record.zeroPoint) }
        place.engine.setInput(steps.span, at: position, of: model)
      }
      places.append(place)
    }
  }

  /// How many images of a network run side by side.
  static func count(of network: QuantizedGraph, match: Match, atMost most: Int) throws(ConverterError) -> Int {
    count(of: try open(network, match), atMost: most)
  }

  private static func count(of model: borrowing Model, atMost most: Int) -> Int {
    min(most, max(leastImages, mostArenaBytes / model.arenaByteCount))
  }

  /// Runs all operators before one, and hands over the values of a tensor that is alive then, image by image.
  ///
  /// - Parameters:
  ///   - network: as it stands now; only weights and biases of operators that have not run may have changed.
  ///   - index: an operator, not before that of the last call.
  mutating func values(
    of tensor: Int, in network: QuantizedGraph, beforeOperator index: Int, _ body: (Int, [Int8]) -> Void
  ) throws(ConverterError) {
    let model = try Self.open(network, match)
    let (places, steps) = (places, operatorCount..<max(operatorCount, index))
    DispatchQueue.concurrentPerform(iterations: places.count) { image in
      places[image].engine.adopt(model)
      for step in steps { places[image].engine.step(model, operator: step) }
    }
    operatorCount = steps.upperBound
    var values = [Int8](repeating: 0, count: model.tensors[tensor].count)
    for (image, place) in places.enumerated() {
      var span = values.mutableSpan
      place.engine.copyTensor(tensor, of: model, into: &span)
      body(image, values)
    }
  }

  private static func open(_ network: QuantizedGraph, _ match: Match) throws(ConverterError) -> Model {
    let bytes = try FlatFileWriter.writeWithoutGolden(network, match: match)
    do throws(ModelError) { return try Model(copying: bytes.span) } catch { throw .rejected(error.description) }
  }
}
