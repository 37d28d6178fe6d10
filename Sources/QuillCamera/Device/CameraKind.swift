/// What a node that captures is, by the name of its driver: on a Raspberry Pi many of them are no cameras.
package enum CameraKind: Equatable, Sendable {
  /// A camera that sends finished pictures.
  case camera
  /// The receiver of a sensor on the ribbon cable: what it captures is raw Bayer, and exposure and colour are libcamera's
  /// work.
  case sensor
  /// A scaler, codec or image processor: it sends back pictures that others give it, and never one of its own.
  case processor

  private static let sensors: [StaticString] = ["unicam", "bcm2835-unicam", "rp1-cfe"]
  private static let processors: [StaticString] = ["bcm2835-isp", "bcm2835-codec", "pispbe", "rpi-hevc-dec"]

  package init(driver: [UInt8]) {
    if Self.processors.contains(where: { driver.isText($0) }) {
      self = .processor
    } else if Self.sensors.contains(where: { driver.isText($0) }) {
      self = .sensor
    } else {
      self = .camera
    }
  }
}
