import CSystemLibraries
import Quill
import QuillCamera

/// `doctor`: lists the machine's cameras, what would be chosen, and what is in the way, each with what mends it.
struct DoctorCommand {
  let wish: CameraWish

  func run() throws(ProgramError) -> ExitCode {
    var wish = wish
    wish.readsJPEG = JPEGFrames.exist
    let nodes = CameraSurvey.all(for: wish)
    var findings = MachineFacts.read().findings
    let preferred = CameraSurvey.preferred(nodes)
    var chosen: SystemPath?
    for node in nodes {
      let finding = DoctorFinding(node, isStatic: quill_library_is_static())
      findings.append(finding)
      if finding.weight != .obstacle, node.mode != nil, node.path == preferred { chosen = preferred }
    }
    if nodes.isEmpty {
      findings.append(
        DoctorFinding(
          weight: .obstacle, what: "there is no /dev/video*: no camera is plugged in, or its driver is not loaded",
          mend: "lsusb lists USB cameras, rpicam-hello --list-cameras those on the ribbon cable"))
    }
    for finding in findings { try write(finding) }
    try conclude(chosen)
    return chosen == nil ? .unfit : .success
  }

  private func write(_ finding: DoctorFinding) throws(ProgramError) {
    var line = TextLine()
    switch finding.weight {
    case .good: line.append("ok        ")
    case .hint: line.append("hint      ")
    case .obstacle: line.append("obstacle  ")
    }
    line.append(finding.what.bytes)
    if !finding.mend.isEmpty {
      line.append("\n          mend: ")
      line.append(finding.mend.bytes)
    }
    line.append("\n")
    try line.write()
  }

  private func conclude(_ chosen: SystemPath?) throws(ProgramError) {
    var line = TextLine()
    if let chosen {
      line.append("--device auto takes ")
      line.append(chosen.sentence.bytes)
      line.append(", the first camera that can be used\n")
    } else {
      line.append("no camera can be used as it is; frames can come by --stdin, --y4m or --folder\n")
    }
    try line.write()
  }
}
