/// Two operands, broadcast, element by element.
struct BinaryStep: Sendable {
  /// An axis of the result, with the distance between neighbours in each operand.
  private struct Axis {
    var extent: Int
    var leftStride: Int
    var rightStride: Int
  }

  private let left: Graph.TensorID
  private let right: Graph.TensorID
  private let output: Graph.TensorID
  private let operation: Operation.BinaryOperator
  private let low: Float
  private let high: Float

  /// The axes, outermost first, those that can be walked as one joined; never empty.
  private let axes: [Axis]

  /// A step for `binary`.
  init(_ operands: StepOperands, _ operation: Operation.BinaryOperator, _ activation: Operation.Activation) {
    left = operands.input(0)
    right = operands.input(1)
    output = operands.output
    self.operation = operation
    (low, high) = activation.bounds
    let shape = operands.outputShape
    let leftStrides = operands.shape(0).broadcastStrides(to: shape)
    let rightStrides = operands.shape(1).broadcastStrides(to: shape)
    var axes: [Axis] = []
    for (index, extent) in shape.enumerated() where extent > 1 {
      let axis = Axis(extent: extent, leftStride: leftStrides[index], rightStride: rightStrides[index])
      if let outer = axes.last, outer.leftStride == axis.leftStride * extent,
        outer.rightStride == axis.rightStride * extent
      {
        axes[axes.count - 1] = Axis(
          extent: outer.extent * extent, leftStride: axis.leftStride, rightStride: axis.rightStride)
      } else {
        axes.append(axis)
      }
    }
    self.axes = axes.isEmpty ? [Axis(extent: 1, leftStride: 1, rightStride: 1)] : axes
  }

  /// Computes the result.
  func run(_ memory: EngineMemory) {
    axes.withUnsafeBufferPointer { axes in
      _ = apply(axes[...], memory[left], memory[right], memory[output])
    }
  }

  /// Fills the result from `target` on and answers where the next element goes.
  private func apply(
    _ axes: Slice<UnsafeBufferPointer<Axis>>, _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    let axis = axes[axes.startIndex]
    guard axes.count > 1 else {
      operation.apply(
        left, axis.leftStride, right, axis.rightStride, target, count: axis.extent, low: low, high: high)
      return target + axis.extent
    }
    var target = target
    for index in 0..<axis.extent {
      target = apply(axes.dropFirst(), left + index * axis.leftStride, right + index * axis.rightStride, target)
    }
    return target
  }
}
