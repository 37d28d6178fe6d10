// Runs the proof that `prove` compiled to WebAssembly: node run.mjs FILE CASES SEED
import { readFileSync } from "node:fs";

const [file, cases, seed] = process.argv.slice(2);
let line = "";
const put = (character) => {
  if (character === 10) {
    console.log(line);
    line = "";
  } else {
    line += String.fromCharCode(character);
  }
};
const { instance } = await WebAssembly.instantiate(readFileSync(file), { host: { put } });
const { memory, prove, arguments: place } = instance.exports;
const start = place();
const write = (text, at) => new Uint8Array(memory.buffer).set([...new TextEncoder().encode(text), 0], at);
write(cases, start);
write(seed, start + 32);
process.exit(prove(start, start + 32));
