import QuillData
import QuillFloat
import QuillReport

/// A network's evaluation on labelled images, and the images as pictures with what it made of them.
struct EvaluationReport: Sendable {
  let evaluation: Evaluation
  private let images: LabelledImages
  private let judgements: [Judgement]

  /// Runs a network on images of its size.
  init(
    _ classifier: ImageClassifier, on images: LabelledImages, data: String, split: DataSource.Split,
    progress: ProgressBar
  ) {
    self.images = images
    let answers = classifier.classify(images, progress: progress)
    judgements = zip(images.labels, answers).map { label, answer in
      Judgement(
        label: label, prediction: answer.classIndex, confidence: answer.probabilities[answer.classIndex],
        labelProbability: answer.probabilities[label])
    }
    let facts = classifier.network.facts
    let names = (0..<classifier.classCount).map { index in
      index < facts.labels.count || index >= images.classNames.count ? facts.label(index) : images.classNames[index]
    }
    evaluation = Evaluation(
      model: facts.path, data: data, split: split.rawValue, classNames: names, judgements: judgements)
  }

  /// The first images with true and predicted class.
  func first(_ count: Int) -> [PictureSheet.Cell] { judgements.indices.prefix(count).map(cell) }

  /// The wrong answers, the surest first.
  func errors(_ count: Int) -> [PictureSheet.Cell] {
    judgements.indices.filter { !judgements[$0].isRight }
      .sorted { (judgements[$1].confidence, $0) < (judgements[$0].confidence, $1) }.prefix(count).map(cell)
  }

  private func cell(_ index: Int) -> PictureSheet.Cell {
    let judgement = judgements[index]
    let names = evaluation.classes.map(\.name)
    let sure = Int((judgement.confidence * 100).rounded())
    let caption =
      judgement.isRight
      ? "\(names[judgement.label]) \(sure)%" : "\(names[judgement.label]) not \(names[judgement.prediction]) \(sure)%"
    return PictureSheet.Cell(images.pixelImage(index), caption: caption, tone: judgement.isRight ? .good : .bad)
  }
}

extension LabelledImages {
  /// The images damaged at a strength of 1...5.
  func corrupted(_ corruption: Corruption, strength: Int, threadCount: Int) -> LabelledImages {
    let damaged = Parallel.map(count: count, threadCount: threadCount) { next in
      var damaged: [(Int, [UInt8])] = []
      while let range = next() {
        for sample in range {
          var image = FloatImage(height: height, width: width, channels: channels, bytes: self.image(sample))
          corruption.apply(strength: strength, to: &image, sample: sample)
          damaged.append((sample, image.bytes))
        }
      }
      return damaged
    }
    return LabelledImages(
      images: damaged.flatMap { $0 }, height: height, width: width, channels: channels, labels: labels,
      classNames: classNames)
  }

  /// The first image damaged in every way, a row for each kind.
  var corruptionSheet: [PictureSheet.Cell] {
    let one = prefix(1)
    guard one.count == 1 else { return [] }
    return Corruption.allCases.flatMap { corruption in
      Corruption.strengths.map { strength in
        PictureSheet.Cell(
          one.corrupted(corruption, strength: strength, threadCount: 1).pixelImage(0),
          caption: "\(corruption.rawValue) \(strength)")
      }
    }
  }
}
