import Foundation
import FoundationXML
import QuillReport
import Testing

/// The drawing of a network.
@Suite struct NetworkPictureTests {
  private typealias Picture = NetworkPicture

  /// A chain of layers with a connection from each tensor to the last layer, which adds them all up.
  private static func picture(layers count: Int, name: String = "layer", quantized: Bool = false) -> NetworkPicture {
    let tensors = (0...count + 1).map { index in
      NetworkPicture.Tensor(
        name: "\(name)/\(index)", shape: [1, 8, 8, 4], scale: quantized ? 0.5 : nil, zeroPoint: quantized ? -3 : nil,
        place: quantized ? NetworkPicture.Place(offset: index % 2 * 256, byteCount: 256) : nil)
    }
    let chain = (0..<count).map { index in
      NetworkPicture.Layer(
        operator: "Conv2D", name: "\(name)/\(index)", parameters: 1234, multiplyAccumulates: 5_678_901,
        inputs: [index], output: index + 1)
    }
    let sum = NetworkPicture.Layer(
      operator: "Add", name: "sum", parameters: 0, multiplyAccumulates: 0, inputs: Array(0...count), output: count + 1)
    return NetworkPicture(
      title: name, facts: [NetworkPicture.Fact("format", "test")], tensors: tensors, layers: chain + [sum],
      inputs: [0], outputs: [count + 1], arenaByteCount: quantized ? 512 : nil)
  }

  /// Parses a page as XML, which its body is written to be, and answers the first fault.
  private func fault(in page: String) -> String? {
    let body = page.replacing("<!DOCTYPE html>\n", with: "").replacing(/<meta [^>]*>/, with: "")
    let parser = XMLParser(data: Data(body.utf8))
    return parser.parse() ? nil : "line \(parser.lineNumber): \(String(describing: parser.parserError))"
  }

  @Test func pagesAreWellFormedWhateverTheNames() {
    for name in ["plain", "<script>alert(1)</script>", "a&b\"c'd", "\u{1b}[31m", "层\u{0}"] {
      for quantized in [false, true] {
        let page = Self.picture(layers: 4, name: name, quantized: quantized).html
        #expect(fault(in: page) == nil)
        #expect(!page.contains("<script"))
        #expect(!page.contains("\u{1b}"))
      }
    }
  }

  @Test func everyLayerAndTensorIsShown() {
    let page = Self.picture(layers: 5, quantized: true).html
    for index in 0..<5 { #expect(page.contains("layer/\(index)</text>")) }
    // Input, five layers, sum and output; a line from every tensor to each reader.
    #expect(page.components(separatedBy: "<g class=\"box").count - 1 == 8)
    #expect(page.components(separatedBy: "class=\"line\"").count - 1 == 5 + 6 + 1)
    #expect(page.contains("1,234 parameters, 5,678,901 MAC"))
    #expect(page.contains("scale 0.5, zero point -3"))
    #expect(page.contains("arena 256, 256 bytes"))
    #expect(page.contains("class=\"arena\""))
    #expect(!Self.picture(layers: 5).html.contains("class=\"arena\""))
    for outside in ["http:", "https:", "src=", "@import"] { #expect(!page.contains(outside)) }
  }

  @Test func boxesDoNotOverlap() throws {
    let svg = Self.picture(layers: 6).graphSVG
    let boxes = svg.matches(of: /<\/title><rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/).map {
      [$0.1, $0.2, $0.3, $0.4].compactMap { Double($0) }
    }
    #expect(boxes.count == 9)
    for (index, a) in boxes.enumerated() {
      for b in boxes.dropFirst(index + 1) {
        #expect(a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1])
      }
    }
  }

  @Test func hugeNetworksAreDrawnInBoundedTime() {
    // A million passages were the long connections not drawn straight.
    let svg = Self.picture(layers: 1500).graphSVG
    #expect(svg.utf8.count < 4_000_000)
    #expect(
      !Picture(title: "", facts: [], tensors: [], layers: [], inputs: [], outputs: [], arenaByteCount: 0).html.isEmpty)
  }
}
