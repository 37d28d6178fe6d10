// The engine and the finder behind functions for JavaScript: compiled with Sources/Quill and Sources/QuillImaging as Embedded
// Swift for WebAssembly by Tools/web/build. Offsets and counts are Int, 32 bits there; page.js is their user.

import Quill
import QuillImaging

/// The side of the digit's picture, and its pixels.
private let pictureSide = DigitFinder.imageSide

/// A network, what it runs in, and the finder.
private final class Session {
  /// The most pixels of a side of the page's drawing.
  static let mostSide = 640

  let model: Model
  var engine: Engine
  var finder: DigitFinder?
  let isInverted: Bool

  init(_ bytes: Span<UInt8>) throws(ModelError) {
    model = try Model(copying: bytes)
    engine = Engine(for: model)
    isInverted = model.preprocessing?.polarity == .darkOnLight
    do throws(ImagingError) {
      finder = try DigitFinder(mostWidth: Session.mostSide, mostHeight: Session.mostSide)
    } catch {
      finder = nil
    }
  }

  var input: TensorRecord { model.tensors[model.inputTensor()] }
  var output: TensorRecord { model.tensors[model.outputTensor()] }

  /// Whether the network takes a digit of 28 x 28 grey pixels.
  var takesDigits: Bool {
    model.inputCount == 1 && input.count == pictureSide * pictureSide && model.preprocessing?.fit ?? .digit == .digit
  }

  /// Finds the digit of a drawing, and writes it as the network's maker would have.
  func find(_ drawing: Span<UInt8>, side: Int, into image: inout MutableSpan<UInt8>) -> FoundDigit? {
    do throws(ImagingError) {
      return try finder?.find(in: drawing, shape: FrameShape(width: side, height: side), into: &image)
    } catch {
      return nil
    }
  }

  /// The class of a picture.
  func classify(_ pixels: Span<UInt8>) -> Int {
    engine.setPixels(pixels, of: model)
    engine.run(model)
    return engine.decision(of: model) ?? -1
  }
}

private func session(_ opened: UnsafeMutableRawPointer) -> Session {
  unsafe Unmanaged<Session>.fromOpaque(opened).takeUnretainedValue()
}

/// Copies UTF-8 into the caller's memory, as much as fits; gives the bytes written.
private func copy(_ text: String, _ target: UnsafeMutablePointer<UInt8>, _ capacity: Int) -> Int {
  var count = 0
  for byte in text.utf8 where count < capacity {
    unsafe target[count] = byte
    count += 1
  }
  return count
}

/// Opens a copy of a `.quill` file; null where it breaks a rule of the format, the sentence about it in `message`, of whose length
/// `messageCount` is first the capacity.
@c(quill_web_open)
@_expose(wasm, "open")
public func webOpen(
  _ bytes: UnsafePointer<UInt8>, _ count: Int, _ message: UnsafeMutablePointer<UInt8>,
  _ messageCount: UnsafeMutablePointer<Int>
) -> UnsafeMutableRawPointer? {
  let capacity = unsafe messageCount.pointee
  unsafe messageCount.pointee = 0
  do throws(ModelError) {
    let opened = try Session(unsafe Span(_unsafeStart: bytes, count: count))
    if opened.takesDigits { return unsafe Unmanaged.passRetained(opened).toOpaque() }
    unsafe messageCount.pointee = unsafe copy("the network takes no digit of 28 x 28 pixels", message, capacity)
  } catch {
    unsafe messageCount.pointee = unsafe copy(error.description, message, capacity)
  }
  return nil
}

/// Ends the use of a network.
@c(quill_web_close)
@_expose(wasm, "close")
public func webClose(_ opened: UnsafeMutableRawPointer) {
  unsafe Unmanaged<Session>.fromOpaque(opened).release()
}

/// The number of classes.
@c(quill_web_classes)
@_expose(wasm, "classCount")
public func webClassCount(_ opened: UnsafeMutableRawPointer) -> Int { session(opened).output.count }

/// The name of a class as UTF-8; gives its length.
@c(quill_web_label)
@_expose(wasm, "label")
public func webLabel(
  _ opened: UnsafeMutableRawPointer, _ index: Int, _ text: UnsafeMutablePointer<UInt8>, _ capacity: Int
) -> Int {
  let model = session(opened)
  return unsafe copy(index < model.model.labelCount ? model.model.label(index) : String(index), text, capacity)
}

/// Names the digit in a drawing of `side` x `side` grey bytes; gives the class, or -1 where there is no digit. The digit as the network
/// saw it goes to `image`, 784 bytes, and its box (left, top, right, bottom) to `box`.
@c(quill_web_classify)
@_expose(wasm, "classify")
public func webClassify(
  _ opened: UnsafeMutableRawPointer, _ pixels: UnsafePointer<UInt8>, _ side: Int, _ image: UnsafeMutablePointer<UInt8>,
  _ box: UnsafeMutablePointer<Int32>
) -> Int {
  let session = session(opened)
  var picture = InlineArray<784, UInt8>(repeating: 0)
  var seen = picture.mutableSpan
  let drawing = unsafe Span(_unsafeStart: pixels, count: side * side)
  guard let found = session.find(drawing, side: side, into: &seen) else { return -1 }
  for index in seen.indices {
    unsafe image[index] = seen[index]
    if session.isInverted { seen[index] = 255 - seen[index] }
  }
  unsafe box[0] = Int32(found.box.left)
  unsafe box[1] = Int32(found.box.top)
  unsafe box[2] = Int32(found.box.right)
  unsafe box[3] = Int32(found.box.bottom)
  return session.classify(seen.span)
}

/// The probability of a class after `classify`, in steps of 1/256.
@c(quill_web_probability)
@_expose(wasm, "probability")
public func webProbability(_ opened: UnsafeMutableRawPointer, _ index: Int) -> Int {
  let session = session(opened)
  return session.model.outputMeaning == .probabilities
    ? Int(session.engine.outputValue(index, of: session.model)) + 128 : 0
}

/// Runs int8 values through the network, raw int8 out: for tests against other machines.
@c(quill_web_run)
@_expose(wasm, "run")
public func webRun(
  _ opened: UnsafeMutableRawPointer, _ input: UnsafePointer<Int8>, _ output: UnsafeMutablePointer<Int8>
) {
  let session = session(opened)
  var target = unsafe MutableSpan(_unsafeStart: output, count: session.output.count)
  session.engine.run(
    session.model, unsafe Span(_unsafeStart: input, count: session.input.count), into: &target)
}

/// 1 where all golden inputs of the file give its recorded bytes, else 0.
@c(quill_web_verify)
@_expose(wasm, "verify")
public func webVerify(_ opened: UnsafeMutableRawPointer) -> Int32 {
  let session = session(opened)
  return GoldenVectors.verify(session.model, with: &session.engine) == nil ? 1 : 0
}
