import Quill

/// The first place where a model's answers differ from those it carries, with the name of the operator.
package struct VerifyDifference: Sendable {
  package var difference: GoldenVectors.Difference
  package var operatorName: Sentence

  init(_ difference: GoldenVectors.Difference, in model: borrowing Model) {
    self.difference = difference
    if case .operator(let index, _, _, _) = difference {
      operatorName = Sentence(utf8: model.operatorNameBytes(index))
    } else {
      operatorName = ""
    }
  }
}

extension VerifyDifference {
  package var sentence: Sentence {
    switch difference {
    case .operator(let index, let number, let found, let expected):
      return "operator \(index) \"\(operatorName)\" is the first that differs, on golden input \(number): checksum "
        + "\(found), expected \(expected); this machine or its build computes wrongly, please report it"
    case .output(let index, let position, let number, let found, let expected):
      return "output \(index) holds \(found) at \(position) on golden input \(number), expected \(expected), though "
        + "every operator agrees; the file contradicts itself, convert the network again"
    }
  }
}
