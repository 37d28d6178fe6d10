// swift-tools-version: 6.2
import PackageDescription

/// Rooms that run on the board: strict memory safety as errors, and nothing that Embedded Swift lacks.
let board: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatWarning("StrictMemorySafety", as: .error),
  .treatWarning("EmbeddedRestrictions", as: .error),
]

/// Files that tests read from the source tree.
let fixtures = ["Fixtures", "onnx-node-cases.txt", "onnx-node-refused.txt"]

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
    .target(name: "CSystemLibraries"),
    .target(name: "QuillCamera", dependencies: ["Quill", "QuillImaging", "CVideo4Linux"], swiftSettings: board),
    .target(
      name: "QuillCameraProgram",
      dependencies: ["Quill", "QuillImaging", "QuillCamera", "CVideo4Linux", "CSystemLibraries"],
      swiftSettings: board),
    .executableTarget(name: "quill-camera", dependencies: ["QuillCameraProgram"]),

    // The desk.
    .target(name: "QuillArchive"),
    .target(name: "CQuillFloatKernels"),
    .target(name: "QuillFloat", dependencies: ["CQuillFloatKernels"]),
    .target(name: "QuillONNX", dependencies: ["QuillFloat"]),
    .target(name: "QuillData", dependencies: ["QuillImaging", "QuillArchive", "CSystemLibraries"]),
    .target(name: "QuillConverter", dependencies: ["Quill", "QuillFloat", "QuillONNX", "QuillArchive"]),
    .target(name: "QuillReport", dependencies: ["Quill", "QuillFloat", "QuillConverter", "QuillData"]),
    .target(name: "CQuillBench"),
    .target(name: "CQuillDefaultNetwork", exclude: ["digits.onnx", "training.log"]),
    .executableTarget(
      name: "quill",
      dependencies: [
        "Quill", "QuillImaging", "QuillFloat", "QuillONNX", "QuillData", "QuillConverter", "QuillReport",
        "CQuillBench", "CQuillDefaultNetwork",
      ]),

    // Tests mirror the rooms, and use public and package access only.
    .target(name: "TestSupport", dependencies: ["QuillArchive"], path: "Tests/TestSupport"),
    .testTarget(name: "QuillTests", dependencies: ["Quill", "QuillConverter", "QuillFloat", "TestSupport"]),
    .testTarget(name: "KernelTests", dependencies: ["CQuillKernels", "Quill", "TestSupport"]),
    .testTarget(name: "QuillImagingTests", dependencies: ["QuillImaging"]),
    .target(name: "CFakeVideo4Linux", path: "Tests/CFakeVideo4Linux"),
    .testTarget(
      name: "QuillCameraTests",
      dependencies: [
        "QuillCamera", "QuillCameraProgram", "QuillImaging", "Quill", "CSystemLibraries", "CFakeVideo4Linux",
        "TestSupport",
      ]),
    .testTarget(name: "QuillArchiveTests", dependencies: ["QuillArchive", "TestSupport"]),
    .testTarget(name: "QuillFloatTests", dependencies: ["QuillFloat", "CQuillFloatKernels", "TestSupport"]),
    .testTarget(name: "QuillONNXTests", dependencies: ["QuillONNX", "QuillFloat", "TestSupport"], exclude: fixtures),
    .testTarget(name: "QuillDataTests", dependencies: ["QuillArchive", "QuillData", "QuillImaging", "TestSupport"]),
    .testTarget(
      name: "QuillConverterTests",
      dependencies: [
        "QuillConverter", "Quill", "QuillFloat", "QuillONNX", "QuillData", "QuillArchive", "TestSupport",
      ],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "QuillReportTests",
      dependencies: [
        "QuillReport", "QuillConverter", "QuillData", "QuillFloat", "QuillONNX", "Quill", "CQuillDefaultNetwork",
        "TestSupport",
      ]),
    .testTarget(name: "ToolTests", dependencies: ["quill", "QuillData", "QuillImaging", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
