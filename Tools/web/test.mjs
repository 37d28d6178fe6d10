// Holds quill.wasm against the desk: node test.mjs FOLDER INPUTS.npy MODEL.quill..., each MODEL.quill with the desk's outputs in
// MODEL.quill.npy beside it. Also draws a seven and has it named, and gives a damaged file. Ends with 1 where anything differs.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, inputs, ...models] = process.argv.slice(2);
const { start } = await import(join(folder, "quill.mjs"));
const runtime = await start(readFileSync(join(folder, "quill.wasm")));
let faults = 0;
const expect = (holds, sentence) => {
  console.log(`${holds ? "ok  " : "FAIL"} ${sentence}`);
  faults += holds ? 0 : 1;
};

/// The bytes of an int8 NumPy array, version 1.0.
function values(path) {
  const file = readFileSync(path);
  return new Uint8Array(file.subarray(10 + file.readUInt16LE(8)));
}

const given = values(inputs), pixels = 784;
for (const model of models) {
  const network = runtime.open(new Uint8Array(readFileSync(model)));
  const expected = values(`${model}.npy`);
  const answers = [];
  for (let at = 0; at < given.length; at += pixels) answers.push(...network.run(given.subarray(at, at + pixels)));
  const began = performance.now(), repeats = 200;
  for (let k = 0; k < repeats; k++) network.run(given.subarray(0, pixels));
  const each = ((performance.now() - began) / repeats) * 1000;
  expect(network.verify(), `${model}: golden inputs give the recorded bytes`);
  expect(
    answers.length === expected.length && answers.every((value, index) => value === expected[index]),
    `${model}: ${answers.length} values equal the desk's (${each.toFixed(0)} us an inference in node)`);
  network.close();
}

// A dark seven on a light page.
const side = 320;
const page = new Uint8Array(side * side).fill(220);
const ink = (x, y) => (x > 90 && x < 230 && y > 60 && y < 80) || (y > 60 && y < 260 && Math.abs(245 - x - y / 2) < 11);
for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) if (ink(x, y)) page[y * side + x] = 30;
const network = runtime.open(new Uint8Array(readFileSync(models[0])));
const seven = network.classify(page, side);
expect(seven !== null && network.labels[seven.class] === "7", `a drawn seven is named ${seven && network.labels[seven.class]}`);
expect(network.classify(new Uint8Array(side * side).fill(220), side) === null, "an empty page holds no digit");

const damaged = new Uint8Array(readFileSync(models[0]));
damaged[damaged.length >> 1] ^= 1;
let sentence = "";
try {
  runtime.open(damaged);
} catch (error) {
  sentence = error.message;
}
expect(sentence.includes("checksum"), `a damaged file is refused: ${sentence}`);
console.log(`wasm: ${readFileSync(join(folder, "quill.wasm")).length} bytes`);
process.exit(faults ? 1 : 0);
