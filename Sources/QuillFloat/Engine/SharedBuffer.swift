/// Elements that are written once and then read from several threads, at an address that C kernels can take.
///
/// Sendable, because nobody writes after the initialiser returned.
final class SharedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  /// The elements, 64-byte aligned.
  let elements: UnsafeBufferPointer<Element>

  /// A buffer of `count` elements, first all `value` and then as `fill` leaves them.
  init(count: Int, repeating value: Element, fill: (UnsafeMutableBufferPointer<Element>) -> Void) {
    let storage = UnsafeMutableBufferPointer<Element>.allocateAligned(count: count)
    storage.initialize(repeating: value)
    fill(storage)
    elements = UnsafeBufferPointer(storage)
  }

  /// A buffer of an array's elements.
  convenience init(_ array: [Element], padding: Element, toMultipleOf multiple: Int = 1) {
    let count = (array.count + multiple - 1) / multiple * multiple
    self.init(count: count, repeating: padding) { storage in
      for (index, element) in array.enumerated() { storage[index] = element }
    }
  }

  /// The first element's address; the buffer is never empty.
  var baseAddress: UnsafePointer<Element> { UnsafePointer(elements.baseAddressOrDangling) }

  deinit { UnsafeMutableBufferPointer(mutating: elements).deallocate() }
}

extension UnsafeMutableBufferPointer {
  /// Memory for `count` elements, 64-byte aligned, not initialised.
  static func allocateAligned(count: Int) -> UnsafeMutableBufferPointer {
    let byteCount = Swift.max(count, 1) * MemoryLayout<Element>.stride
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    return raw.bindMemory(to: Element.self)
  }
}

extension UnsafeBufferPointer {
  /// The first element's address, or for an empty buffer an address that must not be read.
  var baseAddressOrDangling: UnsafePointer<Element> {
    baseAddress
      ?? UnsafePointer(bitPattern: MemoryLayout<Element>.alignment)
      .unsafelyUnwrapped
  }
}
