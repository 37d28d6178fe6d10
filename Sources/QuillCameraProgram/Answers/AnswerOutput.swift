import CVideo4Linux
import QuillCamera

/// Where answers go: lines on standard output, each or only the changes, and the preview on the terminal.
struct AnswerOutput: ~Copyable {
  private let options: ClassifyOptions
  private var writer: AnswerLine
  private var preview: TerminalPreview?
  private var held: HeldAnswer
  /// Lines would tear the preview where both go to the same terminal.
  private let writesLines: Bool
  private var dropped: UInt64 = 0
  private var lost: UInt64 = 0

  init(_ options: ClassifyOptions, labels: [[UInt8]]) throws(ProgramError) {
    self.options = options
    writer = AnswerLine(labels: labels)
    held = HeldAnswer(frameCount: options.hold ?? 1)
    var columns: UInt32 = 0
    var rows: UInt32 = 0
    writesLines = unsafe !options.preview || !quill_terminal_size(1, &columns, &rows)
    if options.preview { preview = try TerminalPreview.open() }
  }

  /// A new model names its classes, and what was held of the old one's is forgotten.
  mutating func use(labels: [[UInt8]]) {
    writer = AnswerLine(labels: labels)
    held = HeldAnswer(frameCount: options.hold ?? 1)
  }

  /// The answer as a recording keeps it, without what depends on other frames.
  mutating func kept(_ answer: FrameAnswer) -> TextLine { writer.kept(answer) }

  /// Writes and shows the answer to a frame.
  mutating func take(_ frame: FrameAnswer, on picture: Picture) throws(ProgramError) {
    var answer = frame
    let hasChanged = held.take(answer)
    if options.hold != nil { answer.held = held.belief }
    dropped += answer.facts.dropped
    lost += answer.facts.lost
    answer.facts.dropped = dropped
    answer.facts.lost = lost
    preview?.show(picture, box: answer.box, text: writer.text(answer))
    if options.onlyChanges && !hasChanged { return }
    // A line tells what was dropped since the line before.
    dropped = 0
    lost = 0
    if writesLines { try (options.asText ? writer.text(answer) : writer.json(answer)).write() }
  }
}
