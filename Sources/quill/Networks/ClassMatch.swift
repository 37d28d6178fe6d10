import QuillData

/// Which output of a network each class of some data is.
///
/// Classes of the same names are the same, a number as a word or in another script included. Where no name is the network's,
/// classes that the data numbers are those outputs; others are taken in their order, which is said.
struct ClassMatch {
  /// The output of each class.
  private let places: [Int]

  /// The names of the classes as the images are to have them.
  private let names: [String]

  /// What to tell the user where only the order speaks for the match.
  let doubt: String?

  /// - Parameters:
  ///   - data: the source as the user named it.
  ///   - names: of the network's classes; empty where it names none.
  ///   - count: the network's outputs.
  ///   - path: the network.
  /// - Throws: `ToolError.unknownClass`, `classesOutOfOrder` or `labelPastOutputs`.
  init(
    _ images: LabelledImages, named data: String, to names: [String], count: Int, path: String
  ) throws(ToolError) {
    let used = Set(images.labels).sorted()
    let found = images.classNames.map { Self.place(of: $0, in: names) }
    if used.allSatisfy({ found[$0] != nil }) {
      (places, self.names, doubt) = (found.map { $0 ?? 0 }, names, nil)
      return
    }
    let isNumbered = Self.isNumbered(images.classNames)
    let hasStrangersOnly = found.allSatisfy { $0 == nil }
    let isKnownByNumber = isNumbered && (hasStrangersOnly || Self.isNumbered(names))
    guard isKnownByNumber || hasStrangersOnly && images.classNames.count >= count else {
      let stranger = used.first { found[$0] == nil } ?? 0
      throw ToolError.unknownClass(
        data: data, className: images.classNames[stranger], path: path, classes: names, outputs: count)
    }
    if let label = used.first(where: { $0 >= count }) {
      throw ToolError.labelPastOutputs(
        data: data, className: images.classNames[label], classes: images.classNames.count, path: path, outputs: count)
    }
    let numbers = images.classNames.compactMap(ClassNumber.number)
    guard names.count > 0 || numbers.count < images.classNames.count || numbers == numbers.sorted() else {
      throw ToolError.classesOutOfOrder(data: data, classes: images.classNames, path: path, outputs: count)
    }
    (places, self.names) = (Array(images.classNames.indices), images.classNames)
    doubt = isNumbered ? nil : Self.doubt(data: data, images.classNames, path: path, names)
  }

  /// The images with the network's classes.
  func applied(to images: LabelledImages) -> LabelledImages {
    LabelledImages(
      images: images.images, height: images.height, width: images.width, channels: images.channels,
      labels: images.labels.map { places[$0] }, classNames: names)
  }

  /// The place of a name: the same, or the only one that means the same.
  private static func place(of name: String, in names: [String]) -> Int? {
    if let place = names.firstIndex(of: name) { return place }
    let alike = names.indices.filter { ClassNumber.areSame(names[$0], name) }
    return alike.count == 1 ? alike[0] : nil
  }

  private static func isNumbered(_ names: [String]) -> Bool { names == names.indices.map(String.init) }

  private static func doubt(data: String, _ classes: [String], path: String, _ names: [String]) -> String {
    let pairs = classes.enumerated().prefix(4).map { index, name in
      "'\(name)' as \(names.indices.contains(index) ? "'\(names[index])'" : String(index))"
    }
    let side = names.isEmpty ? "\(path) does not name its outputs" : "no class of \(path) has such a name"
    return "\(data): \(side); classes are taken in their order: "
      + pairs.joined(separator: ", ") + (classes.count > 4 ? ", ..." : "")
      + "; if that is wrong, name folders or files by "
      + (names.isEmpty ? "the outputs' numbers from 0" : "the network's classes or by their numbers from 0")
  }
}
