/// A folder of image files whose class is the name of their folder, or what stands before the first `_` or `-` of
/// their own name.
enum ImageFolder {
  /// An image file and the name of its class.
  private struct Item {
    var path: String
    var className: String
  }

  static func load(
    _ folder: String, split: DataSource.Split, limit: Int?, preparing prepare: ImagePreparation?
  ) throws(DataError) -> LabelledImages {
    let names = try FileBytes.list(folder)
    let splits = DataSource.Split.allCases.filter { names.contains($0.rawValue) }
      .filter { FileBytes.isDirectory(FileBytes.join(folder, $0.rawValue)) }
    guard !splits.isEmpty else { return try loadClasses(folder, limit: limit, preparing: prepare) }
    guard splits.contains(split) else {
      throw DataError(
        path: folder, .splitAbsent(split: split.rawValue, present: splits.map(\.rawValue).joined(separator: " and ")))
    }
    return try loadClasses(FileBytes.join(folder, split.rawValue), limit: limit, preparing: prepare)
  }

  private static func loadClasses(
    _ folder: String, limit: Int?, preparing prepare: ImagePreparation?
  ) throws(DataError) -> LabelledImages {
    let items = try items(in: folder)
    guard !items.isEmpty else { throw DataError(path: folder, .folderWithoutImages) }
    let classes = ClassNames(found: items.map(\.className))
    var chosen: [Item] = []
    var images: [PixelImage] = []
    for item in spread(items, limit: limit) {
      var image = try ImageFile.read(item.path)
      if let prepare {
        guard let prepared = try prepare(image, item.path) else { continue }
        image = prepared
      }
      if let first = images.first, (first.width, first.height) != (image.width, image.height) {
        throw DataError(
          path: item.path,
          .mixedSizes(
            width: image.width, height: image.height, otherPath: chosen[0].path, otherWidth: first.width,
            otherHeight: first.height))
      }
      chosen.append(item)
      images.append(image)
    }
    // Each was left out; one says why as well as all.
    guard !images.isEmpty else { throw DataError(path: items[0].path, .noDigit) }
    let channels = images.map(\.channels).max() ?? 1
    return LabelledImages(
      images: images.flatMap { $0.converted(toChannels: channels).pixels }, height: images.first?.height ?? 0,
      width: images.first?.width ?? 0, channels: channels, labels: chosen.map { classes.label(of: $0.className) },
      classNames: classes.names)
  }

  /// Image files by class folder, or, where no folder holds any, of the folder itself. Files of other kinds (notes,
  /// lists of labels) are passed over, images that cannot be read are not.
  private static func items(in folder: String) throws(DataError) -> [Item] {
    var foldered: [Item] = []
    var named: [Item] = []
    // Pictures beside the folders of classes are nobody's.
    var fault: DataError?
    for name in try FileBytes.list(folder) {
      let path = FileBytes.join(folder, name)
      if FileBytes.isDirectory(path) {
        for inner in try FileBytes.list(path) where try isImage(FileBytes.join(path, inner)) {
          foldered.append(Item(path: FileBytes.join(path, inner), className: name))
        }
      } else {
        do throws(DataError) {
          guard try isImage(path) else { continue }
          guard let className = className(ofFile: name) else { throw DataError(path: path, .nameWithoutClass) }
          named.append(Item(path: path, className: className))
        } catch {
          fault = fault ?? error
        }
      }
    }
    if foldered.isEmpty, let fault { throw fault }
    return foldered.isEmpty ? named : foldered
  }

  /// Whether a file is an image.
  /// - Throws: `imageKind` or `isEmpty` for an image of a kind that is not read, and for what is only named as an image.
  private static func isImage(_ path: String) throws(DataError) -> Bool {
    guard !FileBytes.isDirectory(path) else { return false }
    let start = try FileBytes.readStart(path, count: 16)
    switch ImageKind(of: start) {
    case .png, .jpeg, .anyMap: return true
    case .unread(let kind): throw DataError(path: path, .imageKind(found: kind))
    case .other(let kind):
      let name = path.lowercased()
      guard imageNames.contains(where: { name.hasSuffix($0) }) else { return false }
      throw DataError(path: path, start.isEmpty ? .isEmpty : .imageKind(found: kind))
    }
  }

  private static let imageNames = [".png", ".jpg", ".jpeg", ".pgm", ".ppm"]

  /// `7` of `7_03.png`, `7-b.pgm` and `7.png`.
  private static func className(ofFile name: String) -> String? {
    let stem = name.prefix { $0 != "_" && $0 != "-" && $0 != "." }
    return stem.isEmpty ? nil : String(stem)
  }

  /// As many items as asked for, spread evenly over all classes' files.
  private static func spread(_ items: [Item], limit: Int?) -> [Item] {
    guard let limit, limit < items.count else { return items }
    return (0..<max(0, limit)).map { items[$0 * items.count / limit] }
  }
}
