import QuillData
import QuillReport
import Testing

/// What is odd about labelled images.
@Suite struct ExplorationTests {
  private static func odd() -> LabelledImages {
    var digits = SyntheticDigits.images(split: .train, count: 40)
    let (first, second) = (digits.image(3), digits.image(9))
    // Copies of two images, one of them a little changed and under another label, and an empty image.
    let images = digits.images + first + second.map { $0 > 250 ? $0 - 2 : $0 } + [UInt8](repeating: 0, count: 784)
    let labels = digits.labels + [digits.labels[3], (digits.labels[9] + 1) % 10, 0]
    digits = LabelledImages(
      images: images, height: 28, width: 28, channels: 1, labels: labels,
      classNames: (0...9).map(String.init) + ["ten"])
    return digits
  }

  @Test func oddThingsAreFound() throws {
    let exploration = Exploration(
      data: "d", [("train", Self.odd()), ("test", SyntheticDigits.images(split: .test, count: 30))])
    let part = exploration.parts[0]
    #expect(part.images == 43 && part.shape == [28, 28, 1])
    #expect(part.emptyImages == [42])
    #expect(part.duplicates.map(\.first) == [3, 9])
    #expect(part.duplicates.map(\.second) == [40, 41])
    #expect(part.duplicates.map(\.labelsDiffer) == [false, true])
    #expect(part.classesWithoutImages == ["ten"])
    #expect(exploration.warnings.contains("train: no images of ten"))
    #expect(exploration.warnings.contains("train: 1 empty image, such as 42"))
    #expect(exploration.warnings.contains("train: different labels for 1 pair of these, such as 9 and 41"))
    #expect(exploration.sharedImages.isEmpty)
    #expect(exploration.parts[1].duplicates.isEmpty)
  }

  @Test func testImagesAmongTheTrainingImagesAreFound() {
    let digits = SyntheticDigits.images(split: .train, count: 30)
    let exploration = Exploration(data: "d", [("train", digits), ("test", digits.selecting([7, 2]))])
    #expect(exploration.sharedImages.map(\.first) == [7, 2])
    #expect(
      exploration.warnings.last?.hasPrefix("test: 2 images that train holds too, or nearly so, such as 0 (there 7); ")
        == true)
  }

  @Test func figuresAreMeasured() {
    let set = LabelledImages(
      images: [0, 255, 255, 0, 0, 0], height: 1, width: 2, channels: 1, labels: [0, 0, 0], classNames: ["a"])
    let part = Exploration(data: "d", [("train", set)]).parts[0]
    #expect(part.least == 0 && part.greatest == 255)
    #expect(abs(part.mean - 1.0 / 3) < 1e-9)
    #expect(abs(part.deviation - (2.0 / 9).squareRoot()) < 1e-9)
    #expect(part.emptyImages == [2])
  }

  @Test func textAndPageShowTheBalance() {
    let set = LabelledImages(
      images: [0, 9, 200, 0, 0, 90, 40, 0], height: 1, width: 2, channels: 1, labels: [0, 0, 0, 1],
      classNames: ["a", "bb"])
    let exploration = Exploration(data: "d", [("train", set)])
    #expect(exploration.text.contains("  a   3  ########################################\n  bb  1  ##############"))
    var page = HTMLPage(title: "d")
    exploration.write(to: &page)
    #expect(page.html.contains("images by class"))
  }
}
