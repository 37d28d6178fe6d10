extension ONNXError: CustomStringConvertible {
  public var description: String { "x" }
}
