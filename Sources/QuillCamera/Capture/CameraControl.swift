/// What can be set of a camera.
package enum CameraControl: Int, CaseIterable, Sendable {
  /// How long the shutter is open; the driver's own units, of USB cameras 100 microseconds.
  case exposure
  case gain
  case focus
}

/// How a control should stand.
package enum ControlWish: Equatable, Sendable {
  /// As the camera sees fit.
  case automatic
  case value(Int32)
}

/// Why a control does not stand as wished. The camera is used all the same.
package enum ControlFault: Equatable, Sendable {
  /// The camera has no such control.
  case absent
  /// The camera has it, and no automatic for it.
  case noAutomatic
  /// It takes values in this range.
  case outOfRange(found: Int32, permitted: ClosedRange<Int32>)
  /// The driver refused the value with this errno.
  case refused(errno: Int32)
}

/// The user's wishes for controls; nil leaves one as it is.
package struct ControlWishes: Equatable, Sendable {
  package var exposure: ControlWish?
  package var gain: ControlWish?
  package var focus: ControlWish?

  package init() {}

  package subscript(control: CameraControl) -> ControlWish? {
    get {
      switch control {
      case .exposure: exposure
      case .gain: gain
      case .focus: focus
      }
    }
    set {
      switch control {
      case .exposure: exposure = newValue
      case .gain: gain = newValue
      case .focus: focus = newValue
      }
    }
  }
}
