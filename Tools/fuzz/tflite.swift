import QuillConverter
import QuillFloat

/// libFuzzer's entry: any bytes give a network or an error; a float network holds together, and an int8 network becomes
/// a file or an error.
@c(LLVMFuzzerTestOneInput)
public func fuzzOne(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = [UInt8](UnsafeBufferPointer(start: data, count: count))
  guard let model = try? TensorFlowLiteReader.model(bytes) else { return 0 }
  if let graph = try? TensorFlowLiteReader.graph(of: model, named: "fuzz") {
    do {
      try graph.validate()
    } catch {
      preconditionFailure("a graph that was read does not hold together: \(error)")
    }
  }
  guard let network = try? TensorFlowLiteReader.integerNetwork(of: model, named: "fuzz") else { return 0 }
  let size = network.graph.tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
  guard size < 1 << 20 else { return 0 }
  _ = try? Converter.rehost(network.graph, Converter.Options())
  return 0
}
