import Foundation
import QuillData

/// Digits on the terminal, five beside each other, with what a network makes of them.
enum DigitGallery {
  private static let perRow = 5
  private static let cellWidth = 15

  /// The first image of each class, up to ten of them, with its class.
  static func text(_ images: LabelledImages) -> String {
    let chosen = firstOfEachClass(images)
    return text(chosen) { " \(Console.oneLine(chosen.classNames[chosen.labels[$0]]))" }
  }

  /// The first image of each class, up to ten of them, with what a network makes of it.
  static func text(_ images: LabelledImages, classifier: ImageClassifier) -> String {
    let chosen = firstOfEachClass(images)
    let quiet = ProgressBar("", total: 1, console: Console(isQuiet: true))
    let answers = classifier.classify(chosen, progress: quiet)
    let names = (0..<classifier.classCount).map {
      images.classNames.indices.contains($0) ? images.classNames[$0] : String($0)
    }
    return text(chosen) { index in
      let answer = answers[index]
      let percent = Int((answer.probabilities[answer.classIndex] * 100).rounded())
      let mark = answer.classIndex == chosen.labels[index] ? "" : " (is \(names[chosen.labels[index]]))"
      return " \(names[answer.classIndex])  \(percent) %\(mark)"
    }
  }

  private static func firstOfEachClass(_ images: LabelledImages) -> LabelledImages {
    images.selecting(Set(images.labels).sorted().prefix(10).compactMap { images.labels.firstIndex(of: $0) })
  }

  private static func text(_ chosen: LabelledImages, caption: (Int) -> String) -> String {
    var lines: [String] = []
    for start in stride(from: 0, to: chosen.count, by: perRow) {
      let row = start..<min(start + perRow, chosen.count)
      let pictures = row.map { picture(chosen.pixelImage($0)) }
      for line in 0..<(pictures.map(\.count).max() ?? 0) {
        lines.append(pictures.map { pad(line < $0.count ? $0[line] : "") }.joined().trimmedAtEnd)
      }
      lines.append(row.map { pad(caption($0)) }.joined().trimmedAtEnd)
      lines.append("")
    }
    return lines.joined(separator: "\n")
  }

  private static func pad(_ text: String) -> String {
    text + String(repeating: " ", count: max(1, cellWidth - text.count))
  }

  private static var usesBraille: Bool {
    let environment = ProcessInfo.processInfo.environment
    let locale = environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"] ?? "UTF-8"
    return locale.uppercased().contains("UTF") || locale == "C" || locale == "POSIX"
  }

  /// A picture in characters, brought to 28 x 28 first: dots of two by four pixels, or shades of two by four.
  private static func picture(_ image: PixelImage) -> [String] {
    let grey = image.converted(toChannels: 1).resized(width: 28, height: 28)
    func pixel(_ x: Int, _ y: Int) -> Int { Int(grey.pixels[y * 28 + x]) }
    return (0..<7).map { row in
      String(
        (0..<14).map { column -> Character in
          var dots: UInt32 = 0
          var sum = 0
          for y in 0..<4 {
            for x in 0..<2 {
              let value = pixel(column * 2 + x, row * 4 + y)
              sum += value
              if value >= 110 { dots |= dotBits[y * 2 + x] }
            }
          }
          if usesBraille { return Character(Unicode.Scalar(0x2800 + dots) ?? " ") }
          return shades[min(shades.count - 1, sum / 8 * shades.count / 256)]
        })
    }
  }

  /// The bit of each dot of a Braille character, row by row (Unicode, block 2800).
  private static let dotBits: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
  private static let shades = Array(" .:-=+*#%@")
}
