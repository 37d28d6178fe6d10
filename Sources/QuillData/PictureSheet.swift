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

  /// Pixels of the sheet to one of a picture and of a letter.
  private let zoom: Int

  /// A sheet, row by row.
  public init(_ cells: [Cell], columns: Int, zoom: Int = 2) {
    precondition(columns > 0 && zoom > 0, "a sheet has columns")
    self.cells = cells
    self.columns = columns
    self.zoom = zoom
  }

  /// The sheet: RGB on white. Without cells it is one white pixel.
  public var image: PixelImage {
    let gap = 4
    let textWidth = (cells.map(\.caption.count).max() ?? 0) * SmallLetters.pitch
    let cellWidth = (max(cells.map(\.image.width).max() ?? 0, textWidth) + gap) * zoom
    let pictureHeight = cells.map(\.image.height).max() ?? 0
    let hasText = textWidth > 0
    let cellHeight = (pictureHeight + gap + (hasText ? SmallLetters.lineHeight : 0)) * zoom
    let rows = (cells.count + columns - 1) / columns
    let width = max(1, min(columns, cells.count) * cellWidth)
    var canvas = Canvas(width: width, height: max(1, rows * cellHeight))
    for (index, cell) in cells.enumerated() {
      let (left, top) = (index % columns * cellWidth, index / columns * cellHeight)
      canvas.draw(cell.image, left: left + gap / 2 * zoom, top: top + gap / 2 * zoom, zoom: zoom)
      canvas.write(
        cell.caption, left: left + gap / 2 * zoom, top: top + (pictureHeight + gap / 2 + 1) * zoom, zoom: zoom,
        colour: cell.tone.colour)
    }
    return PixelImage(width: canvas.width, height: canvas.height, channels: 3, pixels: canvas.pixels)
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
