/// Images that a small network learns in a moment: 8 x 8 bytes in noise with a bright row (class 0), column (1) or
/// diagonal (2).
package struct LineImages: Sendable {
  /// The images, one after another.
  package let bytes: [UInt8]

  /// The class of each.
  package let labels: [Int]

  /// So many images, the same for the same seed.
  package init(count: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var (bytes, labels): ([UInt8], [Int]) = ([], [])
    for _ in 0..<count {
      let (label, line) = (random.integer(0...2), random.integer(0...7))
      labels.append(label)
      for place in 0..<64 {
        let (row, column) = (place / 8, place % 8)
        let isLit = label == 0 ? row == line : label == 1 ? column == line : (row + line) % 8 == column
        bytes.append(UInt8(random.integer(0...60) + (isLit ? 150 : 0)))
      }
    }
    (self.bytes, self.labels) = (bytes, labels)
  }
}
