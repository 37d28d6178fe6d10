import Quill
import QuillFloat

extension OutputRange {
  /// The values that an activation leaves, in steps of the output (`arithmetic.md`, "Linear operators").
  package init(_ activation: Operation.Activation, scale: Float, zeroPoint: Int32) {
    func step(_ real: Float) -> Int32 {
      let steps = (real / scale).rounded(.toNearestOrAwayFromZero)
      return max(-128, min(127, zeroPoint + Int32(max(-1000, min(1000, steps)))))
    }
    switch activation {
    case .none: self = .all
    case .relu: self.init(minimum: zeroPoint, maximum: 127)
    case .relu6: self.init(minimum: zeroPoint, maximum: step(6))
    case .reluMinus1To1: self.init(minimum: step(-1), maximum: step(1))
    }
  }
}
