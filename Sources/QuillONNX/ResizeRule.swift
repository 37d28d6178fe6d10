import QuillFloat

/// ONNX's rule for the source of an element (operator `Resize`, attributes of those names).
struct ResizeRule {
  var coordinates: String, rounding: String

  /// The source position of each element of an axis, or `nil` for a rule that is not read.
  func positions(source: Int, target: Int, scale: Float) -> [Int]? {
    var positions: [Int] = []
    for index in 0..<target {
      guard let exact = coordinate(Float(index), source: Float(source), target: Float(target), scale: scale),
        let rounded = rounded(exact)
      else { return nil }
      positions.append(max(0, min(source - 1, Int(rounded))))
    }
    return positions
  }

  /// Where among the source's elements one of the result's lies, or `nil` for a rule that is not read.
  func coordinate(_ index: Float, source: Float, target: Float, scale: Float) -> Float? {
    switch coordinates {
    case "asymmetric": index / scale
    case "half_pixel": (index + 0.5) / scale - 0.5
    case "pytorch_half_pixel": target > 1 ? (index + 0.5) / scale - 0.5 : 0
    case "tf_half_pixel_for_nn": (index + 0.5) / scale
    case "align_corners": target > 1 ? index * (source - 1) / (target - 1) : 0
    case "half_pixel_symmetric":
      source / 2 * (1 - target / (scale * source)) + (index + 0.5) / scale - 0.5
    default: nil
    }
  }

  private func rounded(_ value: Float) -> Float? {
    switch rounding {
    case "floor": value.rounded(.down)
    case "ceil": value.rounded(.up)
    case "round_prefer_floor": (value - 0.5).rounded(.up)
    case "round_prefer_ceil": (value + 0.5).rounded(.down)
    default: nil
    }
  }
}

extension Operation.ResizeNearest {
  /// The source position of each element of an axis, by the rule of TensorFlow Lite's `RESIZE_NEAREST_NEIGHBOR`.
  func positions(source: Int, target: Int) -> [Int] {
    let scale =
      alignsCorners && target > 1 ? Float(source - 1) / Float(target - 1) : Float(source) / Float(target)
    return (0..<target).map { index in
      let value = (Float(index) + (halfPixelCenters ? 0.5 : 0)) * scale
      return max(0, min(source - 1, Int(alignsCorners ? value.rounded() : value.rounded(.down))))
    }
  }
}
