/// Names that are taken, and new ones that are not.
package struct UniqueNames {
  private var taken: Set<String>

  /// How far the numbers after a name have gone, so that many tensors of one name do not search from 2 each time.
  private var numbers: [String: Int] = [:]

  package init(_ taken: some Sequence<String>) { self.taken = Set(taken) }

  /// The name itself, or with the first number that makes it new; it is taken from then on.
  package mutating func take(_ name: String) -> String {
    if taken.insert(name).inserted { return name }
    var number = numbers[name, default: 2]
    while !taken.insert("\(name)_\(number)").inserted { number += 1 }
    numbers[name] = number + 1
    return "\(name)_\(number)"
  }
}
