import QuillData
import QuillReport

/// `quill explore`: what labelled images hold, before a network learns from them.
enum ExploreCommand: Command {
  private static let html = Option(
    "--html", "OUT.html", .output, help: "write chart, warnings and pictures as a page of HTML")
  private static let sheet = Option("--sheet", "OUT.png", .output, help: "draw some images of each class")
  private static let perClass = Option(
    "--pictures", "N", .integer(1...1000), help: "images of each class on the sheet and in the page; by default 10")

  static let declaration = CommandDeclaration(
    name: "explore", summary: "Look at labelled images before a network learns from them.",
    discussion: """
      Answers shapes, range, mean and deviation, and the images of each class; warns of classes without images, unbalanced
      classes, empty images, images that are there twice, in both parts or under two labels, and of little contrast.
      """,
    parameters: [
      SharedParameters.data.declaration, SharedParameters.limit.declaration, TrainOptions.size.declaration,
      html.declaration, sheet.declaration,
      perClass.declaration, SharedParameters.json.declaration,
    ],
    required: [SharedParameters.data.name],
    examples: [
      .init(command: "quill explore --data mnist", meaning: "a folder of IDX files, training and test images"),
      .init(
        command: "quill explore --data photos --html photos.html --sheet photos.png",
        meaning: "a folder of images foldered by class, with pictures"),
    ])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let data = try arguments.required(SharedParameters.data)
    let source = try DataSource(argument: data)
    let leftOut = LeftOutPictures()
    let preparer = arguments[TrainOptions.size].map { ImagePreparer($0, inverts: false) }
    let sets = try load(source, limit: arguments[SharedParameters.limit], preparer, leftOut)
    if let remark = leftOut.remark { console.remark("quill explore: \(remark)") }
    let exploration = Exploration(data: data, sets)
    let cells = cells(of: sets[0].images, perClass: arguments[perClass] ?? 10)
    if let target = arguments[sheet] {
      try AtomicFile.write(
        PNGFile.encode(PictureSheet(cells, columns: arguments[perClass] ?? 10).image), to: target)
    }
    if let target = arguments[html] {
      var page = HTMLPage(title: "quill explore: \(data)")
      exploration.write(to: &page)
      page.heading("First images of each class")
      page.pictures(cells)
      show(exploration, sets.map(\.images), in: &page)
      try AtomicFile.write(Array(page.html.utf8), to: target)
    }
    if arguments[SharedParameters.json] {
      try console.printJSON(exploration)
    } else {
      try console.print(exploration.text + "\n\n" + DigitGallery.text(sets[0].images))
    }
    return .success
  }

  /// The parts that the data has, training images first.
  private static func load(
    _ source: DataSource, limit: Int?, _ preparer: ImagePreparer?, _ leftOut: LeftOutPictures
  ) throws -> [(split: String, images: LabelledImages)] {
    var sets: [(split: String, images: LabelledImages)] = []
    var refusal: DataError?
    for split in DataSource.Split.allCases where try split == .train || source.hasOwnTestImages() {
      do throws(DataError) {
        let images = try source.load(split: split, limit: limit, preparer: preparer, leftOut: leftOut)
        sets.append((split.rawValue, images))
      } catch {
        guard case .splitAbsent = error.problem else { throw error }
        refusal = error
      }
    }
    if sets.isEmpty, let refusal { throw refusal }
    return sets
  }

  /// The images that the warnings speak of, some of each kind.
  private static func show(_ exploration: Exploration, _ sets: [LabelledImages], in page: inout HTMLPage) {
    func cell(_ split: String, _ images: LabelledImages, _ index: Int) -> PictureSheet.Cell {
      PictureSheet.Cell(
        images.pixelImage(index), caption: "\(split) \(index): \(images.classNames[images.labels[index]])")
    }
    for (part, images) in zip(exploration.parts, sets) where !part.emptyImages.isEmpty || !part.duplicates.isEmpty {
      page.heading("Odd images of \(part.split)")
      page.pictures(
        part.emptyImages.prefix(shownOddities).map { cell(part.split, images, $0) }
          + part.duplicates.prefix(shownOddities).flatMap {
            [cell(part.split, images, $0.first), cell(part.split, images, $0.second)]
          })
    }
    guard !exploration.sharedImages.isEmpty else { return }
    let names = exploration.parts.map(\.split)
    page.heading("Images of \(names[1]) beside those of \(names[0]) that they are like")
    page.pictures(
      exploration.sharedImages.prefix(shownOddities).flatMap {
        [cell(names[1], sets[1], $0.second), cell(names[0], sets[0], $0.first)]
      })
  }

  /// How many images, or pairs, the page shows of each kind of oddity.
  private static let shownOddities = 20

  private static func cells(of images: LabelledImages, perClass: Int) -> [PictureSheet.Cell] {
    var counts = [Int](repeating: 0, count: images.classNames.count)
    var chosen = [[Int]](repeating: [], count: counts.count)
    for (index, label) in images.labels.enumerated() where counts[label] < perClass {
      counts[label] += 1
      chosen[label].append(index)
    }
    return chosen.flatMap { $0 }.map { index in
      PictureSheet.Cell(images.pixelImage(index), caption: images.classNames[images.labels[index]])
    }
  }
}
