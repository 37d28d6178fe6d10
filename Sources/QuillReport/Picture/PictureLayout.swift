/// Where the boxes of a drawing stand: inputs above, outputs below, each layer below what it reads.
///
/// Layers stand in rows by their longest way from an input. A connection that passes rows gets a narrow place in each,
/// so that it meets no box; places are ordered by the mean of their neighbours and moved towards them (after Sugiyama,
/// Tagawa and Toda 1981).
struct PictureLayout {
  /// A box, or the place of a passing connection.
  struct Place {
    var row: Int
    var isBox: Bool
    /// The middle, in pixels.
    var x = 0.0
  }

  /// A tensor on its way from one box to another: the places that it passes, both ends included.
  struct Route {
    var tensor: Int
    var places: [Int]
  }

  static let boxWidth = 264.0
  static let passageWidth = 26.0
  static let gap = 28.0

  /// Boxes first: inputs, layers, outputs; then passages.
  private(set) var places: [Place]
  private(set) var routes: [Route] = []
  private(set) var rows: [[Int]] = []
  private var above: [[Int]] = []
  private var below: [[Int]] = []

  private static let orderingSweeps = 6
  private static let placingSweeps = 12
  /// A drawing with more passages than this is not read any more: long connections are then drawn straight.
  private static let mostPassages = 20_000

  init(_ picture: NetworkPicture) {
    let edges = Self.edges(of: picture)
    let boxCount = picture.inputs.count + picture.layers.count + picture.outputs.count
    let rowOf = Self.rows(edges, boxCount: boxCount, inputCount: picture.inputs.count)
    places = rowOf.map { Place(row: $0, isBox: true) }
    addRoutes(edges)
    rows = [[Int]](repeating: [], count: (places.map(\.row).max() ?? 0) + 1)
    for (index, place) in places.enumerated() { rows[place.row].append(index) }
    order()
    place()
  }

  /// The drawing's width.
  var width: Double {
    (places.map { $0.x + Self.width(of: $0) / 2 }.max() ?? 0)
      - (places.map { $0.x - Self.width(of: $0) / 2 }.min() ?? 0)
  }

  private struct Edge {
    var tensor: Int
    var source: Int
    var target: Int
  }

  /// Connections between boxes.
  private static func edges(of picture: NetworkPicture) -> [Edge] {
    var producer: [Int: Int] = [:]
    for (index, tensor) in picture.inputs.enumerated() { producer[tensor] = index }
    var edges: [Edge] = []
    for (index, layer) in picture.layers.enumerated() {
      let box = picture.inputs.count + index
      for tensor in layer.inputs {
        if let source = producer[tensor] { edges.append(Edge(tensor: tensor, source: source, target: box)) }
      }
      producer[layer.output] = box
    }
    for (index, tensor) in picture.outputs.enumerated() {
      let box = picture.inputs.count + picture.layers.count + index
      if let source = producer[tensor] { edges.append(Edge(tensor: tensor, source: source, target: box)) }
    }
    return edges
  }

  /// Each box's row. What reads nothing stands right above its first reader.
  private static func rows(_ edges: [Edge], boxCount: Int, inputCount: Int) -> [Int] {
    var row = [Int](repeating: 0, count: boxCount)
    var readsSomething = [Bool](repeating: false, count: boxCount)
    var firstReader = [Int](repeating: .max, count: boxCount)
    // Edges come by rising target, and every source stands before its target.
    for edge in edges {
      row[edge.target] = max(row[edge.target], row[edge.source] + 1)
      readsSomething[edge.target] = true
    }
    for edge in edges { firstReader[edge.source] = min(firstReader[edge.source], row[edge.target]) }
    for box in row.indices where !readsSomething[box] && firstReader[box] != .max { row[box] = firstReader[box] - 1 }
    return row
  }

  private mutating func addRoutes(_ edges: [Edge]) {
    let passages = edges.reduce(0) { $0 + max(0, places[$1.target].row - places[$1.source].row - 1) }
    for edge in edges {
      var way = [edge.source]
      if passages <= Self.mostPassages, places[edge.source].row + 1 < places[edge.target].row {
        for row in places[edge.source].row + 1..<places[edge.target].row {
          places.append(Place(row: row, isBox: false))
          way.append(places.count - 1)
        }
      }
      routes.append(Route(tensor: edge.tensor, places: way + [edge.target]))
    }
    above = [[Int]](repeating: [], count: places.count)
    below = above
    for route in routes {
      for (upper, lower) in zip(route.places, route.places.dropFirst()) {
        below[upper].append(lower)
        above[lower].append(upper)
      }
    }
  }

  /// Orders each row by the mean position of what its places are connected with, downwards and upwards in turn.
  private mutating func order() {
    var position = [Double](repeating: 0, count: places.count)
    func number(_ row: [Int]) { for (index, place) in row.enumerated() { position[place] = Double(index) } }
    for row in rows { number(row) }
    for sweep in 0..<Self.orderingSweeps {
      let isDownwards = sweep.isMultiple(of: 2)
      for row in isDownwards ? Array(rows.indices) : rows.indices.reversed() {
        let keys = rows[row].map { place in
          Self.mean((isDownwards ? above : below)[place].map { position[$0] }) ?? position[place]
        }
        let sorted = rows[row].indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        rows[row] = sorted.map { rows[row][$0] }
        number(rows[row])
      }
    }
  }

  /// Moves places below and above what they are connected with, as far as their neighbours in the row let them.
  private mutating func place() {
    for row in rows { spread(row, around: row.map { _ in 0 }) }
    for sweep in 0..<Self.placingSweeps {
      for row in sweep.isMultiple(of: 2) ? Array(rows.indices) : rows.indices.reversed() {
        let wanted = rows[row].map { place in
          Self.mean((above[place] + below[place]).map { places[$0].x }) ?? places[place].x
        }
        spread(rows[row], around: wanted)
      }
    }
    let left = places.map { $0.x - Self.width(of: $0) / 2 }.min() ?? 0
    for index in places.indices { places[index].x -= left }
  }

  /// Sets a row's places near where they are wanted and without overlap: midway between the answers of pushing to the
  /// right and of pushing to the left, which both keep the distances.
  private mutating func spread(_ row: [Int], around wanted: [Double]) {
    var pushedRight = wanted
    var pushedLeft = wanted
    for index in row.indices.dropFirst() {
      let distance = distance(row[index - 1], row[index])
      pushedRight[index] = max(wanted[index], pushedRight[index - 1] + distance)
    }
    for index in row.indices.dropLast().reversed() {
      pushedLeft[index] = min(wanted[index], pushedLeft[index + 1] - distance(row[index], row[index + 1]))
    }
    for (index, place) in row.enumerated() { places[place].x = (pushedRight[index] + pushedLeft[index]) / 2 }
  }

  private func distance(_ left: Int, _ right: Int) -> Double {
    (Self.width(of: places[left]) + Self.width(of: places[right])) / 2 + Self.gap
  }

  private static func width(of place: Place) -> Double { place.isBox ? boxWidth : passageWidth }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
