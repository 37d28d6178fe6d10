import QuillData
import Testing

@Suite struct NonDigitsTests {
  private let digits = SyntheticDigits.images(split: .train, count: 200)

  @Test func aSeedDrawsTheSameInTheFormOfMNIST() {
    let images = NonDigits.images(count: 320, seed: 5, of: digits)
    #expect(images == NonDigits.images(count: 320, seed: 5, of: digits))
    #expect(images != NonDigits.images(count: 320, seed: 6, of: digits))
    for index in 0..<320 {
      let image = images[index * 784..<(index + 1) * 784]
      let inked = image.indices.filter { image[$0] >= 128 }.map { $0 - image.startIndex }
      #expect(inked.count > 12 && inked.count < 400, "picture \(index)")
      let (rows, columns) = (inked.map { $0 / 28 }, inked.map { $0 % 28 })
      let middle = (rows.reduce(0, +) / rows.count, columns.reduce(0, +) / columns.count)
      #expect((9...19).contains(middle.0) && (9...19).contains(middle.1), "picture \(index)")
    }
    let different = Set((0..<320).map { [UInt8](images[$0 * 784..<($0 + 1) * 784]) })
    #expect(different.count > 300)
  }

  @Test func onesAloneArePushedTogetherAndNotTurned() {
    let ones = digits.selecting(digits.labels.indices.filter { digits.labels[$0] == 1 })
    let images = NonDigits.images(count: 8, seed: 1, of: ones)
    // The sixth would be turned; of ones it is a pair, which is wider than a stroke.
    let inked = (0..<784).filter { images[5 * 784 + $0] >= 128 }.map { $0 % 28 }
    #expect((inked.max() ?? 0) - (inked.min() ?? 0) >= 4)
  }

  @Test func twoInTouchAreWiderThanADigit() {
    let images = NonDigits.images(count: 160, seed: 3, of: digits)
    for index in 0..<160 where index % 8 >= 6 {
      let inked = (0..<784).filter { images[index * 784 + $0] >= 48 }
      let (rows, columns) = (inked.map { $0 / 28 }, inked.map { $0 % 28 })
      let height = (rows.max() ?? 0) - (rows.min() ?? 0) + 1, width = (columns.max() ?? 0) - (columns.min() ?? 0) + 1
      // Made small, either may have lost a pixel.
      #expect((width + 1) * 10 >= (height - 1) * 9, "picture \(index)")
    }
  }
}
