/// How many letters must change for one word to become another (Levenshtein 1966, neighbours swapped counting as one).
enum EditDistance {
  /// The nearest candidate, where one is near enough to be a slip of the keyboard.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let near = candidates.map { (candidate: $0, distance: between(word, $0)) }
      .filter { $0.distance <= max(2, $0.candidate.count / 3) && $0.distance < $0.candidate.count }
    if let best = near.min(by: { $0.distance < $1.distance }) { return best.candidate }
    return word.count > 3 ? candidates.first { $0.hasPrefix(word) } : nil
  }

  static func between(_ first: String, _ second: String) -> Int {
    let (a, b) = (Array(first.prefix(64)), Array(second.prefix(64)))
    var older: [Int] = []
    var old = Array(0...b.count)
    for i in a.indices {
      var new = [i + 1]
      for j in b.indices {
        var best = min(old[j + 1] + 1, new[j] + 1, old[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, older[j - 1] + 1) }
        new.append(best)
      }
      (older, old) = (old, new)
    }
    return old[b.count]
  }
}
