import QuillConverter
import QuillFloat

/// libFuzzer's entry: any bytes give a graph that holds together or an error.
@c(LLVMFuzzerTestOneInput)
public func fuzzOne(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = [UInt8](UnsafeBufferPointer(start: data, count: count))
  guard HDF5File.isHDF5(bytes), let graph = try? KerasReader.read(bytes, named: "fuzz") else { return 0 }
  do {
    try graph.validate()
  } catch {
    preconditionFailure("a graph that was read does not hold together: \(error)")
  }
  return 0
}
