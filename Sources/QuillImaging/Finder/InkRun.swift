/// A horizontal run of ink pixels: columns `start`..<`end` of one row.
struct InkRun {
  var row: Int16
  var start: Int16
  var end: Int16
  /// While labelling: the index of a run of the same component, itself for the first. Afterwards: the component.
  var link: Int32
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
  /// Which digit this is part of; -1 for none.
  var group: Int32 = -1
}
