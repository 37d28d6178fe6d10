import Quill

/// An opened model that several threads read.
package final class SharedModel: Sendable {
  package let model: Model

  /// Opens a copy of the bytes.
  package init(_ bytes: [UInt8]) throws(ModelError) {
    model = try Model(copying: bytes.span)
  }

  /// A tensor's values of an engine's last step.
  func values(of tensor: Int, in engine: borrowing Engine) -> [Int8] {
    var values = [Int8](repeating: 0, count: model.tensors[tensor].count)
    var span = values.mutableSpan
    engine.copyTensor(tensor, of: model, into: &span)
    return values
  }
}
