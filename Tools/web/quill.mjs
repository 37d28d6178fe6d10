// quill.wasm for JavaScript: used by the page and by Tools/check/wasm.

/// Starts the module. `source` is its bytes.
export async function start(source) {
  const { instance } = await WebAssembly.instantiate(source, {});
  return new Runtime(instance.exports);
}

class Runtime {
  constructor(exports) {
    this.exports = exports;
  }

  /// A copy of bytes in the module's memory; the caller releases it.
  place(bytes) {
    const at = this.exports.allocate(bytes.length);
    this.bytes(at, bytes.length).set(bytes);
    return at;
  }

  /// A view of the module's memory, until that grows.
  bytes(at, count) {
    return new Uint8Array(this.exports.memory.buffer, at, count);
  }

  text(at, count) {
    return new TextDecoder().decode(this.bytes(at, count));
  }

  /// Opens a network.
  /// Throws an Error with the sentence of the core where the file breaks a rule.
  open(file) {
    const capacity = 1024;
    const bytes = this.place(file), message = this.exports.allocate(capacity), count = this.exports.allocate(4);
    new DataView(this.exports.memory.buffer).setUint32(count, capacity, true);
    const opened = this.exports.open(bytes, file.length, message, count);
    const sentence = this.text(message, new DataView(this.exports.memory.buffer).getUint32(count, true));
    for (const place of [bytes, message, count]) this.exports.release(place);
    if (!opened) throw new Error(sentence);
    return new Network(this, opened);
  }
}

class Network {
  constructor(runtime, opened) {
    this.runtime = runtime;
    this.opened = opened;
    this.labels = Array.from({ length: runtime.exports.classCount(opened) }, (_, index) => this.#label(index));
  }

  #label(index) {
    const { exports } = this.runtime, text = exports.allocate(256);
    const label = this.runtime.text(text, exports.label(this.opened, index, text, 256));
    exports.release(text);
    return label;
  }

  /// Names the digit in `side` x `side` grey bytes: class, probabilities, box and the 28 x 28 picture that the network saw; null
  /// where there is no digit.
  classify(pixels, side) {
    const { exports } = this.runtime;
    const drawing = this.runtime.place(pixels), image = exports.allocate(784), box = exports.allocate(16);
    const found = exports.classify(this.opened, drawing, side, image, box);
    const answer = found < 0 ? null : {
      class: found,
      probabilities: this.labels.map((_, index) => exports.probability(this.opened, index) / 256),
      box: Array.from(new Int32Array(exports.memory.buffer, box, 4)),
      image: this.runtime.bytes(image, 784).slice(),
    };
    for (const place of [drawing, image, box]) exports.release(place);
    return answer;
  }

  /// Raw int8 values through the network.
  run(input) {
    const { exports } = this.runtime;
    const values = this.runtime.place(input), output = exports.allocate(this.labels.length);
    exports.run(this.opened, values, output);
    const answer = this.runtime.bytes(output, this.labels.length).slice();
    for (const place of [values, output]) exports.release(place);
    return answer;
  }

  /// Whether the file's golden inputs give its recorded bytes here.
  verify() {
    return this.runtime.exports.verify(this.opened) === 1;
  }

  close() {
    this.runtime.exports.close(this.opened);
  }
}
