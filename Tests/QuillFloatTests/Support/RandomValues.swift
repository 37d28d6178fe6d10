import QuillFloat
import TestSupport

extension SeededGenerator {
  mutating func float(_ range: ClosedRange<Float> = -2...2) -> Float { Float.random(in: range, using: &self) }

  mutating func shape(rank: Int, extents: ClosedRange<Int> = 1...4) -> [Int] {
    (0..<rank).map { _ in integer(extents) }
  }

  mutating func tensor(_ shape: [Int], in range: ClosedRange<Float> = -2...2) -> FloatTensor {
    FloatTensor(shape: shape, values: (0..<shape.reduce(1, *)).map { _ in float(range) })
  }
}
