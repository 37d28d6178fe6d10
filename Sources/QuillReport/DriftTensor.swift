import QuillConverter
import QuillFloat

/// A tensor of the int8 network and the float tensor of the same name, compared as far as their readers tell values apart.
struct DriftTensor: Sendable {
  /// A score this far below its image's greatest has a probability of a tenth of a step of eight bits at the most.
  private static let scoreReach: Float = 8

  /// The operator that computes it.
  var operation: Int
  var quantized: Int
  var float: Graph.TensorID
  /// The values that the float tensor's readers tell apart.
  var reach: QuillConverter.Calibration.Range
  /// Whether only a softmax reads the tensor.
  var holdsScores: Bool
  /// The numbers that int8 can hold, half a step beyond its ends included.
  var held: QuillConverter.Calibration.Range

  /// Takes one image's values into a measure: what float computed, and int8 as numbers.
  func compare(_ float: [Float], _ int8: [Float], _ measure: inout LayerMeasure) {
    let (float, int8) = (read(float), read(int8))
    let saturated = float.values.count { !$0.isFinite || $0 < held.low || $0 > held.high }
    measure.add(float.values.map { $0 - float.origin }, int8.values.map { $0 - int8.origin }, saturated: saturated)
  }

  /// Values as far as they count, and what they are taken from: a softmax takes scores from the greatest, and shows nothing
  /// of those far below it.
  private func read(_ values: [Float]) -> (values: [Float], origin: Float) {
    guard holdsScores, let greatest = values.max(), greatest.isFinite else {
      return (values.map { $0.isFinite ? reach.clamping($0) : $0 }, 0)
    }
    return (values.map { $0.isFinite ? max($0, greatest - Self.scoreReach) : $0 }, greatest)
  }
}
