import Foundation
import QuillData

/// A page of HTML that needs nothing beside itself: headings, words, tables, drawings and pictures, one below the other.
package struct HTMLPage: Sendable {
  private let title: String
  private var parts: [String] = []

  /// An empty page.
  package init(title: String) { self.title = title }

  /// The file.
  package var html: String {
    let title = Self.escaped(title)
    let head = [
      "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<meta name=\"color-scheme\" content=\"light dark\">", "<title>\(title)</title>",
      "<style>\n\(Self.style)\n</style>", "</head>", "<body>", "<h1>\(title)</h1>",
    ]
    return (head + parts + ["</body>", "</html>"]).joined(separator: "\n") + "\n"
  }

  /// Adds a heading of a section.
  package mutating func heading(_ text: String) { parts.append("<h2>\(Self.escaped(text))</h2>") }

  /// Adds a paragraph.
  package mutating func paragraph(_ text: String) { parts.append("<p>\(Self.escaped(text))</p>") }

  /// Adds a drawing: an element of SVG that is sound by itself.
  package mutating func drawing(_ svg: String) { parts.append("<div class=\"scroll\">\(svg)</div>") }

  /// Adds a table; columns from `first` on are numbers.
  package mutating func table(_ headings: [String], _ rows: [[String]], numbersFrom first: Int = 1) {
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>"
        + cells.enumerated().map { index, cell in
          "<\(tag)\(index >= first ? " class=\"right\"" : "")>\(Self.escaped(cell))</\(tag)>"
        }.joined() + "</tr>"
    }
    parts.append(
      "<div class=\"scroll\"><table>\n<thead>\(row(headings, "th"))</thead>\n<tbody>"
        + rows.map { row($0, "td") }.joined(separator: "\n") + "</tbody>\n</table></div>")
  }

  /// Adds pictures beside each other, each with its caption, enlarged to about `side` pixels.
  package mutating func pictures(_ cells: [PictureSheet.Cell], side: Int = 64) {
    let figures = cells.map { cell in
      let zoom = max(1, side / max(cell.image.width, cell.image.height))
      let (width, height) = (cell.image.width * zoom, cell.image.height * zoom)
      let mood =
        switch cell.tone {
        case .plain: ""
        case .good: " class=\"good\""
        case .bad: " class=\"bad\""
        }
      return "<figure><img alt=\"\" width=\"\(width)\" height=\"\(height)\" src=\"\(Self.source(cell.image))\">"
        + "<figcaption\(mood)>\(Self.escaped(cell.caption))</figcaption></figure>"
    }
    parts.append("<div class=\"pictures\">\n\(figures.joined(separator: "\n"))\n</div>")
  }

  private static func source(_ image: PixelImage) -> String {
    "data:image/png;base64," + Data(PNGFile.encode(image)).base64EncodedString()
  }

  /// A text as HTML and SVG show it.
  package static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  private static let style = """
    :root { --page: #ffffff; --ink: #1c2024; --dim: #5b646d; --rule: #d8dde2; --right: #2868c8; --wrong: #c8382b;
      --good: #1a7a43;
      --other: #c4500b; }
    @media (prefers-color-scheme: dark) { :root { --page: #14171a; --ink: #e8ebee; --dim: #a2abb4; --rule: #363c42;
      --right: #6ea4f4; --wrong: #f0796d; --good: #55c184;
      --other: #f09a5c; } }
    body { background: var(--page); color: var(--ink); margin: 24px auto; max-width: 1100px; padding: 0 16px;
      font: 15px/1.45 system-ui, sans-serif; }
    h1 { font-size: 22px; overflow-wrap: anywhere; } h2 { font-size: 18px; margin-top: 32px; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; } th, td { text-align: left; padding: 3px 14px 3px 0; }
    th { color: var(--dim); font-weight: normal; } tbody tr { border-top: 1px solid var(--rule); }
    .right { text-align: right; font-variant-numeric: tabular-nums; }
    .pictures { display: flex; flex-wrap: wrap; } figure { margin: 0 12px 12px 0; } img { image-rendering: pixelated; }
    figcaption { font-size: 12px; color: var(--dim); } .good { color: var(--good); } .bad { color: var(--wrong); }
    svg { font: 12px system-ui, sans-serif; } svg text { fill: var(--ink); } svg .dim { fill: var(--dim); }
    svg .rule { stroke: var(--rule); fill: none; } svg .hit { fill: var(--right); } svg .miss { fill: var(--wrong); }
    svg .line { fill: none; stroke-width: 2; } svg .training { stroke: var(--right); fill: var(--right); }
    svg .validation { stroke: var(--other); fill: var(--other); } svg text.training, svg text.validation { stroke: none; }
    svg .dashed { stroke: var(--dim); stroke-dasharray: 4 4; }
    """
}
