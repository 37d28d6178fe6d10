import QuillData
import QuillFloat

/// Which pixels of an image decided for a class.
package struct Explanation: Sendable, Encodable {
  /// How the pixels were found.
  package enum Method: String, Sendable, Encodable, CaseIterable {
    /// Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391): the last convolution's pictures, weighted by the gradient of the
    /// score by them and added up; what remains above 0, enlarged to the image. Each place has its own gradient (HiResCAM,
    /// Draelos and Carin 2020, arXiv 2011.08891): the same where the network goes on with a mean, and right where it goes on
    /// with a dense layer; in large networks the mean over places, as in the first paper. What an empty picture gives as well
    /// is taken off: it would mark the background, where biases alone speak.
    case gradCAM = "grad-cam"

    /// The score's gradient by each pixel times the pixel's height above the background; what remains above 0. Pixels
    /// of the background decide nothing by this measure, however steep the score is there.
    case gradient

    /// How much probability the class loses where a square of the image is painted over in the background's grey, as the mean
    /// over all squares that cover a pixel (Zeiler and Fergus 2014), of three sizes.
    case occlusion
  }

  package let method: Method

  /// The class that is explained, by position and name, and the network's probability of it.
  package let classIndex: Int
  package let label: String
  package let probability: Float

  /// Rows and columns.
  package let height: Int, width: Int

  /// A weight for each pixel, 0...1, row by row; all 0 where nothing speaks for the class.
  package let weights: [Float]

  /// An explanation by its weights, of any scale; what lies below 0 counts as 0.
  package init(
    _ method: Method, classIndex: Int, label: String, probability: Float, height: Int, width: Int, weights: [Float]
  ) {
    self.method = method
    self.classIndex = classIndex
    self.label = label
    self.probability = probability
    self.height = height
    self.width = width
    let most = weights.max() ?? 0
    self.weights = weights.map { most > 0 && $0 > 0 ? $0 / most : 0 }
  }

  /// The image in grey with the weights over it: the more a pixel weighs, the redder.
  package func drawn(over image: PixelImage) -> PixelImage {
    let grey = image.converted(toChannels: 1)
    let pixels = zip(grey.pixels, weights).flatMap { pixel, weight -> [UInt8] in
      let level = Float(pixel) * 0.8 + 30
      return [level + (255 - level) * weight, level * (1 - 0.75 * weight), level * (1 - weight)].map {
        UInt8(min(max($0, 0), 255))
      }
    }
    return PixelImage(width: width, height: height, channels: 3, pixels: pixels)
  }

  /// Image and weights side by side in characters, a character for two rows, at most `columns` each.
  package func text(over image: PixelImage, columns: Int = 32) -> String {
    let shown = min(columns, width)
    let rows = max(1, height * shown / width / 2)
    let heat = PixelImage(width: width, height: height, channels: 1, pixels: weights.map { UInt8($0 * 255) })
    let pictures = [image.converted(toChannels: 1), heat].map { $0.resized(width: shown, height: rows).pixels }
    return (0..<rows).map { row in
      pictures.map { pixels in
        String(pixels[row * shown..<(row + 1) * shown].map { Self.shades[Int($0) * Self.shades.count / 256] })
      }.joined(separator: "  |  ")
    }.joined(separator: "\n")
  }

  private static let shades = Array(" .:-=+*#%@")
}

/// Explanations of a float network: gradients measured as central differences, which for piecewise linear networks are the
/// gradients, but for rounding and kinks.
package struct GradientExplainer {
  private let program: FloatProgram
  private let scores: Graph.TensorID
  private let threadCount: Int

  /// For a network of one input.
  package init?(_ program: FloatProgram, threadCount: Int) {
    guard let scores = program.graph.scores else { return nil }
    self.program = program
    self.scores = scores
    self.threadCount = threadCount
  }

  /// Whether there is a convolution for Grad-CAM.
  package var hasFeatures: Bool { program.graph.lastFeatures != nil }

  /// The gradient of a class's score by each value of the input; `step` is the half-width of the difference.
  package func inputGradient(of classIndex: Int, at input: FloatTensor, step: Float) throws(GraphError) -> [Float] {
    let whole = program.graph
    let tail = whole.tail(from: whole.inputs[0], to: scores, values: [:])
    return try differences(of: tail, at: input, of: classIndex, count: input.values.count, step: step) { [$0] }
  }

  /// Grad-CAM's map over the last features: its extents, and its values, at least 0; `nil` without convolutions.
  ///
  /// - Parameter empty: a picture without anything on it, whose features are taken off.
  package func classActivation(
    of classIndex: Int, at input: FloatTensor, empty: FloatTensor? = nil
  ) throws(GraphError) -> FloatImage? {
    let graph = program.graph
    guard let features = graph.lastFeatures else { return nil }
    var values: [Graph.TensorID: [Float]] = [:]
    FloatEngine(program).run([input]) { id, span in values[id] = span.indices.map { span[$0] } }
    var nothing: [Float] = []
    if let empty {
      FloatEngine(program).run([empty]) { id, span in if id == features { nothing = span.indices.map { span[$0] } } }
    }
    let shape = graph[features].shape
    let (height, width, channels) = (shape[1], shape[2], shape[3])
    let map = values[features] ?? []
    let largest = map.map { abs($0) }.max() ?? 0
    let tail = graph.tail(from: features, to: scores, values: values)
    let byPlace = map.count * tail.constantCount <= Self.mostProducts
    // Moving a whole channel gives the sum of the gradients over its places.
    let gradients = try differences(
      of: tail, at: FloatTensor(shape: shape, values: map), of: classIndex, count: byPlace ? map.count : channels,
      step: max(largest, 1e-3) * 0.01
    ) { byPlace ? [$0] : Array(stride(from: $0, to: map.count, by: channels)) }
    var result = FloatImage(height: height, width: width, channels: 1)
    for place in 0..<height * width {
      let sum = (0..<channels).reduce(Float(0)) { sum, channel in
        let index = place * channels + channel
        return sum + gradients[byPlace ? index : channel] * (map[index] - (nothing.isEmpty ? 0 : nothing[index]))
      }
      result.values[place] = max(0, sum)
    }
    return result
  }

  /// The most products that gradients by place may take, by about the seconds that a user waits.
  private static let mostProducts = 4_000_000_000

  /// For each of `count` directions, in which some elements move together, the derivative of a class's score.
  private func differences(
    of graph: Graph, at point: FloatTensor, of classIndex: Int, count: Int, step: Float,
    elements: @Sendable (Int) -> [Int]
  ) throws(GraphError) -> [Float] {
    let tail = try FloatProgram(graph)
    return tail.mapSamples(count: count, threadCount: threadCount) { engine, direction in
      let moved = elements(direction)
      let ends = [step, -step].map { step in
        var input = point
        for index in moved { input.values[index] += step }
        return engine.run([input])[0].values[classIndex]
      }
      return (ends[0] - ends[1]) / (2 * step)
    }
  }
}

extension Graph {
  /// The numbers that are constant: about the products of a network without convolutions.
  fileprivate var constantCount: Int { tensors.reduce(0) { $0 + ($1.constant?.count ?? 0) } }
}
