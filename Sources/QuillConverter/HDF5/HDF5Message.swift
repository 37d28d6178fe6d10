/// One message of an object header.
struct HDF5Message {
  /// What the message holds; the kinds that a reader of data needs.
  enum Kind: Int {
    case dataspace = 0x01
    case linkInfo = 0x02
    case datatype = 0x03
    case fillValue = 0x05
    case link = 0x06
    case layout = 0x08
    case filterPipeline = 0x0B
    case attribute = 0x0C
    case continuation = 0x10
    case symbolTable = 0x11
    case attributeInfo = 0x15
  }

  let kind: Kind
  let isShared: Bool
  let offset: Int
  let byteCount: Int
}

extension HDF5File {
  /// The messages of the object header at an address, in either version, with those of its continuations.
  func messages(at address: Int) throws(ImportError) -> [HDF5Message] {
    var reader = try reader(at: address)
    if reader.skips("OHDR") { return try versionTwoMessages(&reader) }
    try version(1...1, of: "object header", &reader)
    try reader.skip(1)
    let count = try reader.count(2)
    try reader.skip(4)
    let byteCount = try reader.count(4)
    try reader.skip(4)
    var messages: [HDF5Message] = []
    var blocks = [try self.reader(at: reader.offset, count: byteCount)]
    var left = count
    while !blocks.isEmpty {
      var block = blocks.removeFirst()
      while block.remaining >= 8, left > 0 {
        try step(at: block.offset)
        left -= 1
        let type = try block.count(2)
        let size = try block.count(2)
        let flags = try block.byte()
        try block.skip(3)
        try collect(type, flags, size, &block, &messages) { file, reader, length throws(ImportError) in
          blocks.append(try file.reader(at: reader, count: length))
        }
      }
    }
    return messages
  }

  private func versionTwoMessages(_ reader: inout ByteReader) throws(ImportError) -> [HDF5Message] {
    try version(2...2, of: "object header", &reader)
    let flags = try reader.byte()
    if flags & 0x20 != 0 { try reader.skip(16) }
    if flags & 0x10 != 0 { try reader.skip(4) }
    let byteCount = try reader.count(1 << (flags & 3))
    var blocks = [try self.reader(at: reader.offset, count: byteCount)]
    var messages: [HDF5Message] = []
    while !blocks.isEmpty {
      var block = blocks.removeFirst()
      try step(at: block.offset)
      while block.remaining >= 4 + (flags & 4) / 2 {
        try step(at: block.offset)
        let type = try block.byte()
        let size = try block.count(2)
        let messageFlags = try block.byte()
        if flags & 4 != 0 { try block.skip(2) }
        try collect(type, messageFlags, size, &block, &messages) { file, offset, length throws(ImportError) in
          var inner = try file.reader(at: offset, count: length)
          try file.expect("OCHK", &inner)
          guard inner.remaining >= 4 else { throw .hdf5(offset: offset, .inconsistent(structure: "object header")) }
          blocks.append(try file.reader(at: inner.offset, count: inner.remaining - 4))
        }
      }
    }
    return messages
  }

  /// Adds one message of known kind, or follows a continuation.
  private func collect(
    _ type: Int, _ flags: Int, _ size: Int, _ block: inout ByteReader, _ messages: inout [HDF5Message],
    follow: (HDF5File, Int, Int) throws(ImportError) -> Void
  ) throws(ImportError) {
    let offset = block.offset
    try block.skip(size)
    guard let kind = HDF5Message.Kind(rawValue: type) else { return }
    guard kind == .continuation else {
      messages.append(HDF5Message(kind: kind, isShared: flags & 2 != 0, offset: offset, byteCount: size))
      return
    }
    var reader = try reader(at: offset, count: size)
    let address = try definedAddress(&reader, "object header continuation")
    try follow(self, address, try reader.count(lengthWidth))
  }
}
