/// Copies a block of elements between two layouts: transposing, slicing, padding, joining and repeating are all this.
struct StridedCopy: Sendable {
  /// An axis of the block, with the distance between neighbours on either side.
  private struct Axis {
    var extent: Int
    var sourceStride: Int
    var targetStride: Int
  }

  /// The axes, outermost first, those that can be walked as one joined; never empty.
  private let axes: [Axis]

  private let sourceOffset: Int
  private let targetOffset: Int

  /// A copy of a block of the given shape.
  init(
    shape: [Int], sourceOffset: Int = 0, sourceStrides: [Int], targetOffset: Int = 0, targetStrides: [Int]
  ) {
    var axes: [Axis] = []
    for (index, extent) in shape.enumerated() where extent > 1 {
      let axis = Axis(extent: extent, sourceStride: sourceStrides[index], targetStride: targetStrides[index])
      if let outer = axes.last, outer.sourceStride == axis.sourceStride * extent,
        outer.targetStride == axis.targetStride * extent
      {
        axes[axes.count - 1] = Axis(
          extent: outer.extent * extent, sourceStride: axis.sourceStride, targetStride: axis.targetStride)
      } else {
        axes.append(axis)
      }
    }
    self.axes = axes.isEmpty ? [Axis(extent: 1, sourceStride: 1, targetStride: 1)] : axes
    self.sourceOffset = sourceOffset
    self.targetOffset = targetOffset
  }

  /// Copies.
  func run(from source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
    axes.withUnsafeBufferPointer { copy($0[...], source + sourceOffset, target + targetOffset) }
  }

  private func copy(
    _ axes: Slice<UnsafeBufferPointer<Axis>>, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
  ) {
    let axis = axes[axes.startIndex]
    if axes.count > 1 {
      for index in 0..<axis.extent {
        copy(axes.dropFirst(), source + index * axis.sourceStride, target + index * axis.targetStride)
      }
    } else if axis.sourceStride == 1 && axis.targetStride == 1 {
      target.update(from: source, count: axis.extent)
    } else {
      for index in 0..<axis.extent {
        target[index * axis.targetStride] = source[index * axis.sourceStride]
      }
    }
  }
}

extension [Int] {
  /// The distance between neighbours on each axis of a tensor of this shape in row-major order.
  var rowMajorStrides: [Int] {
    var strides = self
    var stride = 1
    for axis in indices.reversed() {
      strides[axis] = stride
      stride *= self[axis]
    }
    return strides
  }
}
