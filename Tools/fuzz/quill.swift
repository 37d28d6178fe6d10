import Foundation
import Quill
import QuillConverter

/// libFuzzer's entry before all others: an int8 network of the folders that `QUILL_FUZZ_NETWORKS` lists becomes a seed in
/// `QUILL_FUZZ_SEEDS`.
@c(LLVMFuzzerInitialize)
public func makeSeeds(_ count: UnsafeMutablePointer<CInt>?, _ arguments: UnsafeMutableRawPointer?) -> CInt {
  let environment = ProcessInfo.processInfo.environment
  guard let target = environment["QUILL_FUZZ_SEEDS"] else { return 0 }
  for folder in (environment["QUILL_FUZZ_NETWORKS"] ?? "").split(separator: ":").map(String.init) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasSuffix(".tflite") {
      guard let data = try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")),
        let description = try? TensorFlowLiteReader.model([UInt8](data)), description.isInteger,
        let network = try? TensorFlowLiteReader.integerNetwork(of: description, named: name),
        let file = try? Converter.rehost(network.graph, Converter.Options()), file.bytes.count <= 65_536
      else { continue }
      let kind = folder.split(separator: "/").last ?? ""
      try? Data(file.bytes).write(to: URL(fileURLWithPath: "\(target)/\(kind)-\(name).quill"))
    }
  }
  return 0
}

/// libFuzzer's entry: any bytes, with the length and the checksum that they should have, are refused or give a network
/// that runs, to the same answers on plain Swift and on the processor's kernels.
@c(LLVMFuzzerTestOneInput)
public func fuzzOne(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var bytes = [UInt8](UnsafeBufferPointer(start: data, count: count))
  guard bytes.count >= FileHeader.byteCount else { return 0 }
  let checksumEnd = FileHeader.checksumOffset + 4
  put(UInt32(bytes.count), &bytes, at: FileHeader.checksumOffset - 4)
  var checksum = CRC32C()
  for (index, byte) in bytes.enumerated() where index < FileHeader.checksumOffset || index >= checksumEnd {
    checksum.update(byte)
  }
  put(checksum.value, &bytes, at: FileHeader.checksumOffset)
  do {
    let model = try Model(copying: bytes.span)
    guard model.arenaByteCount <= 1 << 18 else { return 0 }
    let plain = answers(model, .plain)
    precondition(plain == answers(model, .best), "the kernels answer something else")
  } catch {
    return 0
  }
  return 0
}

/// Every output of a network for inputs that rise and wrap.
private func answers(_ model: borrowing Model, _ level: KernelLevel) -> [Int8] {
  var engine = Engine(for: model, level: level)
  for index in 0..<model.inputCount {
    let values = (0..<model.tensors[model.inputTensor(index)].count).map { Int8(truncatingIfNeeded: $0 &* 37 &- 90) }
    engine.setInput(values.span, at: index, of: model)
  }
  engine.run(model)
  var answers: [Int8] = []
  for index in 0..<model.outputCount {
    for position in 0..<model.tensors[model.outputTensor(index)].count {
      answers.append(engine.outputValue(position, at: index, of: model))
    }
  }
  return answers
}

private func put(_ value: UInt32, _ bytes: inout [UInt8], at offset: Int) {
  for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) }
}
