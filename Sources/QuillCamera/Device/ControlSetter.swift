import CVideo4Linux

/// Sets the controls of an open camera.
struct ControlSetter {
  /// V4L2_EXPOSURE_AUTO, _MANUAL and _APERTURE_PRIORITY; most USB cameras call their automatic the last.
  private static let exposureAutomatic: Int32 = 0
  private static let exposureManual: Int32 = 1
  private static let exposureAperture: Int32 = 3

  let descriptor: Int32

  /// Brings a control to where it is wished; gives why it is not there.
  func set(_ control: CameraControl, to wish: ControlWish) -> ControlFault? {
    switch wish {
    case .automatic: setAutomatic(control)
    case .value(let value): setValue(control, value)
    }
  }

  private func setAutomatic(_ control: CameraControl) -> ControlFault? {
    let result: Int32
    switch control {
    case .exposure:
      let automatic = set(QUILL_CONTROL_EXPOSURE_MODE, Self.exposureAutomatic)
      result = automatic < 0 ? set(QUILL_CONTROL_EXPOSURE_MODE, Self.exposureAperture) : automatic
    case .gain: result = set(QUILL_CONTROL_GAIN_MODE, 1)
    case .focus: result = set(QUILL_CONTROL_FOCUS_MODE, 1)
    }
    if result >= 0 { return nil }
    return range(of: control) == nil ? .absent : .noAutomatic
  }

  private func setValue(_ control: CameraControl, _ value: Int32) -> ControlFault? {
    // A camera without an automatic refuses this, and is right already.
    switch control {
    case .exposure: _ = set(QUILL_CONTROL_EXPOSURE_MODE, Self.exposureManual)
    case .gain: _ = set(QUILL_CONTROL_GAIN_MODE, 0)
    case .focus: _ = set(QUILL_CONTROL_FOCUS_MODE, 0)
    }
    guard let found = range(of: control) else { return .absent }
    let permitted = found.permitted
    guard permitted.contains(value) else { return .outOfRange(found: value, permitted: permitted) }
    let result = set(found.control, value)
    return result < 0 ? .refused(errno: -result) : nil
  }

  private struct Found {
    var control: quill_video_control
    var permitted: ClosedRange<Int32>
  }

  /// The control that a camera has for a value, and the range it takes. Sensors count exposure in lines, and call their
  /// gain analogue.
  private func range(of control: CameraControl) -> Found? {
    switch control {
    case .exposure: range(QUILL_CONTROL_EXPOSURE_TIME) ?? range(QUILL_CONTROL_EXPOSURE_LINES)
    case .gain: range(QUILL_CONTROL_GAIN) ?? range(QUILL_CONTROL_ANALOGUE_GAIN)
    case .focus: range(QUILL_CONTROL_FOCUS)
    }
  }

  private func range(_ control: quill_video_control) -> Found? {
    var lowest: Int32 = 0
    var highest: Int32 = 0
    guard unsafe quill_video_control_range(descriptor, control, &lowest, &highest) >= 0, lowest <= highest else {
      return nil
    }
    return Found(control: control, permitted: lowest...highest)
  }

  private func set(_ control: quill_video_control, _ value: Int32) -> Int32 {
    quill_video_set_control(descriptor, control, value)
  }
}
