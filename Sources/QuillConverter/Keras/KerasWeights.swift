import QuillFloat

/// Where the arrays of a network's layers are kept.
package enum KerasWeights {
  /// A `.h5` file: a group a layer, with the names of its arrays in an attribute.
  case named(HDF5Object)

  /// A `.keras` file: groups named after the class of the layer and its number among its like, below a path.
  case layered(HDF5Object, path: [String])

  /// The arrays of a nested network's layers, all in the group of the outermost network's layer.
  case flattened([NamedArray])

  /// An array of a nested network.
  package struct NamedArray {
    /// The scopes that it stands in, joined by slashes; the last or the last few are its layer's name.
    let layer: Substring
    let object: HDF5Object
  }
}

extension KerasWeights {
  /// Where the arrays of the layers of a network are kept, by the layer's position in the network.
  func stores(of network: KerasNetwork) throws(ImportError) -> [LayerStore] {
    var counts: [String: Int] = [:]
    var stores: [LayerStore] = []
    for layer in network.layers {
      let key = Self.snakeCase(layer.className)
      let number = counts[key, default: 0]
      counts[key] = number + 1
      switch self {
      case .named(let root):
        // A layer's name may hold slashes: its group then lies in others.
        let arrays = try root.object(layer.name).map { object throws(ImportError) in try Self.arrays(of: object) }
        stores.append(.list(arrays ?? []))
      case .flattened(let all):
        stores.append(.list(layer.network != nil ? all : Self.arrays(of: layer, in: all)))
      case .layered(let root, let path):
        let container = try Self.container(root, path)
        stores.append(.group(root, path: path + [container, number == 0 ? key : "\(key)_\(number)"]))
      }
    }
    return stores
  }

  /// What the file calls the list of a network's layers; early versions used an internal name.
  private static func container(_ root: HDF5Object, _ path: [String]) throws(ImportError) -> String {
    let early = "_layer_checkpoint_dependencies"
    if path.isEmpty { return try root.memberNames().contains { $0.hasPrefix(early) } ? early : "layers" }
    return try group(root, path + [early]) == nil ? "layers" : early
  }

  /// The group at a path. Keras 2 on Windows wrote the whole path, joined by backslashes, as one name.
  static func group(_ root: HDF5Object, _ path: [String]) throws(ImportError) -> HDF5Object? {
    if let group = try root.object(path.joined(separator: "/")) { return group }
    return try root.member(path.joined(separator: "\\"))
  }

  /// The arrays that a layer's group of a `.h5` file lists, in order.
  private static func arrays(of group: HDF5Object) throws(ImportError) -> [NamedArray] {
    var arrays: [NamedArray] = []
    for path in try group.stringList("weight_names") ?? [] {
      guard let object = try group.object(path) else { continue }
      arrays.append(NamedArray(layer: path.lastIndex(of: "/").map { path[..<$0] } ?? "", object: object))
    }
    return arrays
  }

  /// The arrays of one layer of a nested network: those under its name, or under its name in other scopes.
  private static func arrays(of layer: KerasLayer, in all: [NamedArray]) -> [NamedArray] {
    let own = all.filter { $0.layer == layer.name[...] }
    return own.isEmpty ? all.filter { $0.layer.hasSuffix("/" + layer.name) } : own
  }

  /// Keras's name for a class in a file: `DepthwiseConv2D` becomes `depthwise_conv2d`.
  package static func snakeCase(_ className: String) -> String {
    let letters = className.filter { $0.isLetter || $0.isNumber || $0 == "_" }
    var first = ""
    let characters = Array(letters)
    for (index, character) in characters.enumerated() {
      let startsWord =
        character.isUppercase && index > 0 && index + 1 < characters.count && characters[index + 1].isLowercase
      if startsWord { first.append("_") }
      first.append(character)
    }
    var second = ""
    for character in first {
      if character.isUppercase, second.last?.isLowercase == true { second.append("_") }
      second.append(character)
    }
    return second.lowercased()
  }
}

/// Where the arrays of one layer are kept.
enum LayerStore {
  /// The arrays themselves.
  case list([KerasWeights.NamedArray])

  /// A group at a path of names, with the arrays as `vars/0`, `vars/1`, ...
  case group(HDF5Object, path: [String])

  /// The layer's arrays, in Keras's order.
  func objects() throws(ImportError) -> [HDF5Object] {
    switch self {
    case .list(let arrays): return arrays.map(\.object)
    case .group(let root, let path):
      guard let group = try KerasWeights.group(root, path), let variables = try group.member("vars") else { return [] }
      var objects: [HDF5Object] = []
      while objects.count < 64, let next = try variables.member("\(objects.count)") { objects.append(next) }
      return objects
    }
  }

  /// Where the arrays of the layers of a nested network are kept.
  var nested: KerasWeights {
    switch self {
    case .list(let arrays): .flattened(arrays)
    case .group(let root, let path): .layered(root, path: path)
    }
  }
}
