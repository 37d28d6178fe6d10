// The exponentials of a Softmax are of differences of two int8 values: there are 256, which are looked up where the processor is
// one with kernels. A microcontroller is spared the kilobyte and computes each.

extension Engine {
  /// Tabulates the exponentials of every Softmax.
  mutating func tabulateExponentials(of model: borrowing Model) {
    guard unsafe kernels != nil else { return }
    for index in model.entries.indices {
      guard case .softmax(let softmax) = model.entries[index].operation else { continue }
      for steps in 0..<Softmax.differenceCount { exponentials.append(softmax.exponential(below: steps)) }
    }
  }

  /// Runs the Softmax that is the model's operator `index`.
  mutating func runSoftmax(
    _ model: borrowing Model, _ index: Int, _ softmax: Softmax, _ input: TensorRecord, _ output: TensorRecord
  ) {
    let exponentials = exponentials
    var table = exponentials.span
    if !table.isEmpty {
      var first = 0
      for earlier in 0..<index {
        if case .softmax = model.entries[earlier].operation { first &+= Softmax.differenceCount }
      }
      table = table.extracting(first..<first &+ Softmax.differenceCount)
    }
    transform(input, output) {
      softmax.run(inputLayout: $0, outputLayout: $1, input: $2, exponentials: table, output: &$3)
    }
  }
}
