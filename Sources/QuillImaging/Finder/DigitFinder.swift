/// Finds handwritten digits in grey pictures and brings each to the form of MNIST: integers only, and nothing is
/// allocated after `init`.
///
/// A picture larger than 640 pixels on a side is first reduced by a whole factor. Then: the level of the paper under
/// uneven light, the contrast of each pixel against it, a threshold by Otsu's method, connected components, the choice
/// and joining of those that make a digit, a box of 20 x 20 by exact area averaging with proportions kept, the ink
/// stretched to full strength, and the centre of mass moved to the middle of 28 x 28.
public struct DigitFinder: ~Copyable {
  /// Longest side of the plane that is searched, in pixels.
  public static let searchedSide = 640
  /// Longest side of the plane that is searched first for a single digit: a quarter of the work, and less noise. Only
  /// what is not clear there is searched again in more detail.
  static let coarseSide = 320
  /// Longest side of the plane in which what drowned in noise is looked for last.
  static let coarsestSide = 160
  /// Largest picture that is searched so: larger ones are photographs, with small writing on a large sheet.
  static let mostCoarse = 1_280
  /// Longer side of a digit in pixels of the plane that is searched first above which more detail shows nothing new: three
  /// times that of the box which it is brought to.
  static let detailedEnough: Int32 = 60
  /// Side of the picture that a network of digits takes.
  public static let imageSide = 28
  /// Most digits that `findAll` tells apart; where it finds as many, there may be more.
  public static let mostDigits = 32
  /// Side of the box that the digit fills.
  static let boxSide = 20

  /// Widest picture that `find` takes, in pixels.
  public let mostWidth: Int
  /// Highest picture that `find` takes, in pixels.
  public let mostHeight: Int

  /// The picture as it is searched, reduced by `factor`.
  var plane: [UInt8]
  /// How far each pixel stands out from its paper, in the direction of the ink.
  var contrast: ContrastPlane
  /// The same in the other direction while searching; afterwards room to work in.
  var opposite: ContrastPlane
  /// Cells on each side whose median was taken as the paper for both.
  var weighedReach = 0
  /// The direction that `contrast` shows.
  var contrastPolarity = Polarity.darkOnLight
  /// The ink of one digit alone; black between searches.
  var cutout: [UInt8]
  /// The paper's level along a row.
  var paperRow: [UInt8]
  /// Its gain along a row; see `ContrastScale`.
  var gainRow: [UInt16]
  var paper: PaperLevel
  var ink: InkComponents
  var rules: RuleSearch
  var width = 0
  var height = 0
  var factor = 1
  var attempt = FinderAttempt()
  /// What was done since the picture was loaded, in pixels of the plane: a look for components counts each pixel once, an
  /// estimate of the paper three times, a look for lines four times, which is what they take.
  var work = 0
  /// Whether more ways to part ink from paper may be tried: on crowded pictures there is no end of them.
  var mayGoOn: Bool { work < 8 * Self.searchedSide * Self.searchedSide }
  /// Whether lines of the paper were taken off since the picture was loaded.
  var hasErasedRules = false
  /// Whether lines were looked for because of many dashes since then.
  var hasSeenDashes = false
  /// Whether several digits in touch may make one wide component.
  var wantsLine = false
  /// How high, in quarters of its width, what is made of two like parts above each other may be, to be one digit of a line.
  var tallest: Int32 = 9
  /// Digits of the last search, row by row, left to right.
  var found: [FoundDigit]
  var foundCount = 0
  /// Their pictures, 784 bytes each.
  var images: [UInt8]
  /// Costs of the cheapest cut from the top down to each column, for the row before and for this row.
  var cutCosts: [Int32]
  /// For each cut and row of the plane, the column of the cut; valid in the rows `cutRows`.
  var cutColumns: [Int16]
  /// What each cut takes off the rating of the parts on its sides.
  var cutCharges = InlineArray<9, Int32>(repeating: 0)
  /// Whether each cut leaves a tall part on both sides.
  var cutPartsTall = InlineArray<9, Bool>(repeating: false)
  var cutRows = 0..<1
  var cutCount = 0
  /// The digits while they are put in order.
  var places: [LinePlace]
  /// The first attempt that showed something that may be a sheet of paper; its box and how much it looks like a digit.
  var sheetSeen: FinderAttempt?
  /// Whether what was found last lies along the rim of a sheet with nothing on it.
  var isRimOfSheet = false
  /// Where a sheet of paper begins and ends in each row.
  var rowEnds: [InlineArray<2, Int16>]
  var equaliser = Equaliser()

  /// Makes a finder for pictures up to a size, and allocates all that it will ever use: about 7 bytes a searched pixel.
  /// - Throws: `ImagingError.sizeOutOfRange`.
  public init(mostWidth: Int, mostHeight: Int) throws(ImagingError) {
    try FrameShape(width: mostWidth, height: mostHeight).checkSides()
    self.mostWidth = mostWidth
    self.mostHeight = mostHeight
    // A smaller picture may be reduced by a smaller factor: what bounds the plane is its longest side.
    let planeWidth = min(mostWidth, Self.searchedSide)
    let planeHeight = min(mostHeight, Self.searchedSide)
    let pixels = planeWidth * planeHeight
    plane = [UInt8](repeating: 0, count: pixels)
    contrast = ContrastPlane(width: planeWidth, height: planeHeight)
    opposite = ContrastPlane(width: planeWidth, height: planeHeight)
    cutout = [UInt8](repeating: 0, count: pixels)
    paperRow = [UInt8](repeating: 0, count: planeWidth)
    gainRow = [UInt16](repeating: 0, count: planeWidth)
    paper = PaperLevel(width: planeWidth, height: planeHeight)
    ink = InkComponents(pixels: pixels)
    rules = RuleSearch(side: max(planeWidth, planeHeight))
    let nowhere = PixelBox(left: 0, top: 0, right: 0, bottom: 0)
    let nothing = FoundDigit(box: nowhere, polarity: .darkOnLight, contrast: 0, quality: 0, row: 0)
    found = [FoundDigit](repeating: nothing, count: Self.mostDigits)
    images = [UInt8](repeating: 0, count: Self.mostDigits * Self.imageSide * Self.imageSide)
    rowEnds = [InlineArray<2, Int16>](repeating: [0, 0], count: planeHeight)
    cutColumns = [Int16](repeating: 0, count: Self.mostCuts * planeHeight)
    places = [LinePlace](repeating: LinePlace(), count: Self.mostDigits)
    cutCosts = [Int32](repeating: 0, count: 2 * planeWidth)
  }

  /// Finds the digit of a picture and writes it as MNIST would.
  ///
  /// - Parameters:
  ///   - frame: grey pixels, at least `bytesPerRow * (height - 1) + width` bytes.
  ///   - shape: the picture, at most `mostWidth` x `mostHeight`.
  ///   - equalisation: how grey levels are spread beforehand.
  ///   - image: 784 bytes, rows of 28, light ink on black; overwritten only when a digit is found.
  /// - Returns: where the digit is, or nil when there is none.
  /// - Throws: `ImagingError` for a size out of range or a buffer too short.
  public mutating func find(
    in frame: Span<UInt8>, shape: FrameShape, equalisation: Equalisation = .none,
    into image: inout MutableSpan<UInt8>
  ) throws(ImagingError) -> FoundDigit? {
    try checkImage(byteCount: image.count)
    foundCount = 0
    work = 0
    let longest = max(shape.width, shape.height)
    var isFound = try searchCloseCut(frame, shape: shape, equalisation: equalisation)
    var needsDetail = !isFound
    if needsDetail, longest > Self.coarseSide, longest <= Self.mostCoarse {
      try load(frame, shape: shape, equalisation: equalisation, side: Self.coarseSide)
      isFound = try searchEverywhere(frame, shape: shape, equalisation: equalisation, side: Self.coarseSide)
      // Nothing at all is nothing in more detail, too.
      let isSure = isFound && attempt.isClear && !hasErasedRules
      needsDetail = isFound ? !isSure && attempt.box.longSide < Self.detailedEnough : attempt.refusedMass > 0
    }
    if needsDetail {
      try load(frame, shape: shape, equalisation: equalisation)
      isFound = try searchEverywhere(frame, shape: shape, equalisation: equalisation)
    }
    if !isFound { isFound = try searchNoise(frame, shape: shape, equalisation: equalisation) }
    guard isFound else { return nil }
    keep(group: 0)
    guard foundCount > 0 else { return nil }
    copy(0, &image)
    return found[0]
  }

  /// Finds every digit of a line of digits, or of several lines; `digit(_:)` and `copyImage(ofDigit:into:)` tell about
  /// each, row by row from the top and from left to right.
  ///
  /// Where digits touch, several cuts along the ways that cross the least ink are put before the judge, and the parts of
  /// which it is surest are taken.
  /// - Parameters:
  ///   - frame: grey pixels, at least `bytesPerRow * (height - 1) + width` bytes.
  ///   - shape: the picture, at most `mostWidth` x `mostHeight`.
  ///   - equalisation: how grey levels are spread beforehand.
  ///   - judge: asked about shapes that may be several digits; about 30 times a shape at most.
  /// - Returns: how many there are, at most `mostDigits`.
  /// - Throws: `ImagingError` for a size out of range or a buffer too short.
  public mutating func findAll<Judge: DigitJudge & ~Copyable>(
    in frame: Span<UInt8>, shape: FrameShape, equalisation: Equalisation = .none, judge: inout Judge
  ) throws(ImagingError) -> Int {
    work = 0
    foundCount = 0
    wantsLine = true
    defer { wantsLine = false }
    var isFound = false
    // A number cut out close is mostly wider than high.
    if shape.width < shape.height {
      isFound = try searchCloseCut(frame, shape: shape, equalisation: equalisation)
    }
    if !isFound {
      try load(frame, shape: shape, equalisation: equalisation)
      isFound = try searchEverywhere(frame, shape: shape, equalisation: equalisation)
    }
    if !isFound { isFound = try searchNoise(frame, shape: shape, equalisation: equalisation) }
    guard isFound else { return 0 }
    readLines(&judge)
    return foundCount
  }

  /// Finds every digit of a line or several; where digits touch, their shapes alone tell where to cut.
  public mutating func findAll(
    in frame: Span<UInt8>, shape: FrameShape, equalisation: Equalisation = .none
  ) throws(ImagingError) -> Int {
    var judge = ShapeJudge()
    return try findAll(in: frame, shape: shape, equalisation: equalisation, judge: &judge)
  }

  /// Searches the picture; where a sheet of paper stands out in it, that sheet first.
  private mutating func searchEverywhere(
    _ frame: Span<UInt8>, shape: FrameShape, equalisation: Equalisation, side: Int = searchedSide
  ) throws(ImagingError) -> Bool {
    if search(stopsAtSheet: !isSmall) { return true }
    guard let sheet = sheetSeen else { return false }
    if searchOnSheet(sheet) { return true }
    // What covers the sheet's surroundings is taken away by loading the picture again.
    try load(frame, shape: shape, equalisation: equalisation, side: side)
    guard search(stopsAtSheet: false) else { return false }
    // What is seen along the rims of an empty sheet, or of a solid thing, is no writing.
    let isWithin = attempt.box.intersection(sheet.box.grown(by: 8)) == attempt.box
    let isLarge = attempt.box.longSide * 2 >= sheet.box.longSide
    let isRim = isWithin && isLarge && (sheet.score == 0 || attempt.box != sheet.box)
    if isRim { attempt.quality = min(attempt.quality, FoundDigit.unsureQuality - 1) }
    isRimOfSheet = isRim
    return true
  }

  /// Searches a noisy picture in which nothing was found once more, reduced so far that little noise is left.
  private mutating func searchNoise(
    _ frame: Span<UInt8>, shape: FrameShape, equalisation: Equalisation
  ) throws(ImagingError) -> Bool {
    guard paper.noise > PaperLevel.leastNoise, max(shape.width, shape.height) > Self.coarsestSide else { return false }
    try load(frame, shape: shape, equalisation: equalisation, side: Self.coarsestSide)
    return search(stopsAtSheet: false)
  }

  /// Digits that the last search found.
  public var count: Int { foundCount }

  /// A digit of the last search, counted from the left; `index` is 0..<`count`.
  public func digit(_ index: Int) -> FoundDigit {
    precondition(index >= 0 && index < foundCount, "a digit that was found")
    return found[index]
  }

  /// Copies the picture of a digit of the last search, in the form of MNIST.
  ///
  /// - Parameters:
  ///   - index: 0..<`count`, from the left.
  ///   - image: 784 bytes, rows of 28, light ink on black.
  /// - Throws: `ImagingError.outputTooShort`.
  public func copyImage(ofDigit index: Int, into image: inout MutableSpan<UInt8>) throws(ImagingError) {
    precondition(index >= 0 && index < foundCount, "a digit that was found")
    try checkImage(byteCount: image.count)
    copy(index, &image)
  }

  private func checkImage(byteCount: Int) throws(ImagingError) {
    let needed = Self.imageSide * Self.imageSide
    guard byteCount >= needed else { throw .outputTooShort(byteCount: byteCount, needed: needed) }
  }

  private func copy(_ index: Int, _ image: inout MutableSpan<UInt8>) {
    let size = Self.imageSide * Self.imageSide
    for place in 0..<size { image[place] = images[index * size + place] }
  }
}
