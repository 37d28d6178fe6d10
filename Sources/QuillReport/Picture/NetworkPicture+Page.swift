extension NetworkPicture {
  /// One HTML page that needs nothing beside itself: the graph, the arena, and tables of layers and tensors.
  package var html: String {
    let title = Self.escaped(title)
    var parts = [
      "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<meta name=\"color-scheme\" content=\"light dark\">", "<title>\(title)</title>",
      "<style>\(Self.style)</style>", "</head>", "<body>", "<h1>\(title)</h1>", "<dl>",
    ]
    parts += facts.map { "<dt>\(Self.escaped($0.key))</dt><dd>\(Self.escaped($0.value))</dd>" }
    parts += ["</dl>", "<div class=\"scroll\">", graphSVG, "</div>"]
    if let arenaSVG {
      parts += [
        "<h2>Arena</h2>",
        "<p>Across, the operators in the order in which they run; upwards, bytes. Each rectangle is a tensor, halo "
          + "included, from the operator that writes it to the last that reads it.</p>",
        "<div class=\"scroll\">", arenaSVG, "</div>",
      ]
    }
    parts += ["<h2>Layers</h2>", layerTable, "<h2>Tensors</h2>", tensorTable, "</body>", "</html>"]
    return parts.joined(separator: "\n") + "\n"
  }

  private var layerTable: String {
    let rows = layers.enumerated().map { index, layer in
      [
        String(index), layer.operator, layer.name, Self.shape(tensors[layer.output].shape),
        Self.grouped(layer.parameters), Self.grouped(layer.multiplyAccumulates),
      ]
    }
    let total = [
      "", "all", "", "", Self.grouped(layers.reduce(0) { $0 + $1.parameters }),
      Self.grouped(layers.reduce(0) { $0 + $1.multiplyAccumulates }),
    ]
    return table(
      ["layer", "operator", "name", "output", "parameters", "multiply-accumulates"], rows + [total], numbersFrom: 4)
  }

  private var tensorTable: String {
    var headings = ["name", "shape"]
    if isQuantized { headings += ["scale", "zero point", "range", "arena offset", "bytes"] }
    let rows = tensors.map { tensor in
      let numbers = [
        tensor.scale.map { "\($0)" }, tensor.zeroPoint.map(String.init), Self.range(of: tensor),
        (tensor.place?.offset).map(Self.grouped), (tensor.place?.byteCount).map(Self.grouped),
      ].map { $0 ?? "" }
      return [tensor.name, Self.shape(tensor.shape)] + (isQuantized ? numbers : [])
    }
    return table(headings, rows, numbersFrom: 2)
  }

  /// The real numbers that -128 and 127 stand for.
  static func range(of tensor: Tensor) -> String? {
    guard let scale = tensor.scale, let zeroPoint = tensor.zeroPoint else { return nil }
    return "\(scale * Float(-128 - zeroPoint))...\(scale * Float(127 - zeroPoint))"
  }

  private func table(_ headings: [String], _ rows: [[String]], numbersFrom first: Int) -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>"
        + cells.enumerated().map { index, cell in
          "<\(tag)\(index >= first ? " class=\"right\"" : "")>\(Self.escaped(cell))</\(tag)>"
        }.joined() + "</tr>"
    }
    return "<div class=\"scroll\"><table>\n<thead>\(row(headings, "th"))</thead>\n<tbody>"
      + rows.map { row($0, "td") }.joined(separator: "\n") + "</tbody>\n</table></div>"
  }

  private static let style = """
    :root { --page: #ffffff; --ink: #1c2024; --dim: #5b646d; --rule: #d8dde2; --box: #f6f8fa;
      --linear: #2868c8; --pool: #1f8a4c; --element: #b0620b; --movement: #7a828a; --edge: #7a3fb0; }
    @media (prefers-color-scheme: dark) {
      :root { --page: #14171a; --ink: #e8ebee; --dim: #a2abb4; --rule: #363c42; --box: #1e2327;
        --linear: #6ea4f4; --pool: #55c184; --element: #e39a45; --movement: #949da6; --edge: #b98ae6; } }
    body { background: var(--page); color: var(--ink); margin: 24px; font: 15px/1.45 system-ui, sans-serif; }
    h1 { font-size: 22px; } h2 { font-size: 18px; margin-top: 32px; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; }
    dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; } th, td { text-align: left; padding: 3px 14px 3px 0; }
    th { color: var(--dim); font-weight: normal; } tbody tr { border-top: 1px solid var(--rule); }
    .right { text-align: right; font-variant-numeric: tabular-nums; }
    svg { font: 12px system-ui, sans-serif; max-width: none; } svg text { fill: var(--ink); }
    svg .heading { font-weight: 600; font-size: 14px; } svg .number { fill: var(--dim); }
    .box rect { fill: var(--box); stroke: var(--rule); } .box .band { stroke: none; }
    .linear .band { fill: var(--linear); } .pool .band { fill: var(--pool); } .element .band { fill: var(--element); }
    .movement .band { fill: var(--movement); } .edge .band { fill: var(--edge); }
    .line { fill: none; stroke: var(--dim); stroke-width: 1.6; } .rule { stroke: var(--rule); }
    .life rect { fill: var(--linear); fill-opacity: 0.22; stroke: var(--linear); }
    """

  /// A shape as the tool writes it.
  static func shape(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " x ") }

  /// Digits in groups of three.
  static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[max(0, $0 - 3)..<$0]) }
    return (number < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }

  /// A text of at most so many characters, its end kept: names of layers differ there.
  static func shortened(_ text: String, to count: Int) -> String {
    text.count <= count ? text : "…" + text.suffix(max(0, count - 1))
  }

  /// Text for HTML, without what is no text.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
      }
    }
    return result
  }

  /// A length with one decimal.
  func pixels(_ length: Double) -> String {
    let tenths = Int((length * 10).rounded())
    return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
  }
}
