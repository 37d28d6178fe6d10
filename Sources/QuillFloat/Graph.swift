/// A float network: tensors, and the nodes that compute them, in an order in which they can run.
///
/// Every reader makes one and the converter consumes one. Shapes are static and the batch is 1; images are NHWC in
/// the operations that look at neighbours (`Operation`), and a network that was trained in another layout carries
/// `Operation.transpose` nodes until the converter removes them.
public struct Graph: Sendable, Equatable {
  /// The index of a tensor in `Graph.tensors`.
  public struct TensorID: Sendable, Hashable {
    /// The position in `Graph.tensors`.
    public let index: Int

    /// The tensor at a position in `Graph.tensors`.
    public init(_ index: Int) { self.index = index }
  }

  /// What is known of a tensor before the network runs.
  public struct Tensor: Sendable, Equatable {
    /// The name that the exporter gave it, unique in the graph.
    public var name: String

    /// Its extents, batch first; every extent is known and at least 1.
    public var shape: [Int]

    /// The values of a weight, bias or other constant; `nil` for what is computed or fed.
    public var constant: [Float]?

    /// A tensor by name, shape and, for a constant, its values.
    public init(name: String, shape: [Int], constant: [Float]? = nil) {
      self.name = name
      self.shape = shape
      self.constant = constant
    }
  }

  /// One operation applied to tensors.
  public struct Node: Sendable, Equatable {
    /// The name that the exporter gave it, or the name of its output.
    public var name: String

    /// What it computes, with every attribute.
    public var operation: Operation

    /// Its operands, in the order that `Operation` documents.
    public var inputs: [TensorID]

    /// The one tensor that it computes.
    public var output: TensorID

    /// A node by name, operation, operands and result.
    public init(name: String, operation: Operation, inputs: [TensorID], output: TensorID) {
      self.name = name
      self.operation = operation
      self.inputs = inputs
      self.output = output
    }
  }

  /// The network's name.
  public var name: String

  /// Every tensor; a `TensorID` is a position in it.
  public var tensors: [Tensor]

  /// The nodes, each after those that compute its operands.
  public var nodes: [Node]

  /// The tensors that are fed, in order.
  public var inputs: [TensorID]

  /// The tensors that are answered, in order.
  public var outputs: [TensorID]

  /// What the file said of itself (producer, training settings, labels), by key.
  public var metadata: [String: String]

  /// An empty graph of the given name.
  public init(name: String) {
    self.name = name
    tensors = []
    nodes = []
    inputs = []
    outputs = []
    metadata = [:]
  }

  /// The tensor behind an identifier.
  public subscript(id: TensorID) -> Tensor {
    get { tensors[id.index] }
    set { tensors[id.index] = newValue }
  }

  /// Adds a tensor and answers its identifier.
  public mutating func addTensor(_ tensor: Tensor) -> TensorID {
    tensors.append(tensor)
    return TensorID(tensors.count - 1)
  }
}
