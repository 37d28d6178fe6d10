/// A transposed convolution (TensorFlow's `Conv2DTranspose`, ONNX's `ConvTranspose`) as ordinary convolutions: one for each
/// of the rows that lie between two rows of the input, whose columns in between are channels.
///
/// Element `u = stride * q + phase` of the result, counted from `start` before its first, is the sum over `m` of input
/// element `q - m` times kernel element `phase + offset + stride * m`: no input element is multiplied with the zeros that
/// other ways to compute it put between them (Shi et al. 2016, arXiv 1609.07009).
package struct TransposedConvolution: Sendable, Equatable {
  /// Rows or columns.
  package struct Axis: Sendable, Equatable {
    /// More elements between two of the input than any network for a small board asks for.
    package static let permittedStride = 16

    let stride: Int
    let output: Int
    /// How many of the assembled elements lie before the result's first.
    let start: Int
    /// Elements of one phase.
    let count: Int
    /// For each phase, the input elements that it reads: from `q - greatest` to `q - least`.
    let reaches: [ClosedRange<Int>]

    private let offset: Int
    private let kernel: Int
    private let dilation: Int

    /// - Parameters:
    ///   - input: the input's extent.
    ///   - output: the result's extent.
    ///   - kernel: the kernel's extent.
    ///   - dilation: the distance between its elements.
    ///   - before: elements that padding takes from the front of the full result.
    package init?(input: Int, output: Int, kernel: Int, stride: Int, dilation: Int, before: Int) {
      let most = 1 << 20
      guard (1...most).contains(input), (1...most).contains(output), (1...4_096).contains(kernel),
        (1...Self.permittedStride).contains(stride), (1...4_096).contains(dilation), (0...most).contains(before)
      else { return nil }
      let span = (kernel - 1) * dilation + 1
      let plain = Self.reaches(stride: stride, offset: before, span: span)
      let cropped = Self.reaches(stride: stride, offset: before - before % stride, span: span)
      // Without cropping where that takes no more taps.
      let isPlain = Self.union(plain).count <= Self.union(cropped).count
      reaches = isPlain ? plain : cropped
      start = isPlain ? 0 : before % stride
      offset = before - start
      count = max((output + start + stride - 1) / stride, input + (reaches.map(\.lowerBound).max() ?? 0))
      (self.stride, self.output, self.kernel, self.dilation) = (stride, output, kernel, dilation)
      self.input = input
    }

    private let input: Int

    /// For each phase the values of `m`, 0 among them, so that padding is never less than none.
    private static func reaches(stride: Int, offset: Int, span: Int) -> [ClosedRange<Int>] {
      (0..<stride).map { phase in
        let greatest = Int((Double(span - 1 - phase - offset) / Double(stride)).rounded(.down))
        let least = Int((Double(-phase - offset) / Double(stride)).rounded(.up))
        return min(least, 0)...max(greatest, 0)
      }
    }

    fileprivate static func union(_ reaches: [ClosedRange<Int>]) -> ClosedRange<Int> {
      (reaches.map(\.lowerBound).min() ?? 0)...(reaches.map(\.upperBound).max() ?? 0)
    }

    /// Zeros before and after the input for taps of such a reach.
    fileprivate func padding(_ reach: ClosedRange<Int>) -> (before: Int, after: Int) {
      (reach.upperBound, count - input - reach.lowerBound)
    }

    /// The kernel's element at a tap of a phase; `nil` where there is none.
    fileprivate func element(phase: Int, tap: Int, _ reach: ClosedRange<Int>) -> Int? {
      let place = phase + offset + stride * (reach.upperBound - tap)
      return place >= 0 && place < (kernel - 1) * dilation + 1 && place % dilation == 0 ? place / dilation : nil
    }
  }

  private let rows: Axis
  private let columns: Axis

  /// The kernel, `[O, KH, KW, I]`.
  private let kernelShape: [Int]

  /// - Parameter kernelShape: `[O, KH, KW, I]`, with the kernel's extents as the axes have them.
  package init(rows: Axis, columns: Axis, kernelShape: [Int]) {
    self.rows = rows
    self.columns = columns
    self.kernelShape = kernelShape
  }

  /// How many convolutions there are.
  package var partCount: Int { rows.stride }

  /// The parameters of one of the convolutions.
  package func convolution(_ part: Int, activation: Operation.Activation = .none) -> Operation.Convolution {
    let (top, bottom) = rows.padding(rows.reaches[part])
    let (left, right) = columns.padding(Axis.union(columns.reaches))
    return Operation.Convolution(
      padding: Operation.Padding(top: top, left: left, bottom: bottom, right: right), activation: activation)
  }

  /// The shape of a convolution's weights, `[stride * O, taps, taps, I]`.
  package func weightShape(_ part: Int) -> [Int] {
    [
      columns.stride * kernelShape[0], rows.reaches[part].count, Axis.union(columns.reaches).count, kernelShape[3],
    ]
  }

  /// A convolution's weights.
  ///
  /// - Parameters:
  ///   - kernel: `[O, KH, KW, I]`.
  ///   - zero: what stands where the kernel has no element.
  package func weights<Element>(_ part: Int, of kernel: [Element], zero: Element) -> [Element] {
    let shape = weightShape(part)
    let (depth, reach) = (shape[3], Axis.union(columns.reaches))
    var result: [Element] = []
    result.reserveCapacity(shape.product)
    for channel in 0..<shape[0] {
      let (phase, output) = channel.quotientAndRemainder(dividingBy: kernelShape[0])
      for tap in 0..<shape[1] {
        let row = rows.element(phase: part, tap: tap, rows.reaches[part])
        for columnTap in 0..<shape[2] {
          guard let row, let column = columns.element(phase: phase, tap: columnTap, reach) else {
            result += repeatElement(zero, count: depth)
            continue
          }
          let start = ((output * kernelShape[1] + row) * kernelShape[2] + column) * depth
          result += kernel[start..<start + depth]
        }
      }
    }
    return result
  }

  /// One value for each of a convolution's channels, from one for each of the result's.
  package func perChannel<Element>(_ values: [Element]) -> [Element] {
    Array(repeatElement(values, count: columns.stride).joined())
  }

  /// The result of a convolution.
  package var partShape: [Int] { [1, rows.count, columns.count, columns.stride * kernelShape[0]] }

  /// Puts the convolutions' results together.
  ///
  /// - Parameters:
  ///   - parts: those results.
  ///   - emit: adds a reshape, join or slice with a result of that shape; the last one is the whole.
  package func assembled<Tensor, Failure: Error>(
    _ parts: [Tensor], _ emit: (_ operation: Operation, _ inputs: [Tensor], _ shape: [Int]) throws(Failure) -> Tensor
  ) throws(Failure) -> Tensor {
    let outputs = kernelShape[0]
    let width = columns.stride * columns.count
    var result = parts[0]
    var shape = partShape
    if parts.count > 1 {
      var lines: [Tensor] = []
      for part in parts { lines.append(try emit(.reshape, [part], [1, rows.count, 1, width * outputs])) }
      shape = [1, rows.count, parts.count, width * outputs]
      result = try emit(.concatenate(axis: 2), lines, shape)
    }
    let image = [1, rows.stride * rows.count, width, outputs]
    if shape != image { result = try emit(.reshape, [result], image) }
    let wanted = [1, rows.output, columns.output, outputs]
    if image == wanted { return result }
    return try emit(
      .slice(starts: [0, rows.start, columns.start, 0], steps: [1, 1, 1, 1]), [result], wanted)
  }
}
