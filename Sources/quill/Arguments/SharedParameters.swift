import QuillData

/// Parameters that mean the same in every command that has them.
enum SharedParameters {
  static let model = Operand("MODEL", .text, help: "the network: .quill, .onnx, .h5, .keras or .tflite")

  static let data = Option(
    "--data", "DATA", .text,
    help: "labelled images: a folder of IDX files, a folder of images named or\nfoldered by class, or synthetic")

  static let split = Option<DataSource.Split>(
    "--split", "SPLIT", .choice, help: "which part of the data, train or test; by default test")

  static let limit = Option(
    "--limit", "N", .integer(1...Int.max), help: "use at most N images")

  static let inputRange = Option(
    "--input-range", "LOW..HIGH", .inputRange,
    help: "what pixels 0 and 255 stand for to a float network; by default 0..1,\nand a .quill file says so itself")

  static let json = Flag("--json", help: "answer in JSON")
}
