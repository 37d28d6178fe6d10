/// Where a tensor's values lie, seen from its first: what a kernel needs to walk an image.
package struct ImageLayout: Sendable {
  package var height: Int
  package var width: Int
  package var channels: Int
  package var rowPitch: Int

  package init(height: Int, width: Int, channels: Int, rowPitch: Int) {
    self.height = height
    self.width = width
    self.channels = channels
    self.rowPitch = rowPitch
  }

  package init(_ tensor: TensorRecord) {
    self.init(
      height: Int(tensor.height), width: Int(tensor.width), channels: Int(tensor.channels),
      rowPitch: Int(tensor.rowPitch))
  }
}

/// How far apart an operand's values lie along each axis of the output; 0 along an axis that it repeats on.
package struct BroadcastStrides: Sendable {
  package var row: Int
  package var pixel: Int
  package var channel: Int

  package init(_ tensor: TensorRecord) {
    row = tensor.height == 1 ? 0 : Int(tensor.rowPitch)
    pixel = tensor.width == 1 ? 0 : Int(tensor.channels)
    channel = tensor.channels == 1 ? 0 : 1
  }
}
