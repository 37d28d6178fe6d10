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
    .executableTarget(
      name: "quill-camera",
      dependencies: ["Quill", "QuillImaging", "QuillCamera", "CVideo4Linux"],
      swiftSettings: board),

    // The desk.
    .target(name: "CQuillFloatKernels"),
    .target(name: "QuillFloat", dependencies: ["CQuillFloatKernels"]),
    .target(name: "QuillONNX", dependencies: ["QuillFloat"]),
    .target(name: "QuillData", dependencies: ["Quill", "QuillImaging", "QuillFloat"]),
    .target(name: "QuillConverter", dependencies: ["Quill", "QuillImaging", "QuillFloat", "QuillONNX"]),
    .target(name: "QuillReport", dependencies: ["Quill", "QuillFloat", "QuillConverter"]),
    .executableTarget(
      name: "quill",
      dependencies: [
        "Quill", "QuillImaging", "QuillFloat", "QuillONNX", "QuillData", "QuillConverter", "QuillReport",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
