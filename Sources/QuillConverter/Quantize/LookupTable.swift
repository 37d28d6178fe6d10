import Foundation
import Quill
import QuillFloat

/// Makes the 256 answers of an operator that maps a value to a value (`arithmetic.md`, "Element-wise", "Fixed-point
/// functions", "Tables in Float32").
struct LookupTable {
  let inputScale: Float
  let inputZeroPoint: Int32
  let outputScale: Float
  let outputZeroPoint: Int32
  let match: Match

  init(input: QuantizedGraph.Tensor, output: QuantizedGraph.Tensor, match: Match) {
    inputScale = input.scale
    inputZeroPoint = input.zeroPoint
    outputScale = output.scale
    outputZeroPoint = output.zeroPoint
    self.match = match
  }

  /// The answers for -128...127, or `nil` where the scales are too far apart for the function's integers.
  func values(_ function: LookupFunction) -> [Int8]? {
    switch function {
    case .requantize: requantized(through: Double(inputScale) / Double(outputScale), .all)
    case .relu: requantized(through: reluRatio, OutputRange(.relu, scale: outputScale, zeroPoint: outputZeroPoint))
    case .relu6: relu6()
    case .reluMinus1To1:
      requantized(through: reluRatio, OutputRange(.reluMinus1To1, scale: outputScale, zeroPoint: outputZeroPoint))
    case .leakyRelu(let alpha): leakyRelu(alpha)
    case .elu(let alpha): inFloat { $0 < 0 ? alpha * expm1f($0) : $0 }
    case .logistic: match == .liteRT ? inFloat { 1 / (1 + expf(-$0)) } : inFixedPoint(logistic)
    case .tanh: match == .liteRT ? inFloat { tanhf($0) } : inFixedPoint(hyperbolicTangent)
    case .hardSwish: hardSwish()
    case .identity: table { Int8($0) }
    case .reversed: table { Int8(-1 - $0) }
    case .negativePart: table { Int8(min($0, inputZeroPoint)) }
    case .negatedByte: table { Int8(truncatingIfNeeded: -$0) }
    case .absolute: absolute()
    case .squareRoot: squareRoot()
    case .relu0To1: relu0To1()
    case .reciprocalSquareRoot: reciprocalSquareRoot()
    case .quotient(let divisor, let scale, let activation): quotient(by: divisor, scale: scale, activation)
    case .tabulated(let function): tabulated(function)
    case .other(let function): quantised(function.evaluated(at: dequantisedInputs))
    case .composed(let graph): composed(graph)
    }
  }

  func table(_ answer: (Int32) -> Int8) -> [Int8] { (-128...127).map { answer(Int32($0)) } }

  private func composed(_ graph: Graph) -> [Int8]? {
    guard let engine = try? FloatEngine(graph) else { return nil }
    return quantised(engine.run([FloatTensor(shape: [256], values: dequantisedInputs)])[0].values)
  }

  private var dequantisedInputs: [Float] {
    (-128...127).map { dequantize($0, scale: inputScale, zeroPoint: inputZeroPoint) }
  }

  private func quantised(_ values: [Float]) -> [Int8] {
    values.map { quantize($0, scale: outputScale, zeroPoint: outputZeroPoint) }
  }

  var reluRatio: Double {
    match == .liteRT ? Double(inputScale / outputScale) : Double(inputScale) / Double(outputScale)
  }

  private func requantized(through ratio: Double, _ range: OutputRange) -> [Int8]? {
    guard let multiplier = Multiplier(real: ratio), multiplier.shift <= 22 else { return nil }
    return table { range.clamp(multiplier.applied(to: $0 - inputZeroPoint) &+ outputZeroPoint) }
  }

  /// TensorFlow Lite Micro's ReLU6 keeps the input's steps, whatever the output's are.
  private func relu6() -> [Int8]? {
    if match == .liteRT {
      return requantized(
        through: reluRatio, OutputRange(.relu6, scale: outputScale, zeroPoint: outputZeroPoint))
    }
    let six = (6 / inputScale).rounded(.toNearestOrAwayFromZero)
    let top = min(127, inputZeroPoint + Int32(min(six, 1000)))
    return table { Int8(max(inputZeroPoint, min(top, $0))) }
  }

  private func leakyRelu(_ alpha: Float) -> [Int8]? {
    let identityRatio = reluRatio
    let alphaRatio =
      match == .liteRT
      ? Double(inputScale * alpha / outputScale) : Double(inputScale) * Double(alpha) / Double(outputScale)
    guard let identity = Multiplier(real: identityRatio), let slope = Multiplier(real: alphaRatio),
      identity.shift <= 22, slope.shift <= 22
    else { return nil }
    return table {
      let steps = $0 - inputZeroPoint
      return saturatingInt8((steps >= 0 ? identity : slope).applied(to: steps) &+ outputZeroPoint)
    }
  }

  func inFloat(_ function: (Float) -> Float) -> [Int8] {
    let inverse = 1 / outputScale
    return table {
      let steps = (function(inputScale * Float($0 - inputZeroPoint)) * inverse).rounded(.toNearestOrAwayFromZero)
      return saturatingInt8(Int32(max(-1000, min(1000, steps + Float(outputZeroPoint)))))
    }
  }

  /// Logistic and Tanh in Q4.27, with answers at the ends beyond +/- 15... (`R` in `arithmetic.md`).
  private func inFixedPoint(_ function: (Int32) -> Int32) -> [Int8]? {
    guard let multiplier = Multiplier(real: Double(inputScale) * 0x1p27), multiplier.shift >= 0 else { return nil }
    let reach = Int32((15 << 27) >> Int64(multiplier.shift))
    return table {
      let steps = $0 - inputZeroPoint
      if steps <= -reach { return -128 }
      if steps >= reach { return 127 }
      return saturatingInt8(function(multiplier.applied(to: steps)))
    }
  }

  private func logistic(_ a: Int32) -> Int32 {
    let output: Int32
    if a == 0 {
      output = 1 << 30
    } else if a > 0 {
      output = reciprocalOfOnePlus(exponentialOfNonPositive(-a, integerBits: 4))
    } else {
      output = Int32.max - reciprocalOfOnePlus(exponentialOfNonPositive(a, integerBits: 4))
    }
    return min(127, roundingDivide(output, byPowerOfTwo: 23) - 128)
  }

  private func hyperbolicTangent(_ a: Int32) -> Int32 {
    if a == 0 { return 0 }
    let reciprocal = newtonReciprocal(exponentialOfNonPositive(a < 0 ? a : -a, integerBits: 5))
    let magnitude = Int32(min(4 * (Int64(reciprocal) - (1 << 29)), Int64(Int32.max)))
    return roundingDivide(a < 0 ? -magnitude : magnitude, byPowerOfTwo: 24)
  }

  private func hardSwish() -> [Int8]? {
    let high = Float(1.0 / 128) * inputScale
    guard let output = Multiplier(real: Double(high / outputScale)),
      let relu = Multiplier(real: Double(high / Float(3.0 / 32768))), output.shift <= 0
    else { return nil }
    let output16 = Self.halved(output.quantized)
    let relu16 = Self.halved(relu.quantized)
    return table { value in
      let x = (value - inputZeroPoint) * 128
      let product = Self.highMultiply(x, output16)
      var gate = x
      if relu.shift > 0 { gate = Self.saturated16(Int64(gate) << Int64(relu.shift - 1)) }
      gate = Self.highMultiply(gate, relu16)
      if relu.shift > 0 { gate = Self.saturated16(Int64(gate) * 2) }
      if relu.shift < 0 { gate = roundingDivide(gate, byPowerOfTwo: -relu.shift) }
      gate = (gate + 32768) >> 1
      let result = roundingDivide(gate * product / 32768, byPowerOfTwo: -output.shift)
      return saturatingInt8(result + outputZeroPoint)
    }
  }

  /// A 31-bit fraction as a 15-bit one.
  private static func halved(_ quantized: Int32) -> Int32 {
    quantized >= 0x7FFF_0000 ? 32767 : (quantized + (1 << 15)) >> 16
  }

  private static func highMultiply(_ a: Int32, _ b: Int32) -> Int32 { (a * b + (1 << 14)) >> 15 }

  private static func saturated16(_ value: Int64) -> Int32 { Int32(max(-32768, min(32767, value))) }
}
