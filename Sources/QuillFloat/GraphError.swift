/// What is wrong with a graph, and where. The wording stands in `GraphError+Description.swift`.
public struct GraphError: Error, Sendable, Equatable {
  /// The place of the fault.
  public var place: Place

  /// The fault.
  public var problem: Problem

  /// A fault at a place.
  public init(at place: Place, _ problem: Problem) {
    self.place = place
    self.problem = problem
  }
}

extension GraphError {
  /// The part of a graph that a fault concerns.
  public enum Place: Sendable, Equatable {
    /// The graph as a whole.
    case graph

    /// A tensor, by its position in `Graph.tensors` and its name.
    case tensor(index: Int, name: String)

    /// An operation outside any graph, by `Operation.name`.
    case operation(String)

    /// A node, by its position in `Graph.nodes`, the name of its operation and its own.
    case node(index: Int, operation: String, name: String)
  }

  /// An operand's role, or the result.
  public enum Operand: Sendable, Equatable {
    case input, weights, bias, scale, shift, mean, variance, left, right, output

    /// One of a list of equals, counted from 0.
    case operand(Int)
  }

  /// A number among an operation's attributes.
  public enum Parameter: Sendable, Equatable {
    case strideHeight, strideWidth, dilationHeight, dilationWidth, windowHeight, windowWidth, groups
    case paddingTop, paddingLeft, paddingBottom, paddingRight
    case before, after, starts, steps, axes, axis, permutation
    case epsilon, alpha, beta, low, high, value
    case units, channels, rate, momentum
  }

  /// A float that is not a number to calculate with.
  public enum NonFinite: Sendable, Equatable {
    case nan, infinity, negativeInfinity

    /// The kind of a float, or `nil` where it is finite.
    package init?(_ value: Float) {
      if value.isFinite { return nil }
      self = value.isNaN ? .nan : value > 0 ? .infinity : .negativeInfinity
    }
  }

  /// An axis of an image.
  public enum Direction: Sendable, Equatable {
    case height, width
  }

  /// The fault, with what was found and what was expected.
  public enum Problem: Sendable, Equatable {
    // Of an operation and its operands.

    /// Too few or too many operands.
    case operandCount(found: Int, expected: ClosedRange<Int>)

    /// An operand that has not the number of axes that the operation needs.
    case rank(Operand, shape: [Int], expected: Int)

    /// An operand that has fewer axes than the operation needs.
    case rankTooLow(Operand, shape: [Int], minimum: Int)

    /// An operand whose extent on an axis does not fit the other operands.
    case extent(Operand, axis: Int, found: Int, expected: Int)

    /// Groups that do not divide the channels.
    case groups(Int, inputChannels: Int, outputChannels: Int)

    /// A depthwise convolution whose output channels are no multiple of its input channels.
    case depthMultiplier(inputChannels: Int, outputChannels: Int)

    /// An attribute below the smallest value that makes sense.
    case tooSmall(Parameter, found: Int, minimum: Int)

    /// An attribute beyond any size that Quill handles.
    case tooLarge(Parameter, found: Int, maximum: Int)

    /// An attribute that is not finite, or is not a number.
    case nonFiniteParameter(Parameter, NonFinite)

    /// An attribute that must not be negative.
    case negativeParameter(Parameter, Float)

    /// An attribute that must lie from 0 up to, but not including, 1.
    case notAShare(Parameter, Float)

    /// A list that has not one entry an axis.
    case listCount(Parameter, found: Int, expected: Int)

    /// An axis that the operand does not have.
    case axis(Int, rank: Int)

    /// An axis that is named twice.
    case repeatedAxis(Int)

    /// A list that does not name each axis once.
    case permutation([Int])

    /// A window that does not fit into the padded input even once.
    case window(Direction, extent: Int, available: Int)

    /// A pool's padding that would leave a window without any element.
    case emptyWindow(Parameter, found: Int, window: Int)

    /// Operands whose shapes cannot be broadcast to one.
    case broadcast([Int], [Int])

    /// Shapes that hold different numbers of elements.
    case elementCount([Int], [Int])

    /// A slice that leaves its operand.
    case slice(axis: Int, first: Int, last: Int, extent: Int)

    /// An operation whose result has a shape that only its tensor can say, and does not.
    case undeclaredShape

    /// A result whose tensor declares another shape.
    case declaredShape([Int], inferred: [Int])

    // Of a tensor.

    /// A name that an earlier tensor has.
    case duplicateName(firstIndex: Int)

    /// An extent below 1.
    case emptyAxis(axis: Int, found: Int)

    /// More elements than Quill handles.
    case tooManyElements(shape: [Int], maximum: Int)

    /// A constant whose values do not fill its shape.
    case constantCount(found: Int, shape: [Int])

    /// A constant with a value that is not finite, at a position in row-major order.
    case nonFiniteConstant(NonFinite, position: Int)

    /// A tensor that is fed and also a constant.
    case inputIsConstant

    /// A tensor that is fed twice.
    case inputTwice

    /// A tensor that is answered, but that nothing computes.
    case outputNeverComputed

    // Of the order of nodes, or of the graph.

    /// An identifier that stands for no tensor.
    case unknownTensor(index: Int, count: Int)

    /// An operand that is neither fed, nor constant, nor computed by an earlier node.
    case operandNotReady(String)

    /// A result that is fed, constant, or computed already.
    case resultTaken(String)

    /// A graph that answers nothing.
    case noOutputs

    /// A network that needs more memory than Quill handles.
    case arena(elementCount: Int, maximum: Int)
  }
}
