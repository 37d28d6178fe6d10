import Quill

extension Model {
  /// By tensor name, the exponents by which the converter gave channels like sizes: what stands in the tensor is the float
  /// network's value over 2 to their power.
  ///
  /// The board has no use for this section, so it is proved here and not on opening.
  /// - Throws: `DriftError.channelExponents` where it is not as the specification has it.
  package func channelExponents() throws(DriftError) -> [String: [Int]] {
    let section = sections[.channelExponents]
    let bytes = memory.withBytes { file in (0..<section.byteCount).map { file[section.offset + $0] } }
    var exponents: [String: [Int]] = [:]
    var place = 0
    while place < bytes.count {
      guard let tensor = bytes.word(at: place), let count = bytes.word(at: place + 4), tensor < tensors.count,
        count == Int(tensors[tensor].channels), place + 8 + count <= bytes.count
      else { throw .channelExponents(offset: section.offset + place) }
      let own = bytes[(place + 8)..<(place + 8 + count)].map { Int(Int8(bitPattern: $0)) }
      guard own.allSatisfy({ abs($0) <= 20 }) else { throw .channelExponents(offset: section.offset + place + 8) }
      exponents[tensorName(tensor)] = own
      place += (8 + count + 3) / 4 * 4
    }
    return exponents
  }
}

extension [UInt8] {
  /// The little-endian number at a place, where there is one.
  fileprivate func word(at place: Int) -> Int? {
    place + 4 <= count ? (0..<4).reduce(0) { $0 | Int(self[place + $1]) << (8 * $1) } : nil
  }
}
