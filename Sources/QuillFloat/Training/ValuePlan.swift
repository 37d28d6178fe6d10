/// Memory for every value of a batch and for its gradient. A `flatten` shares its operand's.
final class ValuePlan {
  /// The values, input first.
  let values: [FloatStorage]

  /// The gradients of the loss for the values; empty for the input, which nobody trains.
  let gradients: [FloatStorage]

  private let description: NetworkDescription

  /// The value whose memory each value is: its own index, or for a `flatten` that of what it flattens.
  private let owners: [Int]

  /// Where a later share of such a sum is written before it is added, one for each operand of a layer.
  private let shares: [FloatStorage]

  /// Whether a sum has its first share.
  private var hasShare: [Bool]

  /// Memory for batches of up to `capacity` samples.
  init(_ description: NetworkDescription, capacity: Int) {
    self.description = description
    var values = [FloatStorage(count: capacity * description.inputShape.product)]
    var gradients = [FloatStorage(count: 0)]
    var owners = [0]
    var readerCounts = [0]
    for node in description.nodes {
      readerCounts.append(0)
      owners.append(node.layer == .flatten ? owners[node.inputs[0].index] : values.count)
      if node.layer == .flatten {
        values.append(values[node.inputs[0].index])
        gradients.append(gradients[node.inputs[0].index])
      } else {
        for input in node.inputs { readerCounts[owners[input.index]] += 1 }
        values.append(FloatStorage(count: capacity * node.shape.product))
        gradients.append(FloatStorage(count: capacity * node.shape.product))
      }
    }
    self.values = values
    self.gradients = gradients
    self.owners = owners
    // Only what several layers read, or what is answered and read, has a sum for its gradient.
    readerCounts[owners[description.output.index]] += 1
    let largest = readerCounts.indices.filter { readerCounts[$0] > 1 }.map { gradients[$0].count }.max() ?? 0
    shares = [FloatStorage(count: largest), FloatStorage(count: largest)]
    hasShare = [Bool](repeating: false, count: values.count)
  }

  /// Forgets the sums of the step before; the loss has written its gradient for the output.
  func startReturn() {
    for index in hasShare.indices { hasShare[index] = false }
    hasShare[owners[description.output.index]] = true
  }

  /// Where a layer writes an operand's gradient: `nil` for a value before which nothing learns.
  func gradientTargets(
    of inputs: [NetworkDescription.Value], _ learns: [Bool]
  ) -> [UnsafeMutablePointer<Float>?] {
    inputs.indices.map { position in
      let owner = owners[inputs[position].index]
      if !learns[inputs[position].index] { return nil }
      let isRepeated = inputs[..<position].contains { owners[$0.index] == owner }
      return hasShare[owner] || isRepeated ? shares[position].base : gradients[owner].base
    }
  }

  /// Adds what a layer wrote beside the sums into them.
  func collect(
    _ inputs: [NetworkDescription.Value], from targets: [UnsafeMutablePointer<Float>?], count: Int, workers: Workers
  ) {
    for (value, target) in zip(inputs, targets) {
      guard let target else { continue }
      hasShare[owners[value.index]] = true
      let sum = gradients[value.index].base
      if target == sum { continue }
      workers.run(count * description.shape(of: value).product, grain: 4096) { elements, _ in
        for index in elements { sum[index] += target[index] }
      }
    }
  }
}
