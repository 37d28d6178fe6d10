import QuillFloat
import QuillReport
import Testing

/// Measures of labelled answers, and their words.
@Suite struct EvaluationTests {
  private static let names = ["zero", "one", "a longer name", "four", "never"]

  /// 30 images of three classes and 5 of a fourth; every fourth answer is one class too high.
  private static let judgements = (0..<35).map { index in
    let label = index < 30 ? index % 3 : 3
    let prediction = index % 4 == 0 ? (label + 1) % 4 : label
    return Judgement(
      label: label, prediction: prediction, confidence: index % 4 == 0 ? 0.55 : 0.95,
      labelProbability: index % 4 == 0 ? 0.25 : 0.95)
  }

  private static let evaluation = Evaluation(
    model: "m", data: "d", split: "test", classNames: names, judgements: judgements)

  /// As printed by scikit-learn 1.9.1's `classification_report(labels, predictions, labels=range(5), target_names=names,
  /// digits=..., zero_division=0)`.
  @Test func reportIsThatOfScikitLearn() {
    #expect(
      Self.evaluation.classificationReport() == """
                       precision    recall  f1-score   support

                 zero       0.88      0.70      0.78        10
                  one       0.70      0.70      0.70        10
        a longer name       0.73      0.80      0.76        10
                 four       0.67      0.80      0.73         5
                never       0.00      0.00      0.00         0

             accuracy                           0.74        35
            macro avg       0.59      0.60      0.59        35
         weighted avg       0.75      0.74      0.74        35

        """)
    #expect(
      Self.evaluation.classificationReport(digits: 4) == """
                       precision    recall  f1-score   support

                 zero     0.8750    0.7000    0.7778        10
                  one     0.7000    0.7000    0.7000        10
        a longer name     0.7273    0.8000    0.7619        10
                 four     0.6667    0.8000    0.7273         5
                never     0.0000    0.0000    0.0000         0

             accuracy                         0.7429        35
            macro avg     0.5938    0.6000    0.5934        35
         weighted avg     0.7530    0.7429    0.7438        35

        """)
  }

  /// A letter of a chart's type is at most 7 pixels wide.
  @Test func noWordOfTheReliabilityChartIsCut() throws {
    let chart = Charts.reliability(Calibration(Self.judgements))
    let width = try #require(chart.firstMatch(of: /width="(\d+)"/).flatMap { Int($0.1) })
    let texts = chart.matches(of: /<text x="(\d+)" y="\d+" text-anchor="start">([^<]*)</)
    #expect(!texts.isEmpty)
    for text in texts { #expect(try #require(Int(text.1)) + 7 * text.2.count <= width, "\(text.2)") }
  }

  @Test func figuresAreCounted() throws {
    let evaluation = Self.evaluation
    #expect(evaluation.correct == 26)
    #expect(evaluation.confusion[0] == [7, 3, 0, 0, 0])
    #expect(evaluation.confusion.flatMap { $0 }.reduce(0, +) == 35)
    // (26 ln(1/0.95) + 9 ln 4) / 35.
    #expect(abs(evaluation.loss - 0.39457868) < 1e-6)
    #expect(evaluation.mostConfused.first?.label == "zero")
    #expect(evaluation.mostConfused.map(\.images).reduce(0, +) == 9)
    #expect(evaluation.classes[4].accuracy == nil)
    #expect(evaluation.headline == "74.29 %: 26 of 35 images, loss 0.3946")
  }

  @Test func calibrationIsMeasured() {
    let calibration = Self.evaluation.calibration
    #expect(calibration.bins.map(\.images) == [0, 0, 0, 0, 0, 9, 0, 0, 0, 26])
    // 9 answers of confidence 0.55 are all wrong, 26 of 0.95 all right.
    #expect(abs(calibration.expectedError - (9 * 0.55 + 26 * 0.05) / 35) < 1e-6)
    #expect(abs(calibration.largestError - 0.55) < 1e-6)
    let edges = [Float(0), 0.0625, 0.125, 1].map {
      Judgement(label: 0, prediction: 0, confidence: $0, labelProbability: $0)
    }
    #expect(Calibration(edges).bins.map(\.images) == [2, 1, 0, 0, 0, 0, 0, 0, 0, 1])
    #expect(Calibration([]).expectedError == 0)
  }

  @Test func noImagesAreMeasuredAsNothing() {
    let empty = Evaluation(model: "m", data: "d", split: "test", classNames: ["a", "b"], judgements: [])
    #expect(empty.headline == "0.00 %: 0 of 0 images, loss 0.0000")
    #expect(empty.macroAverage.f1 == 0 && empty.weightedAverage.f1 == 0)
  }

  @Test func matrixIsDrawnInCharacters() {
    #expect(
      Self.evaluation.confusionText == """
              true |       zero        one a longer n       four      never  predicted
        -----------+-------------------------------------------------------
              zero |          7          3          .          .          .
               one |          .          7          3          .          .
        a longer n |          .          .          8          2          .
              four |          1          .          .          4          .
             never |          .          .          .          .          .
        """)
  }

  @Test func pagesNeedNothingBesideThemselves() {
    var page = HTMLPage(title: "<&>")
    Self.evaluation.write(to: &page)
    RobustnessReport(
      data: "d", split: "test", images: 1,
      networks: [.init(model: "m", accuracy: 1, corruptions: [.init(.noise, accuracies: [1, 0.5, 0.5, 0.25, 0.25])])]
    ).write(to: &page)
    let html = page.html
    #expect(html.contains("<h1>&lt;&amp;&gt;</h1>"))
    #expect(html.components("<svg ") == 2)
    #expect(html.contains("<td class=\"right\">50.00</td>"))
    for word in ["https://", "<script", "<link"] { #expect(!html.contains(word)) }
  }

  @Test func robustnessIsShownByStrengthOrSideBySide() {
    let rows = Corruption.allCases.map { RobustnessReport.Row($0, accuracies: [1, 0.9, 0.8, 0.7, 0.6]) }
    let first = RobustnessReport.Network(model: "nets/a/float.onnx", accuracy: 1, corruptions: rows)
    let second = RobustnessReport.Network(model: "nets/b/float.onnx", accuracy: 0.9, corruptions: rows)
    let one = RobustnessReport(data: "d", split: "test", images: 9, networks: [first])
    #expect(one.rows[0] == ["corruption", "1", "2", "3", "4", "5", "mean"])
    #expect(one.rows[1] == ["noise", "100.00", "90.00", "80.00", "70.00", "60.00", "80.00"])
    #expect(one.text.hasSuffix("100.00 % as they are, 80.00 % over all corruptions and strengths, lost 20.00 points"))
    let two = RobustnessReport(data: "d", split: "test", images: 9, networks: [first, second])
    #expect(two.rows[0] == ["corruption", "a", "b"])
    #expect(
      two.rows.suffix(3) == [["mean", "80.00", "80.00"], ["none", "100.00", "90.00"], ["lost", "20.00", "10.00"]])
    #expect(ShortNames.ofNetworks(["x.onnx", "x.onnx"]) == ["x.onnx", "x.onnx"])
  }
}

extension String {
  fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}
