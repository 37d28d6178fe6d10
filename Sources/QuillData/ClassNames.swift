/// The classes that data's names speak of. Where every name is a number below 1,000 the number is the label; otherwise a
/// name's place among all, sorted, is.
struct ClassNames {
  let names: [String]
  private let labels: [String: Int]

  init(found: [String]) {
    let distinct = Set(found)
    let numbers = distinct.compactMap { name in Int(name).flatMap { (0..<1000).contains($0) ? $0 : nil } }
    if numbers.count == distinct.count, let largest = numbers.max() {
      names = (0...largest).map(String.init)
      labels = Dictionary(uniqueKeysWithValues: distinct.map { ($0, Int($0) ?? 0) })
    } else {
      names = distinct.sorted()
      labels = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
    }
  }

  func label(of name: String) -> Int { labels[name] ?? 0 }
}
