/// How channels of unequal size are made alike: an int8 tensor has one scale, so that a channel whose values are a hundred
/// times smaller than another's has a hundred times fewer steps.
package enum ChannelBalance {
  /// For each channel of what a layer reads the exponent of the power of two by which the layer before is divided and this
  /// layer's weights are multiplied; a power of two changes no bit of a float network's answers.
  ///
  /// The square root of peak over share, over the channels' geometric mean, parts the loss between values and weights (Xiao
  /// et al. 2022, arXiv 2211.10438, equation 4 with alpha 0.5). A channel that is never seen must not have the greatest
  /// weights, nor one that is never read the greatest values: these become as the others' mean at most.
  /// - Parameters:
  ///   - peaks: the channels' greatest magnitudes.
  ///   - shares: for each channel the greatest share that its weights have of an output's greatest weight, 0...1: what the
  ///     layer can need of its weights' steps for that channel.
  /// - Returns: exponents of -20...20.
  package static func exponents(peaks: [Float], shares: [Float]) -> [Int] {
    func binaryLogarithm(_ value: Float) -> Double { FixedMath.log(Double(value)) / FixedMath.log(2) }
    let used = peaks.indices.filter { peaks[$0] > 0 && shares[$0] > 0 }
    let count = Double(max(used.count, 1))
    let peak = used.reduce(0) { $0 + binaryLogarithm(peaks[$1]) } / count
    let share = used.reduce(0) { $0 + binaryLogarithm(shares[$1]) } / count
    return peaks.indices.map { channel in
      let exponent: Double =
        switch (peaks[channel] > 0, shares[channel] > 0) {
        case (true, true):
          (binaryLogarithm(peaks[channel]) - peak - binaryLogarithm(shares[channel]) + share) / 2
        case (true, false): max(0, binaryLogarithm(peaks[channel]) - peak)
        case (false, true): min(0, share - binaryLogarithm(shares[channel]))
        case (false, false): 0
        }
      return Int(max(-20, min(20, exponent.rounded())))
    }
  }

  /// The shares of each channel: in `weights`, rows of one output each, position `i` of a row belongs to channel `i` modulo
  /// `channelCount`.
  package static func shares(of weights: [Float], rowLength: Int, channelCount: Int) -> [Float] {
    var shares = [Float](repeating: 0, count: channelCount)
    for first in stride(from: 0, to: weights.count, by: rowLength) {
      let most = weights[first..<first + rowLength].reduce(0) { max($0, $1.magnitude) }
      if most == 0 { continue }
      for position in first..<first + rowLength {
        let channel = position % channelCount
        shares[channel] = max(shares[channel], weights[position].magnitude / most)
      }
    }
    return shares
  }
}

extension Float {
  /// 2 to the power of `exponent`.
  package static func powerOfTwo(_ exponent: Int) -> Float { Float(sign: .plus, exponent: exponent, significand: 1) }
}
