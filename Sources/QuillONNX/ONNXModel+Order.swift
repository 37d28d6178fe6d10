/// The order of nodes. ONNX asks for one in which they can run; some writers do not keep to it, and onnxruntime does not
/// insist on it.
extension ONNXModel {
  /// The model with its nodes in an order in which they can run: the file's where it is one, or where there is none.
  func inRunningOrder() -> ONNXModel {
    var producers: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty && producers[output] == nil { producers[output] = index }
    }
    var missing = nodes.map { node in Set(node.inputs.compactMap { producers[$0] }).count }
    guard nodes.indices.contains(where: { index in nodes[index].inputs.contains { (producers[$0] ?? -1) >= index } })
    else { return self }
    var readers: [[Int]] = nodes.map { _ in [] }
    for (index, node) in nodes.enumerated() {
      for producer in Set(node.inputs.compactMap({ producers[$0] })) { readers[producer].append(index) }
    }
    var order = nodes.indices.filter { missing[$0] == 0 }
    var next = 0
    while next < order.count {
      for reader in readers[order[next]] {
        missing[reader] -= 1
        if missing[reader] == 0 { order.append(reader) }
      }
      next += 1
    }
    guard order.count == nodes.count else { return self }
    var result = self
    result.nodes = order.map { nodes[$0] }
    return result
  }
}
