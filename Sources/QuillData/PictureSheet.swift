/// Pictures beside and below each other, each with a line of words under it, as one image.
public struct PictureSheet: Sendable {
  /// How a caption is meant.
  public enum Tone: Sendable {
    case plain, good, bad
  }

  /// A picture and what stands under it.
  public struct Cell: Sendable {
    /// The picture, of any size.
    public let image: PixelImage

    /// The words; a character without a letter in the sheet's font is shown as a question mark.
    public let caption: String

    /// The colour of the words.
    public let tone: Tone

    /// A captioned picture.
    public init(_ image: PixelImage, caption: String, tone: Tone = .plain) {
      self.image = image
      self.caption = caption
      self.tone = tone
    }
  }

  private let cells: [Cell]
  private let columns: Int

  /// Pixels of the sheet to one of a picture, and to one of a letter.
  private let zoom: Int, letterZoom: Int

  /// Captions as long as this stay on one line, however narrow the pictures are.
  private static let shortCaption = 16

  /// Rows and columns between cells, in pixels of a picture.
  private static let gap = 4

  /// A sheet, row by row. Pictures are enlarged `zoom` times, letters at most twice.
  public init(_ cells: [Cell], columns: Int, zoom: Int = 2) {
    precondition(columns > 0 && zoom > 0, "a sheet has columns")
    self.cells = cells
    self.columns = columns
    (self.zoom, letterZoom) = (zoom, min(zoom, 2))
  }

  /// The sheet: RGB on white. Without cells it is one white pixel.
  public var image: PixelImage {
    let gap = Self.gap * zoom
    let (pitch, lineHeight) = (SmallLetters.pitch * letterZoom, SmallLetters.lineHeight * letterZoom)
    let pictureWidth = (cells.map(\.image.width).max() ?? 0) * zoom
    let pictureHeight = (cells.map(\.image.height).max() ?? 0) * zoom
    let captions = cells.map { Self.lines($0.caption, of: max(pictureWidth / pitch, Self.shortCaption)) }
    let cellWidth = max(pictureWidth, (captions.joined().map(\.count).max() ?? 0) * pitch) + gap
    let cellHeight = pictureHeight + gap + (captions.map(\.count).max() ?? 0) * lineHeight
    let rows = (cells.count + columns - 1) / columns
    var canvas = Canvas(width: max(1, min(columns, cells.count) * cellWidth), height: max(1, rows * cellHeight))
    for (index, cell) in cells.enumerated() {
      let left = index % columns * cellWidth + gap / 2
      let top = index / columns * cellHeight + gap / 2
      canvas.draw(cell.image, left: left, top: top, zoom: zoom)
      for (number, line) in captions[index].enumerated() {
        canvas.write(
          line, left: left, top: top + pictureHeight + letterZoom + number * lineHeight, zoom: letterZoom,
          colour: cell.tone.colour)
      }
    }
    return PixelImage(width: canvas.width, height: canvas.height, channels: 3, pixels: canvas.pixels)
  }

  /// A caption's words in lines of at most `length` characters; a longer word has a line for itself.
  private static func lines(_ caption: String, of length: Int) -> [String] {
    var lines: [String] = []
    for word in caption.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= length {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

extension PictureSheet.Tone {
  fileprivate var colour: [UInt8] {
    switch self {
    case .plain: [28, 32, 36]
    case .good: [20, 120, 60]
    case .bad: [190, 30, 40]
    }
  }
}

/// A white page to draw on.
private struct Canvas {
  let width: Int, height: Int
  var pixels: [UInt8]

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    pixels = [UInt8](repeating: 255, count: width * height * 3)
  }

  mutating func draw(_ image: PixelImage, left: Int, top: Int, zoom: Int) {
    let source = image.converted(toChannels: 3)
    for row in 0..<image.height {
      for column in 0..<image.width {
        let from = (row * image.width + column) * 3
        fill(left: left + column * zoom, top: top + row * zoom, size: zoom, Array(source.pixels[from..<from + 3]))
      }
    }
  }

  mutating func write(_ text: String, left: Int, top: Int, zoom: Int, colour: [UInt8]) {
    for (place, character) in text.enumerated() {
      let rows = SmallLetters.rows(of: character) ?? SmallLetters.rows(of: "?") ?? []
      for (row, bits) in rows.enumerated() {
        for column in 0..<3 where bits >> (2 - column) & 1 == 1 {
          fill(left: left + (place * SmallLetters.pitch + column) * zoom, top: top + row * zoom, size: zoom, colour)
        }
      }
    }
  }

  private mutating func fill(left: Int, top: Int, size: Int, _ colour: [UInt8]) {
    for row in top..<min(top + size, height) {
      for column in left..<min(left + size, width) {
        for channel in 0..<3 { pixels[(row * width + column) * 3 + channel] = colour[channel] }
      }
    }
  }
}
