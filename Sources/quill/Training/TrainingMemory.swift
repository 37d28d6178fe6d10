import Foundation
import QuillFloat

/// How much memory training may take.
enum TrainingMemory {
  /// Three quarters of what the machine has.
  static let limit = Int(clamping: ProcessInfo.processInfo.physicalMemory / 4 * 3)
}

extension NetworkDescription {
  /// The trained numbers, without padding; so many that no memory holds them where the product overflows.
  var parameterCount: Int {
    nodes.reduce(0) { sum, node in
      let depth = shape(of: node.inputs[0]).last ?? 0
      let own =
        switch node.layer {
        case .convolution(let channels, let window, _):
          Self.product([window.height, window.width, depth, channels], plus: channels)
        case .depthwiseConvolution(let window): Self.product([window.height, window.width, depth], plus: depth)
        case .dense(let units, _): Self.product([depth, units], plus: units)
        case .batchNormalization: 2 * depth
        default: 0
        }
      return Self.sum(sum, own)
    }
  }

  /// About the bytes that training takes: parameters, gradients, two moments and a transposed copy, and, for each image
  /// of a batch, every value, its gradient and what a layer may keep of it.
  func trainingByteCount(batchSize: Int) -> Int {
    let values = nodes.reduce(inputShape.reduce(1, *)) { Self.sum($0, Self.product($1.shape, plus: 0)) }
    return Self.sum(
      Self.product([parameterCount, 5, 4], plus: 0), Self.product([values, batchSize, 3, 4], plus: 0))
  }

  private static func product(_ factors: [Int], plus term: Int) -> Int {
    let product = factors.reduce(1) { product, factor in
      let (result, overflows) = product.multipliedReportingOverflow(by: factor)
      return overflows ? .max : result
    }
    return sum(product, term)
  }

  private static func sum(_ left: Int, _ right: Int) -> Int {
    let (sum, overflows) = left.addingReportingOverflow(right)
    return overflows ? .max : sum
  }
}
