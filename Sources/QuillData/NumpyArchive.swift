import QuillArchive

/// Images in a `.npz` archive: `x_train`, `y_train`, `x_test`, `y_test` as in Keras's `mnist.npz`, or `train_images`,
/// `train_labels` and so on.
enum NumpyArchive {
  /// Whether a zip archive holds arrays.
  static func recognizes(_ archive: ZipArchive) -> Bool { archive.members.contains { $0.name.hasSuffix(".npy") } }

  static func load(_ path: String, split: DataSource.Split, limit: Int?) throws(DataError) -> LabelledImages {
    let archive = try FileBytes.readArchive(path)
    let images = try array(["x_\(split.rawValue)", "\(split.rawValue)_images"], in: archive, path)
    let labels = try array(["y_\(split.rawValue)", "\(split.rawValue)_labels"], in: archive, path)
    let shape = images.array.shape
    guard shape.count == 3 || (shape.count == 4 && (shape[3] == 1 || shape[3] == 3)), shape.allSatisfy({ $0 > 0 })
    else {
      throw DataError(
        path: path,
        .array(
          name: images.name, found: "shape \(shape)",
          expected: "[images, rows, columns], or with 1 or 3 channels last"))
    }
    let numbers = try labels.array.classNumbers(name: labels.name, path: path)
    guard numbers.count == shape[0] else {
      throw DataError(
        path: path,
        .array(
          name: labels.name, found: "\(numbers.count) labels",
          expected: "\(shape[0]), one for each image of \(images.name)"))
    }
    let channels = shape.count == 4 ? shape[3] : 1
    return LabelledImages(
      images: try pixels(images, path), height: shape[1], width: shape[2], channels: channels, labels: numbers,
      classNames: (0...(numbers.max() ?? 0)).map(String.init)
    ).prefix(limit ?? numbers.count)
  }

  /// The pixels of images: bytes, or numbers of 0...255 or of 0...1.
  private static func pixels(_ images: Named, _ path: String) throws(DataError) -> [UInt8] {
    let array = images.array
    if array.element == .uint8, array.bytes.contains(where: { $0 > 1 }) { return array.bytes }
    let (values, size) = (array.floats(), array.shape.dropFirst().reduce(1, *))
    var pixels = PixelBytes()
    for start in stride(from: 0, to: values.count, by: size) {
      let image = values[start..<start + size].map(Double.init)
      if let place = pixels.append(image) {
        throw DataError(
          path: path,
          .array(name: images.name, found: "a pixel of \(image[place])", expected: "0...255 or 0...1 for all"))
      }
    }
    return pixels.bytes
  }

  private struct Named {
    let name: String
    let array: NumpyArray
  }

  private static func array(_ names: [String], in archive: ZipArchive, _ path: String) throws(DataError) -> Named {
    for name in names {
      guard let member = archive.members.first(where: { $0.name == name + ".npy" }) else { continue }
      let bytes = try archive.contents(of: member, path: path)
      return Named(name: name, array: try NumpyFile.decode(bytes, path: "\(path) (\(member.name))"))
    }
    throw DataError(
      path: path,
      .archiveLacks(wanted: "an array \(names.joined(separator: " or "))", found: archive.members.map(\.name)))
  }
}

extension NumpyArray {
  /// The elements as numbers of classes: one for each sample, in a row or a column; or one row for each, with a 1 in the
  /// class's column and 0 elsewhere.
  ///
  /// - Parameters:
  ///   - name: the array's name in its archive, for errors.
  ///   - path: the file, for errors.
  /// - Throws: `array`.
  package func classNumbers(name: String? = nil, path: String) throws(DataError) -> [Int] {
    if shape.count == 2, shape[1] > 1, let classes = oneHotClasses { return classes }
    guard shape.count == 1 || (shape.count == 2 && shape[1] == 1) else {
      throw DataError(path: path, .array(name: name, found: "shape \(shape)", expected: "one number for each sample"))
    }
    var numbers: [Int] = []
    for (index, value) in floats().enumerated() {
      guard value >= 0, value < 1000, value == value.rounded() else {
        throw DataError(
          path: path, .array(name: name, found: "label \(value) at \(index)", expected: "whole numbers 0...999"))
      }
      numbers.append(Int(value))
    }
    return numbers
  }

  /// The column of each row's only 1; `nil` where a row is another one.
  private var oneHotClasses: [Int]? {
    let values = floats()
    var classes: [Int] = []
    for start in stride(from: 0, to: values.count, by: shape[1]) {
      let row = values[start..<start + shape[1]]
      guard let place = row.firstIndex(of: 1), row.count(where: { $0 != 0 }) == 1 else { return nil }
      classes.append(place - start)
    }
    return classes
  }
}
