/// How an int8 network differs from the float network that it was made from, on the same images.
package struct DriftReport: Sendable, Codable, Equatable {
  /// How often one of the two is right.
  package struct Score: Sendable, Codable, Equatable {
    /// Images whose class was named right.
    package var correct: Int
    /// `correct / images`, 0...1.
    package var accuracy: Double
  }

  /// Images on which the two name different classes.
  package struct Flips: Sendable, Codable, Equatable {
    /// All of them.
    package var changed: Int
    /// Right in float, wrong in int8.
    package var lost: Int
    /// Wrong in float, right in int8.
    package var gained: Int
  }

  /// An image on which the two differ.
  package struct Flip: Sendable, Codable, Equatable {
    package var image: Int
    package var label: Int?
    package var float: Int
    package var quantized: Int
  }

  /// The difference of the outputs, in the output's unit.
  package struct Outputs: Sendable, Codable, Equatable {
    package var largestDifference: Double
    package var meanDifference: Double
  }

  /// What quantisation did to one operator's output.
  package struct Layer: Sendable, Codable, Equatable {
    /// The tensor's name in the float network.
    package var name: String
    package var `operator`: String
    /// Ratio of the signal's power to the power of the difference from float, in decibels; `nil` where they are equal.
    /// Everything that happened up to here.
    package var sqnrDecibels: Double?
    /// The same for this operator alone: float arithmetic on the int8 network's own operands against its result.
    package var ownSqnrDecibels: Double?
    /// Cosine of the angle between the two outputs, all images taken as one vector; 1 is the same direction.
    package var cosine: Double
    /// The share of values at the ends of the int8 range that float puts beyond it, 0...1.
    package var saturated: Double
  }

  /// Images compared.
  package var images: Int
  /// The float network; `nil` where nothing is labelled, or the network decides nothing.
  package var float: Score?
  /// The int8 network.
  package var quantized: Score?
  /// Images on which both name the same class, 0...1; `nil` where the network decides nothing.
  package var agreement: Double?
  package var flips: Flips?
  /// The first flips, at most 100.
  package var flippedImages: [Flip]
  package var outputs: Outputs
  /// In the order of the int8 network; operators that only rename or copy are left out.
  package var layers: [Layer]
  /// One sentence: what was lost, and which layer to look at.
  package var verdict: String
}
