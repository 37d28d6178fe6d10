extension NetworkPicture {
  private static let chartHeight = 340.0
  private static let left = 84.0
  private static let bottom = 40.0

  /// The arena as an SVG element: from left to right the operators, from bottom to top the bytes, a rectangle a tensor
  /// from the operator that writes it to the last that reads it; `nil` for a float network.
  package var arenaSVG: String? {
    guard let arenaByteCount, arenaByteCount > 0, !layers.isEmpty else { return nil }
    let step = max(14, min(76, 1100 / Double(layers.count)))
    let width = Self.left + step * Double(layers.count) + 12
    let height = Self.chartHeight + Self.bottom + 12
    func y(_ byte: Int) -> Double { 12 + Self.chartHeight * (1 - Double(byte) / Double(arenaByteCount)) }
    var parts = [
      "<svg class=\"arena\" viewBox=\"0 0 \(pixels(width)) \(pixels(height))\" width=\"\(pixels(width))\" "
        + "height=\"\(pixels(height))\" role=\"img\" aria-label=\"the arena\">"
    ]
    for quarter in 0...4 {
      let byte = arenaByteCount * quarter / 4
      parts.append(
        "<path class=\"rule\" d=\"M\(pixels(Self.left)) \(pixels(y(byte))) H\(pixels(width - 12))\"/>"
          + "<text class=\"number\" text-anchor=\"end\" x=\"\(pixels(Self.left - 8))\" y=\"\(pixels(y(byte) + 4))\">"
          + "\(Self.grouped(byte))</text>")
    }
    for life in lives {
      let x = Self.left + Double(life.first) * step
      let (top, low) = (y(life.place.offset + life.place.byteCount), y(life.place.offset))
      let name = tensors[life.tensor].name
      let hint =
        "\(name): \(Self.grouped(life.place.byteCount)) bytes from \(Self.grouped(life.place.offset)), "
        + "operators \(life.first) to \(life.last)"
      let space = step * Double(life.last - life.first + 1)
      parts.append(
        "<g class=\"life\"><title>\(Self.escaped(hint))</title><rect x=\"\(pixels(x))\" y=\"\(pixels(top))\" "
          + "width=\"\(pixels(space))\" height=\"\(pixels(max(1, low - top)))\"/>"
          + (!life.isAlias && low - top >= 16 && space >= 40
            ? "<text class=\"name\" x=\"\(pixels(x + 5))\" y=\"\(pixels((top + low) / 2 + 4))\">"
              + "\(Self.escaped(Self.shortened(name, to: Int(space / 7))))</text>" : "") + "</g>")
    }
    for (index, layer) in layers.enumerated() {
      parts.append(
        "<text class=\"number\" text-anchor=\"middle\" x=\"\(pixels(Self.left + (Double(index) + 0.5) * step))\" "
          + "y=\"\(pixels(Self.chartHeight + 30))\">\(index)<title>\(Self.escaped(layer.operator))</title></text>")
    }
    return (parts + ["</svg>"]).joined(separator: "\n")
  }

  /// A tensor's stay in the arena, in operators.
  private struct Life {
    var tensor: Int
    var place: Place
    var first: Int
    var last: Int
    /// Whether it takes the place of a tensor that is still there, as a reshape's does.
    var isAlias = false
  }

  private var lives: [Life] {
    var lives: [Int: Life] = [:]
    func live(_ tensor: Int, at index: Int) {
      guard let place = tensors[tensor].place else { return }
      lives[tensor, default: Life(tensor: tensor, place: place, first: index, last: index)].last = index
    }
    for tensor in inputs { live(tensor, at: 0) }
    for (index, layer) in layers.enumerated() {
      for tensor in layer.inputs + [layer.output] { live(tensor, at: index) }
    }
    for tensor in outputs { live(tensor, at: layers.count - 1) }
    var sorted = lives.values.sorted { ($0.first, $0.tensor) < ($1.first, $1.tensor) }
    var lastAt: [Int: Int] = [:]
    for index in sorted.indices {
      let life = sorted[index]
      sorted[index].isAlias = lastAt[life.place.offset].map { $0 >= life.first } ?? false
      lastAt[life.place.offset] = max(lastAt[life.place.offset] ?? 0, life.last)
    }
    return sorted
  }
}
