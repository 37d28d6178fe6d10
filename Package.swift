// swift-tools-version: 6.2
import PackageDescription

/// Rooms that run on the board: strict memory safety as errors, and nothing that Embedded Swift lacks.
let board: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatWarning("StrictMemorySafety", as: .error),
  .treatWarning("EmbeddedRestrictions", as: .error),
]

let package = Package(
  name: "Quill",
  products: [
    .library(name: "Quill", targets: ["Quill"]),
    .library(name: "QuillImaging", targets: ["QuillImaging"]),
    .executable(name: "quill", targets: ["quill"]),
    .executable(name: "quill-camera", targets: ["quill-camera"]),
  ],
  targets: [
    // The board, from the ground up.
    .target(name: "CQuillKernels"),
    .target(name: "Quill", dependencies: ["CQuillKernels"], swiftSettings: board),
    .target(name: "QuillImaging", dependencies: ["Quill"], swiftSettings: board),
    .target(name: "CVideo4Linux"),
    .target(name: "QuillCamera", dependencies: ["QuillImaging", "CVideo4Linux"], swiftSettings: board),
    .target(
      name: "QuillCameraProgram",
      dependencies: ["Quill", "QuillImaging", "QuillCamera", "CVideo4Linux"],
      swiftSettings: board),
    .executableTarget(name: "quill-camera", dependencies: ["QuillCameraProgram"]),

    // The desk.
    .target(name: "CQuillFloatKernels"),
    .target(name: "QuillFloat", dependencies: ["CQuillFloatKernels"]),
    .target(name: "QuillONNX", dependencies: ["QuillFloat"]),
    .target(name: "CSystemLibraries"),
    .target(name: "QuillData", dependencies: ["QuillImaging", "CSystemLibraries"]),
    .target(name: "QuillConverter", dependencies: ["Quill", "QuillFloat", "QuillONNX"]),
    .target(name: "QuillReport", dependencies: ["Quill", "QuillFloat", "QuillConverter"]),
    .target(name: "CQuillDefaultNetwork", exclude: ["digits.onnx"]),
    .executableTarget(
      name: "quill",
      dependencies: [
        "Quill", "QuillImaging", "QuillFloat", "QuillONNX", "QuillData", "QuillConverter", "QuillReport",
        "CQuillDefaultNetwork",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
