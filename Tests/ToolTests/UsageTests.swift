import Testing

@Suite struct UsageTests {
  private static let commands = [
    "demo", "train", "tune", "convert", "drift", "inspect", "run", "classify", "evaluate", "explain", "explore",
    "verify",
    "bench", "export-c",
  ]

  @Test func helpListsEveryCommandAndExitCode() throws {
    let help = try Tool.run(["--help"])
    #expect(help.status == 0)
    #expect(help.error.isEmpty)
    for word in Self.commands + ["--version", "NO_COLOR", "QUILL_KERNELS", "exit codes:"] {
      #expect(help.output.contains(word))
    }
    for code in ["  0  ", "  1  ", "  2  ", "  3  "] { #expect(help.output.contains(code)) }
    #expect(try Tool.run(["-h"]).output == help.output)
    #expect(try Tool.run(["help"]).output == help.output)
  }

  @Test(arguments: Self.commands)
  func everyCommandExplainsItself(command: String) throws {
    let help = try Tool.run([command, "--help"])
    #expect(help.status == 0)
    #expect(help.output.contains("usage: quill \(command) "))
    #expect(help.output.contains("examples:"))
    #expect(try Tool.run(["help", command]).output == help.output)
    #expect(try Tool.run(["--quiet", command, "-h"]).output == help.output)
  }

  @Test func versionNamesToolAndFormat() throws {
    let version = try Tool.run(["--version"])
    #expect(version.status == 0)
    #expect(version.output.wholeMatch(of: /quill \d+\.\d+\.\d+, file format \d+\n/) != nil)
  }

  /// Each mistake: status 2 and this one line.
  @Test(arguments: [
    ([], "quill: no command was given; see quill --help"),
    (["evalute"], "quill: there is no command 'evalute'; did you mean evaluate?; see quill --help"),
    (["frobnicate"], "quill: there is no command 'frobnicate'; see quill --help"),
    (["--versoin"], "quill: there is no option --versoin; did you mean --version?; see --help"),
    (["run"], "quill run: MODEL is missing; see --help"),
    (["run", "m.onnx"], "quill run: the option --input must be given; see --help"),
    (["run", "m.onnx", "--imput", "x"], "quill run: there is no option --imput; did you mean --input?; see --help"),
    (["run", "m.onnx", "--input"], "quill run: the option --input lacks its value; expected a value"),
    (["run", "m.onnx", "--input", "--output", "y"], "quill run: the option --input lacks its value; expected a value"),
    (["run", "m.onnx", "--input=", "-o", "y"], "quill run: --input is ''; expected a value"),
    (["inspect", "a", "b"], "quill inspect: 'b' is one argument too many; see --help"),
    (["inspect", "--json=yes", "a"], "quill inspect: the option --json takes no value"),
    (["evaluate", "m", "--data", "d", "--split", "tset"], "quill evaluate: --split is 'tset'; expected train or test"),
    (["evaluate", "m", "--data", "d", "--data", "e"], "quill evaluate: the option --data was given twice"),
    (
      ["evaluate", "m", "--data", "d", "--limit", "0"],
      "quill evaluate: --limit is '0'; expected a whole number, 1 or more"
    ),
    (
      ["classify", "m", "i", "--top", "many"],
      "quill classify: --top is 'many'; expected a whole number, 1...1000"
    ),
    (
      ["evaluate", "m", "--data", "d", "--input-range", "1..0"],
      "quill evaluate: --input-range is '1..0'; expected LOW..HIGH such as 0..1, 0..255 or -1..1, "
        + "or MEAN/STD such as 0.1307/0.3081"
    ),
  ])
  func mistakesAreOneLine(arguments: [String], line: String) throws {
    let outcome = try Tool.run(arguments)
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error == line + "\n")
  }

  @Test func twoDashesEndTheOptions() throws {
    let outcome = try Tool.run(["inspect", "--", "--json"])
    #expect(outcome.error == "quill inspect: --json: there is no such file or folder\n")
    #expect(outcome.status == 1)
  }
}
