/// A folder of IDX files under MNIST's names: `train-images-idx3-ubyte`, `t10k-labels.idx1-ubyte.gz` and the like; or under
/// EMNIST's, one set's, with its mapping.
enum IDXFolder {
  private enum Content: String {
    case images, labels
  }

  /// Whether one of a folder's files is named as MNIST names its images.
  static func isIDXFolder(names: [String]) -> Bool {
    DataSource.Split.allCases.contains { file(.images, $0, names: names) != nil }
  }

  static func load(_ folder: String, split: DataSource.Split, limit: Int?) throws(DataError) -> LabelledImages {
    let names = try FileBytes.list(folder)
    guard let imageName = file(.images, split, names: names) else {
      let present = DataSource.Split.allCases.filter { file(.images, $0, names: names) != nil }
      throw DataError(
        path: folder,
        .splitAbsent(split: split.rawValue, present: present.map(\.rawValue).joined(separator: " and ")))
    }
    guard let labelName = file(.labels, split, names: names) else {
      throw DataError(path: FileBytes.join(folder, imageName), .labelFileAbsent(wanted: wantedLabels(of: imageName)))
    }
    let imagePath = FileBytes.join(folder, imageName)
    let images = try IDXFile.readImages(imagePath)
    let labels = try IDXFile.readLabels(FileBytes.join(folder, labelName))
    guard images.count == labels.count else {
      throw DataError(
        path: imagePath, .idxCounts(images: images.count, labels: labels.count, labelFile: labelName))
    }
    let largest = labels.max() ?? 0
    let whole = LabelledImages(
      images: images.pixels, height: images.height, width: images.width, channels: images.channels, labels: labels,
      classNames: (0...largest).map(String.init)
    ).prefix(limit ?? labels.count)
    // EMNIST's images lie on their sides, rows where columns should be, and its mapping names the classes.
    let mapping = names.first { $0.lowercased().hasSuffix("mapping.txt") }
    let upright = mapping != nil || imageName.lowercased().hasPrefix("emnist") ? whole.transposed() : whole
    guard let mapping else { return upright }
    return try named(upright, by: FileBytes.join(folder, mapping), imagePath: imagePath)
  }

  /// The classes of a mapping, in the order of its labels; labels become their places.
  private static func named(
    _ images: LabelledImages, by mapping: String, imagePath: String
  ) throws(DataError) -> LabelledImages {
    let names = try ClassMapping.read(mapping)
    let order = names.keys.sorted()
    let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($0.element, $0.offset) })
    if let odd = images.labels.first(where: { places[$0] == nil }) {
      throw DataError(path: imagePath, .labelUnmapped(label: odd, mapping: mapping))
    }
    return LabelledImages(
      images: images.images, height: images.height, width: images.width, channels: images.channels,
      labels: images.labels.map { places[$0] ?? 0 }, classNames: order.map { names[$0] ?? "" })
  }

  /// The first name that speaks of a split's images or labels; an expanded file comes before its `.gz`.
  private static func file(_ content: Content, _ split: DataSource.Split, names: [String]) -> String? {
    let words = split == .train ? ["train"] : ["t10k", "test"]
    return names.filter { name in
      let name = name.lowercased()
      return name.contains("ubyte") && name.contains(content.rawValue) && words.contains { name.contains($0) }
    }.min { ($0.hasSuffix(".gz") ? 1 : 0, $0) < ($1.hasSuffix(".gz") ? 1 : 0, $1) }
  }

  private static func wantedLabels(of imageName: String) -> String {
    imageName.replacing("images", with: "labels").replacing("idx3", with: "idx1")
  }
}
