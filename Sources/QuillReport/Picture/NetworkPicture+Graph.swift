extension NetworkPicture {
  private static let lineHeight = 17.0
  private static let padding = 9.0
  private static let rowGap = 34.0
  private static let margin = 12.0
  /// What a box is wide enough for in a wide typeface.
  private static let mostCharacters = 34

  /// The graph as an SVG element: a box a layer, a line a tensor.
  package var graphSVG: String {
    let layout = PictureLayout(self)
    let boxHeight = Self.padding * 2 + Self.lineHeight * Double(isQuantized ? 6 : 4) - 4
    let pitch = boxHeight + Self.rowGap
    let width = layout.width + 2 * Self.margin
    let height = Double(layout.rows.count) * pitch - Self.rowGap + 2 * Self.margin
    func top(_ row: Int) -> Double { Self.margin + Double(row) * pitch }
    var parts = [
      "<svg class=\"graph\" viewBox=\"0 0 \(pixels(width)) \(pixels(height))\" width=\"\(pixels(width))\" "
        + "height=\"\(pixels(height))\" role=\"img\" aria-label=\"the network's graph\">"
    ]
    parts += layout.routes.map { line($0, layout, boxHeight: boxHeight, top: top) }
    for box in 0..<inputs.count + layers.count + outputs.count {
      let place = layout.places[box]
      parts.append(
        draw(content(ofBox: box), x: Self.margin + place.x - PictureLayout.boxWidth / 2, y: top(place.row), boxHeight))
    }
    return (parts + ["</svg>"]).joined(separator: "\n")
  }

  /// Whether its tensors have scales and places.
  var isQuantized: Bool { tensors.contains { $0.scale != nil } }

  private struct Box {
    var style: String
    var heading: String
    /// What a pointer over the box shows, in full.
    var hint: String
    var lines: [String]
  }

  private func content(ofBox box: Int) -> Box {
    if box < inputs.count {
      let tensor = tensors[inputs[box]]
      return Box(style: "edge", heading: "input", hint: tensor.name, lines: [tensor.name] + lines(of: tensor))
    }
    guard box < inputs.count + layers.count else {
      let tensor = tensors[outputs[box - inputs.count - layers.count]]
      return Box(style: "edge", heading: "output", hint: tensor.name, lines: [tensor.name] + lines(of: tensor))
    }
    let layer = layers[box - inputs.count]
    let cost =
      layer.multiplyAccumulates > 0
      ? "\(Self.grouped(layer.parameters)) parameters, \(Self.grouped(layer.multiplyAccumulates)) MAC"
      : layer.parameters > 0 ? "\(Self.grouped(layer.parameters)) parameters" : nil
    return Box(
      style: Self.family(of: layer.operator), heading: layer.operator, hint: layer.name,
      lines: [layer.name] + [cost].compactMap(\.self) + lines(of: tensors[layer.output]))
  }

  private func lines(of tensor: Tensor) -> [String] {
    var lines = [Self.shape(tensor.shape)]
    if let scale = tensor.scale, let zeroPoint = tensor.zeroPoint {
      lines.append("scale \(scale), zero point \(zeroPoint)")
    }
    if let place = tensor.place {
      lines.append("arena \(Self.grouped(place.offset)), \(Self.grouped(place.byteCount)) bytes")
    }
    return lines
  }

  private func draw(_ box: Box, x: Double, y: Double, _ height: Double) -> String {
    var parts = [
      "<g class=\"box \(box.style)\"><title>\(Self.escaped(box.hint))</title>",
      "<rect x=\"\(pixels(x))\" y=\"\(pixels(y))\" width=\"\(pixels(PictureLayout.boxWidth))\" "
        + "height=\"\(pixels(height))\" rx=\"6\"/>",
      "<rect class=\"band\" x=\"\(pixels(x))\" y=\"\(pixels(y))\" width=\"6\" height=\"\(pixels(height))\" rx=\"3\"/>",
    ]
    for (index, line) in ([box.heading] + box.lines).enumerated() {
      let style = index == 0 ? "heading" : index == 1 ? "name" : "number"
      parts.append(
        "<text class=\"\(style)\" x=\"\(pixels(x + 16))\" "
          + "y=\"\(pixels(y + Self.padding + Self.lineHeight * (Double(index) + 0.7)))\">"
          + Self.escaped(Self.shortened(line, to: Self.mostCharacters)) + "</text>")
    }
    return (parts + ["</g>"]).joined()
  }

  /// A curve through the places of a route, upright at each.
  private func line(
    _ route: PictureLayout.Route, _ layout: PictureLayout, boxHeight: Double, top: (Int) -> Double
  ) -> String {
    var path = ""
    for (upper, lower) in zip(route.places, route.places.dropFirst()) {
      let (from, to) = (layout.places[upper], layout.places[lower])
      let (x1, y1) = (from.x + Self.margin, top(from.row) + boxHeight)
      let (x2, y2) = (to.x + Self.margin, top(to.row))
      let middle = (y1 + y2) / 2
      if path.isEmpty { path = "M\(pixels(x1)) \(pixels(y1))" }
      path += " C\(pixels(x1)) \(pixels(middle)) \(pixels(x2)) \(pixels(middle)) \(pixels(x2)) \(pixels(y2))"
      if !to.isBox { path += " V\(pixels(y2 + boxHeight))" }
    }
    let tensor = tensors[route.tensor]
    return "<path class=\"line\" d=\"\(path)\"><title>\(Self.escaped("\(tensor.name), \(Self.shape(tensor.shape))"))"
      + "</title></path>"
  }

  /// The family of an operator, which colours its box.
  private static func family(of name: String) -> String {
    switch name {
    case "Conv2D", "DepthwiseConv2D", "FullyConnected", "MatrixMultiply": "linear"
    case "MaxPool2D", "AveragePool2D", "Mean", "Sum", "ResizeNearest": "pool"
    case "Reshape", "Transpose", "Pad", "Concatenate", "Slice", "Constant": "movement"
    default: "element"
    }
  }
}
