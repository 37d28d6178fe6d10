/// Names of files, shortened to what tells them apart.
package enum ShortNames {
  /// Names without the folders that all of them share at the beginning.
  package static func ofFiles(_ names: [String]) -> [String] {
    withoutSharedFolders(names).map { $0.joined(separator: "/") }
  }

  /// The same without the end that all share: networks of one name in folders of their own are known by the folders.
  package static func ofNetworks(_ names: [String]) -> [String] {
    var parts = withoutSharedFolders(names)
    while parts.allSatisfy({ $0.count > 1 }), Set(parts.compactMap(\.last)).count == 1 {
      parts = parts.map { Array($0.dropLast()) }
    }
    return parts.map { $0.joined(separator: "/") }
  }

  private static func withoutSharedFolders(_ names: [String]) -> [[Substring]] {
    var parts = names.map { $0.split(separator: "/", omittingEmptySubsequences: false) }
    while parts.allSatisfy({ $0.count > 1 }), Set(parts.map { $0[0] }).count == 1 {
      parts = parts.map { Array($0.dropFirst()) }
    }
    return parts
  }
}
