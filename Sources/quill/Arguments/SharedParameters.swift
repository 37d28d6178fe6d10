import QuillData

/// Parameters that mean the same in every command that has them.
enum SharedParameters {
  static let model = Operand("MODEL", .input, help: "the network: .quill, .onnx, .h5, .keras or .tflite")

  static let data = Option(
    "--data", "DATA", .input,
    help: "labelled images: a folder of IDX files, a folder of images named or\n"
      + "foldered by class, a .csv or .npz file, or synthetic")

  static let split = Option<DataSource.Split>(
    "--split", "SPLIT", .choice, help: "which part of the data, train or test; by default test\n(train to calibrate)")

  static let limit = Option(
    "--limit", "N", .integer(1...Int.max), help: "use at most N images")

  static let inputRange = Option(
    "--input-range", "RANGE", .inputRange,
    help:
      "what pixels 0 and 255 stand for to a float network: LOW..HIGH, such as\n0..1, 0..255, -1..1 or -0.5..0.5, or MEAN/STD of pixels in 0...1, such\n"
      + "as 0.1307/0.3081; by default what the network tells (a rescaling layer,\nquill's own metadata), else 0..1; a .quill file says so itself"
  )

  static let threads = Option(
    "--threads", "N", .integer(1...1024),
    help:
      "how many samples are worked on at a time; by default as many as\nthere are processors; answers do not depend on it"
  )

  static let json = Flag("--json", help: "answer in JSON")
}

extension ParsedArguments {
  /// How many samples are worked on at a time.
  var threadCount: Int { self[SharedParameters.threads] ?? Parallel.threadCount }
}
