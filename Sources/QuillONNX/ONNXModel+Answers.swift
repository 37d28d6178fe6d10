/// Outputs that only repeat the network's answer, as exporters of classifiers (scikit-learn's) add them.
extension ONNXModel {
  /// The model without outputs that name a class and cannot be read, where another output holds the numbers behind it;
  /// and with those numbers themselves where a `ZipMap` makes them a dictionary.
  func withoutClassNames() -> ONNXModel {
    let producers = Dictionary(
      nodes.enumerated().flatMap { index, node in node.outputs.map { ($0, index) } },
      uniquingKeysWith: { first, _ in first })
    var result = self
    result.outputs = outputs.map { output in
      guard let producer = producers[output.name], nodes[producer].operatorName == "ZipMap",
        let numbers = nodes[producer].inputs.first
      else { return output }
      return ValueInfo(name: numbers, isTensor: true, elementType: ElementType.float32.rawValue)
    }
    let kept = result.outputs.filter { !Self.mayNameClasses($0) || isReadable($0.name, producers) }
    if kept.contains(where: Self.holdsFloats) { result.outputs = kept }
    return result
  }

  private static func holdsFloats(_ output: ValueInfo) -> Bool {
    output.isTensor && ElementType(rawValue: output.elementType)?.kind == .float
  }

  /// Whether it is of a type that class names are given in.
  private static func mayNameClasses(_ output: ValueInfo) -> Bool {
    switch ElementType(rawValue: output.elementType) {
    case .int32, .int64, .string: true
    default: !output.isTensor
    }
  }

  /// Whether all operators that a tensor depends on are read.
  private func isReadable(_ name: String, _ producers: [String: Int]) -> Bool {
    var open = [name]
    var seen: Set<Int> = []
    while let next = open.popLast() {
      guard let index = producers[next], seen.insert(index).inserted else { continue }
      let node = nodes[index]
      guard ONNXOperator(rawValue: node.operatorName)?.isIn(domain: node.domain) == true else { return false }
      open += node.inputs
    }
    return true
  }
}
