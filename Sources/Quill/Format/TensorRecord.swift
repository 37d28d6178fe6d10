/// A tensor: its shape, its numbers' meaning and its place in the arena.
///
/// Every tensor is stored as an image, `height` rows of `width` pixels of `channels` int8 values: `[1, H, W, C]` as it
/// is, `[1, W, C]` with a height of 1, `[1, C]` with a height and width of 1. Around the image lies a halo of rows and
/// pixels filled with the zero point, so that a convolution's padding is simply there.
public struct TensorRecord: Sendable, Equatable {
  package static let byteCount = 64

  /// The image's rows.
  public var height: UInt32
  /// The pixels of a row.
  public var width: UInt32
  /// The values of a pixel.
  public var channels: UInt32
  /// Where the halo's first row begins in the arena; a multiple of 16.
  public var arenaOffset: UInt32
  /// Bytes from one row to the next, at least `(haloLeft + width + haloRight) * channels`.
  public var rowPitch: UInt32
  /// Rows of halo above the image.
  public var haloTop: UInt16
  /// Pixels of halo before each row.
  public var haloLeft: UInt16
  /// Rows of halo below the image.
  public var haloBottom: UInt16
  /// Pixels of halo after each row.
  public var haloRight: UInt16
  /// The bits of the Float32 scale: `real = scale * (value - zeroPoint)`. The runtime never computes with it.
  public var scaleBits: UInt32
  /// The value that stands for zero, -128...127.
  public var zeroPoint: Int32
  /// The tensor's name in the float graph.
  package var name: TextReference
  /// The number of axes outside the runtime, batch included: 2 for `[1, C]`, 3 for `[1, W, C]`, 4 for `[1, H, W, C]`.
  public var rank: UInt32

  /// A dense tensor of the given extents.
  public init(height: Int, width: Int, channels: Int, rank: Int, scaleBits: UInt32, zeroPoint: Int32) {
    self.height = UInt32(height)
    self.width = UInt32(width)
    self.channels = UInt32(channels)
    self.rank = UInt32(rank)
    self.scaleBits = scaleBits
    self.zeroPoint = zeroPoint
    arenaOffset = 0
    rowPitch = self.width * self.channels
    haloTop = 0
    haloLeft = 0
    haloBottom = 0
    haloRight = 0
    name = TextReference()
  }

  package init() {
    self.init(height: 1, width: 1, channels: 1, rank: 4, scaleBits: 0, zeroPoint: 0)
  }

  /// The scale, in real units a step.
  public var scale: Float { Float(bitPattern: scaleBits) }

  /// The number of values.
  public var count: Int { Int(height) * Int(width) * Int(channels) }

  /// The bytes of one row of the image, halo apart.
  package var rowByteCount: Int { Int(width) * Int(channels) }

  /// The bytes from the first of the halo to the end of its last row.
  package var storedByteCount: UInt64 {
    (UInt64(haloTop) + UInt64(height) + UInt64(haloBottom)) * UInt64(rowPitch)
  }

  /// Where the image's first value lies in the arena.
  package var origin: Int {
    Int(arenaOffset) + Int(haloTop) * Int(rowPitch) + Int(haloLeft) * Int(channels)
  }

  /// No halo and no gaps: the values lie one after the other.
  package var isDense: Bool {
    haloTop == 0 && haloBottom == 0 && haloLeft == 0 && haloRight == 0 && Int(rowPitch) == rowByteCount
  }

  /// Whether value by value, halo included, the other tensor lies the same way.
  package func hasLayout(of other: TensorRecord) -> Bool {
    height == other.height && width == other.width && channels == other.channels && hasPlacement(of: other)
  }

  private func hasPlacement(of other: TensorRecord) -> Bool {
    arenaOffset == other.arenaOffset && rowPitch == other.rowPitch && haloTop == other.haloTop
      && haloLeft == other.haloLeft && haloBottom == other.haloBottom && haloRight == other.haloRight
  }

  /// Takes a coder through the fields.
  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    let limit: UInt32 = FileHeader.maximumByteCount
    try coder.field(&height, "height", 1...65_535)
    try coder.field(&width, "width", 1...65_535)
    try coder.field(&channels, "channels", 1...limit)
    try coder.field(&arenaOffset, "arena offset", 0...limit)
    try coder.field(&rowPitch, "row pitch", 1...limit)
    try coder.field(&haloTop, "halo above")
    try coder.field(&haloLeft, "halo to the left")
    try coder.field(&haloBottom, "halo below")
    try coder.field(&haloRight, "halo to the right")
    try coder.field(&scaleBits, "scale", 0x0080_0000...0x7F7F_FFFF)
    try coder.field(&zeroPoint, "zero point", -128...127)
    try name.transfer(&coder)
    try coder.field(&rank, "rank", 1...4)
    try coder.reserved(16)
  }
}

/// A piece of text in the text section: UTF-8 without control characters, at most 255 bytes.
package struct TextReference: Sendable, Equatable {
  package static let byteCount = 8

  package var offset: UInt32 = 0
  package var byteCount: UInt32 = 0

  package init(offset: UInt32 = 0, byteCount: UInt32 = 0) {
    self.offset = offset
    self.byteCount = byteCount
  }

  package mutating func transfer(_ coder: inout RecordCoder) throws(ModelError) {
    try coder.field(&offset, "text offset", 0...FileHeader.maximumByteCount)
    try coder.field(&byteCount, "text byte count", 0...255)
  }
}
