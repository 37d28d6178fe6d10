import QuillFloat
import QuillONNX

/// libFuzzer's entry: any bytes give a graph or an error, and a graph can be rewritten, written and read again.
@c(LLVMFuzzerTestOneInput)
public func fuzzOne(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = [UInt8](UnsafeBufferPointer(start: data, count: count))
  guard let graph = try? ONNXReader.read(bytes) else { return 0 }
  do {
    _ = try ONNXReader.read(ONNXWriter.write(graph.withFewestTransposes()))
  } catch {
    preconditionFailure("a graph that was read does not come back: \(error)")
  }
  return 0
}
