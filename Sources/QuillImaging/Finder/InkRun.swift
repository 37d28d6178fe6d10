/// A horizontal run of ink pixels: columns `start`..<`end` of one row.
struct InkRun {
  var row: Int16
  var start: Int16
  var end: Int16
  /// While labelling: the index of a run of the same component, itself for the first. Afterwards: the component.
  var link: Int32
  /// Columns that have ink of the component in the row above.
  var covered: Int16 = 0
}

/// Ink that hangs together.
struct InkComponent {
  var box: PixelBox
  /// Pixels.
  var area: Int32
  /// Sum of the pixels' contrast.
  var mass: Int32
  /// Runs: the more for the same area, the thinner the strokes.
  var runCount: Int32
  /// The same counted down the columns: ink pixels with none of the component above.
  var columnRunCount: Int32 = 0
  /// Pixels along the plane's edges.
  var edgeLength: Int32 = 0
  /// Which digit this is part of; -1 for none.
  var group: Int32 = -1
  /// Whether this is drawn about something else: the box of a form, a ring.
  var isFrame = false

  /// How thick the shape is: area over half its outline, both counted along the axes. A stroke's width for an upright
  /// or level stroke, less by up to a quarter for a slanted one; 0.39 of the diameter for a disc, half the side for a
  /// square.
  var thickness: Int32 { area / max(1, runCount + columnRunCount) }

  /// Whether the box has a side of `leastSide` at least and is mostly empty.
  func isHollow(leastSide: Int32) -> Bool {
    min(box.width, box.height) >= leastSide && area * 5 <= box.width * box.height * 2
  }
}
