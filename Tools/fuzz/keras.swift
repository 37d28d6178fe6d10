import Foundation
import QuillArchive
import QuillConverter
import QuillFloat

/// The weights that a bare configuration is read with.
private let weights = (try? Data(contentsOf: URL(fileURLWithPath: "weights.h5"))).map { [UInt8]($0) } ?? []

/// libFuzzer's entry: an archive, or a configuration to be put in one, gives a graph that holds together or an error.
@c(LLVMFuzzerTestOneInput)
public func fuzzOne(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var bytes = [UInt8](UnsafeBufferPointer(start: data, count: count))
  if !ZipArchive.recognizes(bytes) {
    bytes = StoredZip.archive([("config.json", bytes), ("model.weights.h5", weights)])
  }
  guard let graph = try? KerasReader.read(bytes, named: "fuzz") else { return 0 }
  do {
    try graph.validate()
  } catch {
    preconditionFailure("a graph that was read does not hold together: \(error)")
  }
  return 0
}
