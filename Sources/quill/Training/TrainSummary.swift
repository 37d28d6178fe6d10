import QuillFloat

/// What a finished run gave, for scripts and the report.
struct TrainSummary: Encodable {
  /// Loss and the share of right answers.
  struct Result: Encodable {
    let loss: Double
    let accuracy: Double

    init(_ result: BatchResult) { (loss, accuracy) = (result.loss, result.accuracy) }
  }

  /// One epoch, counted from 1.
  struct Epoch: Encodable {
    let epoch: Int
    let training: Result
    let validation: Result?
  }

  /// A source's test images.
  struct Test: Encodable {
    let data: String
    let images: Int
    let correct: Int
    let loss: Double
    let accuracy: Double
  }

  let file: String
  let fileBytes: Int
  let network: String
  let parameters: Int
  let settings: [String: String]
  let epochs: [Epoch]

  /// The epoch whose weights were written, counted from 1.
  let writtenEpoch: Int

  /// The mean time of the epochs that this process ran whole.
  let secondsPerEpoch: Double?

  /// Each source's test images, read once, after the run.
  let test: [Test]

  /// The accuracy on them that the recipe's authors reported.
  let reported: String?
}
