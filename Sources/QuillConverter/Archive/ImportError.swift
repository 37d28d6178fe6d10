import QuillArchive

/// Why a Keras or TensorFlow Lite file could not become a network.
///
/// Each case holds the place and what was found there; `description` is one line that says what to do.
public enum ImportError: Error, Sendable, Equatable {
  /// Fewer bytes than a field needs: `byteCount` at `offset` of a file (or member) of `available` bytes.
  case truncated(ImportFormat, offset: Int, byteCount: Int, available: Int)

  /// A fault in the HDF5 container, at a byte offset of it.
  case hdf5(offset: Int, HDF5Fault)

  /// A fault in a ZIP archive or a deflated stream.
  case archive(ArchiveError)

  /// A fault in JSON text, at a byte offset of it.
  case json(offset: Int, JSONFault)

  /// A fault in a Keras network, in the layer of that name (empty: the network as a whole).
  case keras(layer: String, KerasFault)

  /// A fault in a TensorFlow Lite network.
  case tensorFlowLite(TensorFlowLitePlace, TensorFlowLiteFault)
}

/// The container that a reader was in when the bytes ran out.
public enum ImportFormat: Sendable, Equatable {
  case hdf5, tensorFlowLite
}
