import QuillImaging

/// What the driver agreed to send: one picture's size and place in a buffer (VIDIOC_S_FMT's answer).
package struct CameraLayout: Equatable, Sendable {
  package var code: PixelCode
  /// What `code` means to this program, nil for a format that it does not read.
  package private(set) var format: CaptureFormat?
  /// Pixels, 1...`maximumSide`.
  package var width: UInt32
  package var height: UInt32
  /// From one row's first byte to the next row's, in the first plane.
  package var bytesPerLine: UInt32
  /// Bytes of the first plane as the driver reserves them.
  package var byteCount: UInt32
  package var planeCount: UInt32
  /// Whether brightness is kept to 16...235 (V4L2_QUANTIZATION_LIM_RANGE).
  package var limitedRange: Bool
  /// Whether odd and even rows come in buffers of their own (V4L2_FIELD_ALTERNATE), which this program does not join.
  package var alternatesFields: Bool

  /// The largest picture side accepted; what a driver claims beyond it is taken for a fault.
  package static let maximumSide = UInt32(FrameShape.longestSide)

  package init(
    code: PixelCode, width: UInt32, height: UInt32, bytesPerLine: UInt32, byteCount: UInt32, planeCount: UInt32 = 1,
    limitedRange: Bool = false, alternatesFields: Bool = false
  ) {
    self.code = code
    format = CaptureFormat(code: code)
    self.width = width
    self.height = height
    self.bytesPerLine = bytesPerLine
    self.byteCount = byteCount
    self.planeCount = planeCount
    self.limitedRange = limitedRange
    self.alternatesFields = alternatesFields
  }
}

/// A driver's V4L2_QUANTIZATION_... and V4L2_COLORSPACE_... of `<linux/videodev2.h>`.
package struct QuantizationClaim: Equatable, Sendable {
  static let fullRange: UInt32 = 1
  static let limitedRange: UInt32 = 2
  static let colorspaceJPEG: UInt32 = 7

  package var quantization: UInt32
  package var colorspace: UInt32

  package init(quantization: UInt32, colorspace: UInt32) {
    self.quantization = quantization
    self.colorspace = colorspace
  }

  /// Whether brightness is kept to 16...235. A driver that says neither (or anything else) means, by
  /// V4L2_MAP_QUANTIZATION_DEFAULT, limited Y of YCbCr, but for the colours of JPEG, and all else whole.
  package func isLimited(for code: PixelCode) -> Bool {
    switch quantization {
    case Self.fullRange: false
    case Self.limitedRange: true
    default: code.holdsLumaOfYCbCr && colorspace != Self.colorspaceJPEG
    }
  }
}

extension CameraLayout {
  /// The picture as the imaging room takes it.
  package var shape: FrameShape {
    FrameShape(width: Int(width), height: Int(height), bytesPerRow: Int(bytesPerLine))
  }

  /// How the first plane's pixels are read, nil for pictures that are not raw. Where the planes lie apart, the first has
  /// brightness alone.
  package var pixels: PixelFormat? {
    guard let pixels = format?.pixels else { return nil }
    return planeCount > 1 ? .grey : pixels
  }

  /// Whether this is `wanted` in a picture that the program can read without leaving a buffer.
  func isUsable(as wanted: CaptureFormat) -> Bool {
    guard format == wanted, !alternatesFields, planeCount >= 1, wanted.suits(width: width, height: height) else {
      return false
    }
    guard let wanted = wanted.pixels else { return byteCount >= neededByteCount }
    return Int(bytesPerLine) >= wanted.rowBytes(width: Int(width))
      && bytesPerLine <= 4 * Self.maximumSide
      && UInt64(byteCount) >= neededByteCount
  }

  /// The bytes of the first plane up to the last pixel that is read.
  var neededByteCount: UInt64 {
    // No JPEG is shorter than its first and last markers.
    guard let format = format?.pixels, height > 0 else { return 4 }
    return UInt64(bytesPerLine) * UInt64(height - 1) + UInt64(format.rowBytes(width: Int(width)))
  }

  /// Whether a filled buffer holds a whole picture.
  func holdsPicture(in buffer: CapturedBuffer) -> Bool {
    UInt64(buffer.bytesUsed) >= UInt64(buffer.dataOffset) + neededByteCount && buffer.bytesUsed <= buffer.byteCount
  }
}
