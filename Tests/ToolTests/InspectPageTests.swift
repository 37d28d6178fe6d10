import QuillData
import Testing

/// `inspect --html`.
@Suite struct InspectPageTests {
  @Test func floatAndInt8NetworksAreDrawn() throws {
    let work = try Workspace()
    let file = work.path("coarse.quill")
    #expect(
      try Tool.run(["convert", work.network, "-o", file, "--calibrate", "synthetic:50", "--quiet"]).status == 0)
    for (network, hasArena) in [(work.network, false), (file, true)] {
      let target = work.path("page.html")
      let outcome = try Tool.run(["inspect", network, "--html", target])
      #expect(outcome.status == 0)
      #expect(outcome.output.isEmpty)
      #expect(outcome.error.isEmpty)
      let page = String(decoding: try FileBytes.read(target), as: UTF8.self)
      #expect(page.hasPrefix("<!DOCTYPE html>"))
      #expect(page.contains("class=\"graph\""))
      #expect(page.contains(">FullyConnected<"))
      #expect(page.contains("class=\"arena\"") == hasArena)
      #expect(try Tool.run(["inspect", network, "--html", "-"]).output == page)
    }
  }

  @Test func aPageIsNoJSON() throws {
    let work = try Workspace()
    let outcome = try Tool.run(["inspect", work.network, "--html", work.path("page.html"), "--json"])
    #expect(outcome.status == 2)
    #expect(outcome.error == "quill inspect: the option --json does not fit: --html writes a page\n")
  }
}
