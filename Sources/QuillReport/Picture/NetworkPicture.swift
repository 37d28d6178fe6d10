/// What a drawing of a network shows: its layers, and the tensors between them.
package struct NetworkPicture: Sendable {
  /// A tensor that is fed or computed.
  package struct Tensor: Sendable {
    package var name: String
    /// Extents, batch first.
    package var shape: [Int]
    /// `real = scale * (value - zeroPoint)`; `nil` for floats.
    package var scale: Float?
    package var zeroPoint: Int?
    /// Where it lies in the arena, halo included; `nil` for a float network.
    package var place: Place?

    package init(name: String, shape: [Int], scale: Float? = nil, zeroPoint: Int? = nil, place: Place? = nil) {
      self.name = name
      self.shape = shape
      self.scale = scale
      self.zeroPoint = zeroPoint
      self.place = place
    }
  }

  /// Bytes of the arena.
  package struct Place: Sendable, Encodable {
    package var offset: Int
    package var byteCount: Int

    package init(offset: Int, byteCount: Int) {
      self.offset = offset
      self.byteCount = byteCount
    }
  }

  /// An operator, and what it costs for one sample.
  package struct Layer: Sendable {
    package var `operator`: String
    package var name: String
    package var parameters: Int
    package var multiplyAccumulates: Int
    /// Positions in `tensors`.
    package var inputs: [Int]
    package var output: Int

    package init(
      operator: String, name: String, parameters: Int, multiplyAccumulates: Int, inputs: [Int], output: Int
    ) {
      self.operator = `operator`
      self.name = name
      self.parameters = parameters
      self.multiplyAccumulates = multiplyAccumulates
      self.inputs = inputs
      self.output = output
    }
  }

  /// A line about the network as a whole.
  package struct Fact: Sendable {
    package var key: String
    package var value: String

    package init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  package var title: String
  package var facts: [Fact]
  package var tensors: [Tensor]

  /// In an order in which they run.
  package var layers: [Layer]

  /// Positions in `tensors`.
  package var inputs: [Int]
  package var outputs: [Int]

  /// The bytes of the arena; `nil` for a float network.
  package var arenaByteCount: Int?

  package init(
    title: String, facts: [Fact], tensors: [Tensor], layers: [Layer], inputs: [Int], outputs: [Int],
    arenaByteCount: Int?
  ) {
    self.title = title
    self.facts = facts
    self.tensors = tensors
    self.layers = layers
    self.inputs = inputs
    self.outputs = outputs
    self.arenaByteCount = arenaByteCount
  }
}
