/// A group or data set: an object header and what it refers to.
package struct HDF5Object {
  let file: HDF5File

  /// The offset of the object header.
  let address: Int

  let messages: [HDF5Message]

  init(_ file: HDF5File, at address: Int) throws(ImportError) {
    self.file = file
    self.address = address
    messages = try file.messages(at: address)
  }

  /// The first message of a kind.
  func message(_ kind: HDF5Message.Kind) -> HDF5Message? { messages.first { $0.kind == kind } }

  /// A reader of the first message of a kind; nil where there is none. Messages kept elsewhere are refused.
  func reader(_ kind: HDF5Message.Kind) throws(ImportError) -> ByteReader? {
    guard let message = message(kind) else { return nil }
    guard !message.isShared else { throw .hdf5(offset: message.offset, .unsupported("shared message")) }
    return try file.reader(at: message.offset, count: message.byteCount)
  }

  /// Whether this is a data set.
  package var isDataset: Bool { message(.layout) != nil }

  /// The names of the members of a group, sorted.
  package func memberNames() throws(ImportError) -> [String] { try file.members(of: self).keys.sorted() }

  /// The member of that name, or nil.
  package func member(_ name: String) throws(ImportError) -> HDF5Object? {
    guard let address = try file.members(of: self)[name] else { return nil }
    return try HDF5Object(file, at: address)
  }

  /// The object at a path of names joined by "/", or nil.
  package func object(_ path: String) throws(ImportError) -> HDF5Object? {
    var object = self
    for name in path.split(separator: "/") {
      guard let next = try object.member(String(name)) else { return nil }
      object = next
    }
    return object
  }
}
