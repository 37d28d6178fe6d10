/// The elements of a tensor in groups: those that differ on some axes only come together.
struct AxisGroups: Sendable {
  /// The tensor's extents; a scalar is walked as one element.
  let shape: [Int]

  /// The distance between the groups of neighbours on each axis; 0 on the axes that a group goes over.
  let strides: [Int]

  let count: Int

  /// The elements of each group.
  var elementCount: Int { shape.product / count }

  init(of shape: [Int], over axes: [Int]) {
    self.shape = shape.isEmpty ? [1] : shape
    var kept = self.shape
    for axis in axes { kept[axis] = 1 }
    strides = kept.broadcastStrides(to: self.shape)
    count = kept.product
  }
}
