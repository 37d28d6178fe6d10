/// What `quill bench` answers.
struct BenchReport: Encodable {
  /// One network with one level's kernels.
  struct Subject: Encodable {
    let file: String
    let level: String

    /// Microseconds of one inference.
    let microseconds: Timing
    let samples: Int
    let inferencesPerSample: Int

    /// By the median; absent for a network without products.
    let gigaMultiplyAccumulatesPerSecond: Double?
  }

  /// One operator, run by itself.
  struct Layer: Encodable {
    let index: Int
    let `operator`: String
    let name: String
    let microseconds: Double

    /// Of the sum over all operators.
    let share: Double
    let multiplyAccumulates: Int
    let gigaMultiplyAccumulatesPerSecond: Double?

    /// The least time that the roof permits, divided by the time taken; absent without products or roof.
    let shareOfRoof: Double?

    /// What the roof is made of for this layer.
    let limit: Roof.Limit?
  }

  /// A level, and its subject where this machine has it.
  struct Level: Encodable {
    let level: String
    let isMeasured: Bool
    let subject: Subject?
  }

  /// Another network or level, measured in turns with the model.
  struct Comparison: Encodable {
    let other: Subject

    /// The model's median divided by the other's: below 1 the model is the faster one.
    let medianRatio: Double
  }

  let machine: Machine
  let measured: String
  let model: Subject
  let fileBytes: Int
  let arenaBytes: Int
  let multiplyAccumulates: Int
  let operators: Int
  let layers: [Layer]

  /// What this core can do at most with the model's level.
  let roof: Roof
  let coldStart: ColdStart?
  let levels: [Level]?
  let comparison: Comparison?

  /// What the times are of.
  static let measured =
    "one thread, batch 1: input copied in, every operator, output copied out; "
    + "layers one by one and unfused, the clock's own cost taken off"
}

extension BenchReport.Subject {
  init(_ contender: Contender) {
    let timing = Timing(contender.samples.map { $0 / 1e3 })
    file = contender.network.facts.path
    level = contender.level.name
    microseconds = timing
    samples = contender.samples.count
    inferencesPerSample = contender.inferencesPerSample
    gigaMultiplyAccumulatesPerSecond = BenchReport.rate(
      contender.network.facts.multiplyAccumulateCount, microseconds: timing.median)
  }
}

extension BenchReport {
  /// Thousand million products a second.
  static func rate(_ multiplyAccumulates: Int, microseconds: Double) -> Double? {
    multiplyAccumulates > 0 && microseconds > 0 ? Double(multiplyAccumulates) / microseconds / 1e3 : nil
  }

  /// The layers of a network with the nanoseconds that each took.
  static func layers(_ facts: NetworkFacts, nanoseconds: [Double], under roof: Roof) -> [Layer] {
    let total = max(nanoseconds.reduce(0, +), 1)
    return zip(facts.layers, nanoseconds).map { layer, time in
      let least = roof.limit(multiplyAccumulates: layer.multiplyAccumulates, weightBytes: layer.parameters)
      return Layer(
        index: layer.index, operator: layer.operator, name: layer.name, microseconds: time / 1e3,
        share: time / total, multiplyAccumulates: layer.multiplyAccumulates,
        gigaMultiplyAccumulatesPerSecond: rate(layer.multiplyAccumulates, microseconds: time / 1e3),
        shareOfRoof: least.map { $0.microseconds / max(time / 1e3, .leastNonzeroMagnitude) }, limit: least?.limit)
    }
  }
}
