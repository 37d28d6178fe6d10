import Foundation
import QuillFloat
import TestSupport
import Testing

/// The project's own functions against the C library's in double precision.
struct FixedMathTests {
  /// The largest error in units in the last place over many arguments.
  private func worstError(_ range: ClosedRange<Float>, _ own: (Float) -> Float, _ exact: (Double) -> Double) -> Double {
    var generator = SeededGenerator(seed: 1)
    var worst = 0.0
    for _ in 0..<100_000 {
      let x = generator.float(range)
      let expected = exact(Double(x))
      worst = max(worst, abs(Double(own(x)) - expected) / Double(Float(expected).ulp))
    }
    return worst
  }

  @Test func errorsStayBelowTheStated() {
    #expect(worstError(-87...88, FixedMath.exp, Foundation.exp) < 0.51)
    #expect(worstError(-1...1, FixedMath.expMinusOne, Foundation.expm1) < 0.51)
    #expect(worstError(-0.001...0.001, FixedMath.expMinusOne, Foundation.expm1) < 0.51)
    #expect(worstError(1e-30...2, FixedMath.log, Foundation.log) < 0.51)
    #expect(worstError(1e-30...1e30, FixedMath.log, Foundation.log) < 0.51)
    #expect(worstError(-80...80, FixedMath.sigmoid, { 1 / (1 + Foundation.exp(-$0)) }) < 0.51)
    #expect(worstError(-10...10, FixedMath.tanh, Foundation.tanh) < 0.51)
    #expect(worstError(-0.01...0.01, FixedMath.tanh, Foundation.tanh) < 0.51)
    #expect(worstError(0...1000, { FixedMath.power($0, 1.7) }, { pow($0, Double(1.7 as Float)) }) < 0.51)
    #expect(worstError(-20...20, { FixedMath.power($0, 3) }, { $0 * $0 * $0 }) < 0.51)
  }

  @Test func limits() {
    #expect(FixedMath.exp(-.infinity as Float) == 0)
    #expect(FixedMath.exp(.infinity as Float) == .infinity)
    #expect(FixedMath.exp(200 as Float) == .infinity)
    #expect(FixedMath.exp(-200 as Float) == 0)
    #expect(FixedMath.log(0 as Float) == -.infinity)
    #expect(FixedMath.log(-1 as Float).isNaN)
    #expect(FixedMath.log(.infinity as Float) == .infinity)
    #expect(FixedMath.sigmoid(-.infinity) == 0)
    #expect(FixedMath.sigmoid(.infinity) == 1)
    #expect(FixedMath.tanh(-.infinity) == -1)
    #expect(FixedMath.tanh(.infinity) == 1)
    #expect(FixedMath.exp(Float.nan).isNaN && FixedMath.tanh(.nan).isNaN && FixedMath.sigmoid(.nan).isNaN)
  }

  static let specials: [Float] = [
    0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, .infinity, -.infinity, .nan, 1e30, -1e30, 16_777_216,
  ]

  @Test(arguments: specials)
  func powerHasTheSpecialCasesOfC(x: Float) {
    for y in Self.specials {
      let (own, library) = (FixedMath.power(x, y), powf(x, y))
      let isEqual = own.isNaN && library.isNaN || own == library && own.sign == library.sign
      #expect(isEqual, "\(x) to the \(y): \(own), not \(library)")
    }
  }
}
