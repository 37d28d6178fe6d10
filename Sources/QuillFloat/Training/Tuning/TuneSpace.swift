/// What a random search may choose from, and how a choice becomes a network.
public struct TuneSpace: Sendable, Equatable {
  /// Channels of the first convolution, and units of the dense layer.
  public var filters = [8, 16, 32], dense = [32, 64, 128]

  /// The least and the greatest learning rate; drawn evenly by its logarithm.
  public var leastRate = 0.0003, greatestRate = 0.01

  /// Samples of a step.
  public var batch = [32, 64, 128]

  /// Activations by their words, and shares of dropout.
  public var activation = ["relu", "leaky0.1", "tanh", "hardswish"], dropout = [0, 0.25, 0.5]

  /// Whether layers are normalised.
  public var norm = [true, false]

  /// The network in words, with the choices' names in braces.
  public var template = TuneSpace.usualTemplate

  /// Two convolutions, each with a pool, and a dense layer.
  public static let usualTemplate =
    "conv{filters}x3{norm}:{activation}-pool-conv{filters*2}x3{norm}:{activation}-pool-dense{dense}{norm}:{activation}"
    + "{dropout}-classes"

  /// The usual space.
  public init() {}

  /// The usual space, with some choices in words: `filters=8,16 rate=0.001..0.01 norm=on`.
  /// - Throws: `TrainingError.spacePart` with the first part that is none.
  public init(text: String) throws(TrainingError) {
    for part in text.split(separator: " ") {
      let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard sides.count == 2, choose(sides[0], sides[1].split(separator: ",").map(String.init)) else {
        throw TrainingError.spacePart(String(part))
      }
    }
  }

  /// Takes a part's values; `false` where they are none.
  private mutating func choose(_ name: String, _ values: [String]) -> Bool {
    func whole(_ most: Int) -> [Int]? {
      let numbers = values.compactMap { Int($0) }.filter { (1...most).contains($0) }
      return numbers.count == values.count && !numbers.isEmpty ? numbers : nil
    }
    switch name {
    case "filters": return set(&filters, whole(4096))
    case "dense": return set(&dense, whole(65_536))
    case "batch": return set(&batch, whole(4096))
    case "activation": return set(&activation, values.isEmpty ? nil : values)
    case "dropout":
      let shares = values.compactMap { Double($0) }.filter { (0..<1).contains($0) }
      return set(&dropout, shares.count == values.count && !shares.isEmpty ? shares : nil)
    case "norm":
      let choices = values.compactMap { ["on": true, "off": false][$0] }
      return set(&norm, choices.count == values.count && !choices.isEmpty ? choices : nil)
    case "rate":
      let ends = values.joined(separator: ",").split(separator: "..").compactMap { Double($0) }
      guard let least = ends.first, let greatest = ends.last, ends.count <= 2, least > 0, least <= greatest,
        greatest <= 100
      else { return false }
      (leastRate, greatestRate) = (least, greatest)
      return true
    default: return false
    }
  }

  private func set<Value>(_ target: inout [Value], _ values: [Value]?) -> Bool {
    guard let values else { return false }
    target = values
    return true
  }

  /// The space in words.
  public var text: String {
    func list(_ values: [some CustomStringConvertible]) -> String { values.map(\.description).joined(separator: ",") }
    return "filters=\(list(filters)) dense=\(list(dense)) rate=\(leastRate)..\(greatestRate) batch=\(list(batch)) "
      + "activation=\(list(activation)) dropout=\(list(dropout)) norm=\(list(norm.map { $0 ? "on" : "off" }))"
  }

  /// The choice of a trial, counted from 0: it depends on the seed and its number alone.
  public func trial(_ number: Int, seed: UInt64) -> TuneTrial {
    var random = TrainingRandom(seed: seed, stream: TrainingRandom.tuningStream | UInt64(number))
    func pick<Value>(_ values: [Value]) -> Value { values[Int(random.next() % UInt64(values.count))] }
    let (filters, dense, batch) = (pick(filters), pick(dense), pick(batch))
    let (activation, dropout, norm) = (pick(activation), pick(dropout), pick(norm))
    let (low, high) = (FixedMath.log(leastRate), FixedMath.log(greatestRate))
    let rate = FixedMath.exp(low + (high - low) * Double(random.unit()))
    let choices = [
      "{filters}": "\(filters)", "{filters*2}": "\(2 * filters)", "{dense}": "\(dense)", "{norm}": norm ? ":norm" : "",
      "{activation}": activation, "{dropout}": dropout > 0 ? "-drop\(dropout)" : "",
    ]
    return TuneTrial(
      number: number, network: choices.reduce(template) { $0.replacing($1.key, with: $1.value) },
      rate: min(max(rate, leastRate), greatestRate), batchSize: batch)
  }
}

/// A choice from a space.
public struct TuneTrial: Sendable, Equatable {
  /// The trial's number, counted from 0.
  public let number: Int

  /// The network in words.
  public let network: String

  /// The learning rate.
  public let rate: Double

  /// Samples of a step.
  public let batchSize: Int
}

extension TrainingRandom {
  /// With the trial: what it chooses.
  fileprivate static let tuningStream: UInt64 = 7 << 57
}
