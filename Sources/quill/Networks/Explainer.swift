import QuillConverter
import QuillData
import QuillFloat
import QuillReport

/// Finds which pixels of an image decided, by what a network offers: a float one its gradients, an int8 one its answers.
struct Explainer {
  private let classifier: ImageClassifier

  /// The float network, with a score for each class; `nil` for an int8 one.
  private let program: FloatProgram?

  /// - Throws: `ToolError.graph`.
  init(_ classifier: ImageClassifier) throws(ToolError) {
    self.classifier = classifier
    guard case .float(let network) = classifier.network else {
      program = nil
      return
    }
    do throws(GraphError) {
      program =
        try classifier.hasOneOutput
        ? network.program.graph.answeringBothClasses().map(FloatProgram.init) : network.program
    } catch {
      throw .graph(path: network.facts.path, error)
    }
  }

  /// What is usual for the network.
  var usualMethod: Explanation.Method {
    guard let program else { return .occlusion }
    return program.graph.lastFeatures == nil ? .gradient : .gradCAM
  }

  /// Explains a class, or where it is `nil` the network's answer.
  /// - Throws: `UsageError` where the method is not for this network, `ToolError.graph`.
  func explain(_ image: PixelImage, classIndex: Int?, by method: Explanation.Method) throws -> Explanation {
    let answer = classifier.classify(batch([image.pixels]), progress: quiet)[0]
    let index = classIndex ?? answer.classIndex
    let weights = try weights(of: image, index, probability: answer.probabilities[index], method)
    return Explanation(
      method, classIndex: index, label: classifier.network.facts.label(index), probability: answer.probabilities[index],
      height: image.height, width: image.width, weights: weights)
  }

  private var quiet: ProgressBar { ProgressBar("", total: 1, console: Console(isQuiet: true)) }

  private func batch(_ images: [[UInt8]]) -> LabelledImages {
    let layout = classifier.layout
    return LabelledImages(
      images: images.flatMap { $0 }, height: layout.height, width: layout.width, channels: layout.channels,
      labels: [Int](repeating: 0, count: images.count), classNames: [""])
  }

  private func weights(
    of image: PixelImage, _ index: Int, probability: Float, _ method: Explanation.Method
  ) throws -> [Float] {
    if method == .occlusion { return occlusion(of: image, index, probability: probability) }
    let facts = classifier.network.facts
    guard let program, let explainer = GradientExplainer(program, threadCount: Parallel.threadCount),
      method == .gradient || explainer.hasFeatures
    else {
      throw UsageError.optionUnfit(
        option: "--method",
        reason: method == .gradient || facts.isQuantized
          ? "\(facts.path) is an int8 network, which has no gradients; use occlusion"
          : "\(facts.path) has no convolution for Grad-CAM; use gradient or occlusion")
    }
    let input = tensor(image.pixels)
    let background = background(of: image)
    let empty = tensor((0..<image.pixels.count).map { background[$0 % image.channels] })
    do throws(GraphError) {
      if method == .gradCAM, let map = try explainer.classActivation(of: index, at: input, empty: empty) {
        return map.enlarged(height: image.height, width: image.width).values
      }
      let step = Float(classifier.inputRange.high - classifier.inputRange.low) * 0.01
      let gradient = try explainer.inputGradient(of: index, at: input, step: step)
      return byPixel(gradient.indices.map { gradient[$0] * (input.values[$0] - empty.values[$0]) })
    } catch {
      throw ToolError.graph(path: facts.path, error)
    }
  }

  /// Samples as the float network takes them.
  private func tensor(_ pixels: [UInt8]) -> FloatTensor {
    classifier.layout.input(
      pixels[...], shape: classifier.network.facts.inputTensors[0].shape, table: classifier.inputRange.table)
  }

  /// The sum of each pixel's values.
  private func byPixel(_ values: [Float]) -> [Float] {
    let layout = classifier.layout
    let count = layout.height * layout.width
    return (0..<count).map { pixel in
      (0..<layout.channels).reduce(Float(0)) { sum, channel in
        sum + values[layout.channelsFirst ? channel * count + pixel : pixel * layout.channels + channel]
      }
    }
  }

  /// The sum over squares of one, two and three sevenths of the side: a sure network changes its mind for large ones alone.
  private func occlusion(of image: PixelImage, _ index: Int, probability: Float) -> [Float] {
    let seventh = max(2, min(image.height, image.width) / 7)
    let maps = (1...3).map { times in
      occlusion(of: image, index, probability: probability, size: min(times * seventh, image.height, image.width))
    }
    return maps[0].indices.map { place in maps.reduce(0) { $0 + $1[place] } }
  }

  /// What each pixel's squares cost, half a square from the next.
  private func occlusion(of image: PixelImage, _ index: Int, probability: Float, size: Int) -> [Float] {
    let step = max(1, size / 2)
    let places = stride(from: 0, through: image.height - size, by: step).flatMap { top in
      stride(from: 0, through: image.width - size, by: step).map { (top: top, left: $0) }
    }
    let background = background(of: image)
    let images = places.map { place in
      var pixels = image.pixels
      for row in place.top..<place.top + size {
        for column in place.left..<place.left + size {
          let start = (row * image.width + column) * image.channels
          pixels.replaceSubrange(start..<start + image.channels, with: background)
        }
      }
      return pixels
    }
    let answers = classifier.classify(batch(images), progress: quiet)
    var (sums, counts) = (
      [Float](repeating: 0, count: image.height * image.width), [Float](repeating: 0, count: image.height * image.width)
    )
    for (place, answer) in zip(places, answers) {
      for row in place.top..<place.top + size {
        for column in place.left..<place.left + size {
          sums[row * image.width + column] += probability - answer.probabilities[index]
          counts[row * image.width + column] += 1
        }
      }
    }
    return zip(sums, counts).map { $1 == 0 ? 0 : $0 / $1 }
  }

  /// The mean of the image's border.
  private func background(of image: PixelImage) -> [UInt8] {
    let border = (0..<image.height * image.width).filter { pixel in
      let (row, column) = (pixel / image.width, pixel % image.width)
      return row == 0 || column == 0 || row == image.height - 1 || column == image.width - 1
    }
    return (0..<image.channels).map { channel in
      UInt8(border.reduce(0) { $0 + Int(image.pixels[$1 * image.channels + channel]) } / max(border.count, 1))
    }
  }
}
