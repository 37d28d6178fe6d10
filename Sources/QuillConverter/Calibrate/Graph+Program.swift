import QuillFloat

extension Graph {
  /// The network ready to run.
  func program() throws(ConverterError) -> FloatProgram {
    do throws(GraphError) { return try FloatProgram(self) } catch { throw .graph(error.description) }
  }
}
