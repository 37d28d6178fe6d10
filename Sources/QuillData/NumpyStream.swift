import CSystemLibraries
import Glibc

/// A float32 or int8 `.npy` file whose shape is known before its elements: they are appended as they come, and the file
/// gets its name when all are there.
public final class NumpyStream {
  private let path: String
  private let partial: String
  private let descriptor: Int32
  private let pendingSlot: Int32
  private let wantedByteCount: Int
  private var writtenByteCount = 0
  private var isOpen = true

  /// Begins a file.
  /// - Throws: `folderMissing` or `systemCall`.
  public init(path: String, element: NumpyArray.Element, shape: [Int]) throws(DataError) {
    self.path = path
    partial = path + ".partial"
    wantedByteCount = shape.reduce(element.byteCount, *)
    pendingSlot = quill_pending_remember(partial)
    descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      let number = errno
      isOpen = false
      throw DataError(path: path, .systemCall(.create, errorNumber: number))
    }
    try AtomicFile.writeAll(NumpyFile.header(element: element, shape: shape), to: descriptor, name: path)
  }

  deinit {
    if isOpen {
      close(descriptor)
      unlink(partial)
    }
    quill_pending_forget(pendingSlot)
  }

  /// Appends float32 elements.
  public func append(_ values: [Float]) throws(DataError) {
    try append(values.withUnsafeBytes { [UInt8]($0) })
  }

  /// Appends int8 elements.
  public func append(_ values: [Int8]) throws(DataError) {
    try append(values.map { UInt8(bitPattern: $0) })
  }

  private func append(_ bytes: [UInt8]) throws(DataError) {
    writtenByteCount += bytes.count
    precondition(writtenByteCount <= wantedByteCount, "more elements than the shape of \(path) holds")
    try AtomicFile.writeAll(bytes, to: descriptor, name: path)
  }

  /// Ends the file and gives it its name; every element must have been appended.
  /// - Throws: `systemCall`.
  public func finish() throws(DataError) {
    precondition(writtenByteCount == wantedByteCount, "fewer elements than the shape of \(path) holds")
    guard close(descriptor) == 0 else { throw DataError(path: path, .systemCall(.write, errorNumber: errno)) }
    isOpen = false
    guard rename(partial, path) == 0 else {
      let number = errno
      unlink(partial)
      throw DataError(path: path, .systemCall(.rename, errorNumber: number))
    }
  }
}
