/// Two linear layers with only such layers between them as let a positive factor of a channel through: the second can
/// undo what the first is multiplied by.
struct ChannelPair: Equatable {
  /// The positions of the two layers.
  let first: Int, second: Int

  /// The pairs of a description.
  static func all(of description: NetworkDescription) -> [ChannelPair] {
    var readers = [[Int]](repeating: [], count: description.nodes.count + 1)
    for (index, node) in description.nodes.enumerated() {
      for input in node.inputs { readers[input.index].append(index) }
    }
    return description.nodes.indices.compactMap { first in
      guard description.nodes[first].layer.isLinear, description.nodes[first].layer.letsFactorsThrough else {
        return nil
      }
      var value = first + 1
      while readers[value].count == 1, value != description.output.index {
        let reader = readers[value][0]
        let layer = description.nodes[reader].layer
        if layer.isLinear { return ChannelPair(first: first, second: reader) }
        guard layer.letsFactorsThrough else { return nil }
        value = reader + 1
      }
      return nil
    }
  }

  /// A power of two for each channel of what the second layer reads, so that it changes no bit of what the network
  /// answers. `peaks` are the channels' greatest magnitudes, `shares` what the second layer can need of its weights'
  /// steps for them.
  ///
  /// The square root of both's ratio, over the channels' geometric mean, parts the loss between values and weights (Xiao
  /// et al. 2022, arXiv 2211.10438, equation 4 with alpha 0.5); a channel that is never seen stays as it is.
  static func factors(peaks: [Float], shares: [Float]) -> [Float] {
    let logarithms = zip(peaks, shares).map { peak, share in
      peak > 0 && share > 0 ? FixedMath.log(Double(peak) / Double(share)) / 2 : nil
    }
    let seen = logarithms.compactMap(\.self)
    let mean = seen.reduce(0, +) / Double(max(seen.count, 1))
    return logarithms.map { logarithm in
      guard let logarithm else { return 1 }
      let exponent = ((logarithm - mean) / FixedMath.log(2)).rounded()
      return Float(sign: .plus, exponent: Int(max(-20, min(20, exponent))), significand: 1)
    }
  }
}

extension Layer {
  fileprivate var isLinear: Bool {
    switch self {
    case .convolution, .depthwiseConvolution, .dense: true
    case .maxPool, .averagePool, .globalAveragePool, .batchNormalization, .dropout, .activation, .flatten, .add,
      .multiply:
      false
    }
  }

  /// Whether a channel's result is multiplied by what its operand, or its weights and bias, are multiplied by.
  fileprivate var letsFactorsThrough: Bool {
    switch self {
    case .convolution(_, _, let fused), .dense(_, let fused): fused != .relu6
    case .activation(.relu), .activation(.leakyRelu), .depthwiseConvolution, .maxPool, .averagePool,
      .globalAveragePool, .dropout, .flatten:
      true
    case .batchNormalization, .activation, .add, .multiply: false
    }
  }
}
