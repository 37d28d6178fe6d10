import QuillData
import QuillFloat
import QuillReport

extension EvaluationReport {
  /// How often a network is right on the images, damaged in every way and strength.
  static func robustness(
    of classifier: ImageClassifier, on images: LabelledImages, accuracy: Double, progress: ProgressBar
  ) -> RobustnessReport.Network {
    let rows = Corruption.allCases.map { corruption in
      RobustnessReport.Row(
        corruption,
        accuracies: Corruption.strengths.map { strength in
          let damaged = images.corrupted(corruption, strength: strength, threadCount: classifier.threadCount)
          let answers = classifier.classify(damaged, progress: progress)
          let correct = zip(damaged.labels, answers).count { $0 == $1.classIndex }
          return images.count == 0 ? 0 : Double(correct) / Double(images.count)
        })
    }
    return RobustnessReport.Network(model: classifier.network.facts.path, accuracy: accuracy, corruptions: rows)
  }
}
