import QuillFloat
import Testing

/// Shapes of layers, and what a description refuses.
struct NetworkDescriptionTests {
  private func shape(_ layer: Layer, of input: [Int]) throws -> [Int] {
    var network = NetworkDescription(name: "one", inputShape: input)
    let value = try network.append(layer)
    return network.shape(of: value)
  }

  @Test func infersShapes() throws {
    #expect(try shape(.convolution(channels: 32, window: .init(3)), of: [28, 28, 1]) == [26, 26, 32])
    #expect(
      try shape(.convolution(channels: 8, window: .init(3, stride: 2, padding: .same)), of: [7, 8, 1]) == [4, 4, 8])
    #expect(try shape(.maxPool(window: .init(2, stride: 2)), of: [11, 11, 64]) == [5, 5, 64])
    #expect(try shape(.flatten, of: [5, 5, 64]) == [1600])
    #expect(try shape(.globalAveragePool, of: [5, 5, 64]) == [64])
  }

  private func refusal(_ layer: Layer, of input: [Int]) -> String? {
    let error = #expect(throws: GraphError.self) { try shape(layer, of: input) }
    return error?.description
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(
      refusal(.dense(units: 3), of: [2, 2, 1])
        == "node 0 (dense \"dense1\"): the input has the shape [2, 2, 1]; expected 1 axes")
    #expect(refusal(.dense(units: 0), of: [2]) == "node 0 (dense \"dense1\"): units is 0; expected at least 1")
    #expect(
      refusal(.dropout(rate: 1), of: [2])
        == "node 0 (dropout \"dropout1\"): rate is 1.0; expected at least 0 and less than 1")
    #expect(
      refusal(.convolution(channels: 1, window: .init(3)), of: [2, 3, 1])
        == "node 0 (convolution \"convolution1\"): the window needs 3 rows; the padded input has 2")
    #expect(
      refusal(.convolution(channels: 1, window: .init(3, stride: 0, padding: .same)), of: [2, 3, 1])
        == "node 0 (convolution \"convolution1\"): strideHeight is 0; expected at least 1")
    #expect(refusal(.add, of: [2]) == "node 0 (add \"add1\"): 1 operands; expected 2")
    var network = NetworkDescription(name: "image", inputShape: [2, 2, 1])
    try network.append(.activation(.relu))
    let description = network
    let error = #expect(throws: GraphError.self) { try TrainableNetwork(description, seed: 1, capacity: 1) }
    #expect(error?.description == "graph: the output has the shape [2, 2, 1]; expected 1 axes")
  }

  @Test func refusesNetworksBeyondAnyMemory() throws {
    var network = NetworkDescription(name: "large", inputShape: [4096, 4096, 1])
    try network.append(.globalAveragePool)
    let description = network
    let error = #expect(throws: GraphError.self) { try TrainableNetwork(description, seed: 1, capacity: 32) }
    #expect(
      error?.description
        == "node 0 (globalAveragePool \"globalAveragePool1\"): the shape [32, 4096, 4096, 1] holds too many elements; "
        + "expected at most 268435456")
  }
}
