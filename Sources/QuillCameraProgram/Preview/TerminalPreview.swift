import CVideo4Linux
import QuillCamera
import QuillImaging

/// Shows frames on a terminal: two pixels a character (the upper half block), with the box around what was found, and a
/// line of text below. It draws on a screen of its own, and gives the old one back when it goes.
///
/// Escape sequences are those of xterm: the alternate screen (DECSET 1049), the cursor (DECTCEM), 256 colours, and
/// synchronised output (mode 2026), which terminals that do not know it pass over.
struct TerminalPreview: ~Copyable {
  /// Pictures are drawn at most this often.
  private static let leastNanoseconds: Int64 = 66_000_000
  /// The bright green of the 256 colours.
  private static let boxColour: UInt8 = 46

  private var screen = TextLine(capacity: 1 << 16)
  private var small: [UInt8] = []
  private var drawnNanoseconds: Int64?
  /// Standard error.
  private static let descriptor: Int32 = 2

  /// Takes the terminal over, or throws where standard error is none.
  ///
  /// A failable initialiser would run `deinit`, and so write to what is no terminal.
  static func open() throws(ProgramError) -> TerminalPreview {
    var columns: UInt32 = 0
    var rows: UInt32 = 0
    guard unsafe quill_terminal_size(descriptor, &columns, &rows) else { throw .noTerminal }
    return TerminalPreview()
  }

  private init() {
    screen.append("\u{1B}[?1049h\u{1B}[?25l")
    screen.writeToStandardError()
  }

  deinit {
    var line = TextLine(capacity: 32)
    line.append("\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l")
    line.writeToStandardError()
  }

  /// Draws a frame, its answer's box, and `text` below; passed over where the last drawing is too fresh.
  mutating func show(_ picture: Picture, box: PixelBox?, text: TextLine) {
    let now = Clock.nanoseconds
    if let drawnNanoseconds, now - drawnNanoseconds < Self.leastNanoseconds { return }
    drawnNanoseconds = now
    var columns: UInt32 = 0
    var rows: UInt32 = 0
    // The window may have changed since the last drawing.
    guard unsafe quill_terminal_size(Self.descriptor, &columns, &rows), columns > 1, rows > 1 else { return }
    let size = Self.size(of: picture.shape, columns: Int(columns), halfRows: 2 * (Int(rows) - 1))
    guard shrink(picture, to: size) else { return }
    screen.clear()
    screen.append("\u{1B}[?2026h\u{1B}[H")
    let frame = box.map { Self.scaled($0, from: picture.shape, to: size) }
    for row in 0..<size.height / 2 { drawRow(row, size, channels: picture.channels.rawValue, frame) }
    screen.append("\u{1B}[0m")
    appendText(text, columns: Int(columns))
    screen.append("\u{1B}[J\u{1B}[?2026l")
    screen.writeToStandardError()
  }

  /// The largest size with the picture's aspect and an even height.
  private static func size(of shape: FrameShape, columns: Int, halfRows: Int) -> FrameShape {
    var width = columns
    var height = max(2, shape.height * columns / shape.width)
    if height > halfRows {
      height = halfRows
      width = min(columns, max(1, shape.width * halfRows / shape.height))
    }
    return FrameShape(width: width, height: height / 2 * 2)
  }

  private mutating func shrink(_ picture: Picture, to size: FrameShape) -> Bool {
    let count = size.width * size.height * picture.channels.rawValue
    if small.count != count { small = [UInt8](repeating: 0, count: count) }
    let whole = PixelBox(
      left: 0, top: 0, right: Int32(picture.shape.width), bottom: Int32(picture.shape.height))
    var target = small.mutableSpan
    do throws(ImagingError) {
      try resizePicture(
        picture.pixels.span, shape: picture.shape, channels: picture.channels.rawValue, crop: whole, rule: .area,
        into: &target, width: size.width, height: size.height)
      return true
    } catch {
      return false
    }
  }

  private static func scaled(_ box: PixelBox, from shape: FrameShape, to size: FrameShape) -> PixelBox {
    PixelBox(
      left: Int32(Int(box.left) * size.width / shape.width), top: Int32(Int(box.top) * size.height / shape.height),
      right: Int32((Int(box.right) - 1) * size.width / shape.width),
      bottom: Int32((Int(box.bottom) - 1) * size.height / shape.height))
  }

  /// One row of characters: the upper pixel is the block's colour, the lower one the background.
  private mutating func drawRow(_ row: Int, _ size: FrameShape, channels: Int, _ frame: PixelBox?) {
    var last: (upper: UInt8, lower: UInt8)?
    for column in 0..<size.width {
      let upper = colour(column, 2 * row, size, channels, frame)
      let lower = colour(column, 2 * row + 1, size, channels, frame)
      if last?.upper != upper {
        screen.append("\u{1B}[38;5;")
        screen.append(upper)
        screen.append("m")
      }
      if last?.lower != lower {
        screen.append("\u{1B}[48;5;")
        screen.append(lower)
        screen.append("m")
      }
      last = (upper, lower)
      screen.append("\u{2580}")
    }
    screen.append("\u{1B}[0m\u{1B}[K\r\n")
  }

  /// A pixel among the 256 colours: the box's green, the 24 greys from 232 on, or the cube of 6 x 6 x 6 from 16 on.
  private func colour(_ x: Int, _ y: Int, _ size: FrameShape, _ channels: Int, _ frame: PixelBox?) -> UInt8 {
    if let frame, x >= frame.left, x <= frame.right, y >= frame.top, y <= frame.bottom,
      x == frame.left || x == frame.right || y == frame.top || y == frame.bottom
    {
      return Self.boxColour
    }
    let place = (y * size.width + x) * channels
    if channels == 1 { return 232 + UInt8(Int(small[place]) * 24 / 256) }
    let red = Int(small[place]) * 6 / 256
    let green = Int(small[place + 1]) * 6 / 256
    let blue = Int(small[place + 2]) * 6 / 256
    return UInt8(16 + 36 * red + 6 * green + blue)
  }

  /// The text without its line feed, cut to the terminal's width between characters.
  private mutating func appendText(_ text: TextLine, columns: Int) {
    var shown = 0
    for byte in text.bytes where byte != 0x0A {
      if byte & 0xC0 != 0x80 { shown += 1 }
      if shown > columns { break }
      screen.append(byte: byte)
    }
    screen.append("\u{1B}[K")
  }
}
