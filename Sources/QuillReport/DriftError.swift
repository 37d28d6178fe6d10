/// Why two networks cannot be compared.
package enum DriftError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The float network does not lower to the runtime's operations.
  case float(String)
  /// The int8 network's inputs are not the float network's.
  case inputs(float: [Int], quantized: [Int])
  /// The outputs do not have the same number of values.
  case outputs(float: Int, quantized: Int)
  /// The section of channel exponents does not fit the tensors.
  case channelExponents(offset: Int)
  /// Nothing to compare on.
  case noImages

  package var description: String {
    switch self {
    case .float(let sentence): sentence
    case .inputs(let float, let quantized):
      "the float network's inputs have \(float) values and the .quill file's \(quantized); expected the same: compare a file with the network that it was converted from"
    case .outputs(let float, let quantized):
      "the float network answers \(float) values and the .quill file \(quantized); expected as many: compare a file with the network that it was converted from"
    case .channelExponents(let offset):
      "the section of channel exponents does not fit the tensors at offset \(offset); expected a tensor, its number of channels, and as many exponents of -20...20: convert the network again"
    case .noImages: "there are no images to compare on; name a folder that holds some, or `synthetic`"
    }
  }
}
