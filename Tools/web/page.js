// The page: draws with the pointer, and has the network name the digit after each stroke.
import { start } from "./quill.mjs";

const element = (id) => document.getElementById(id);
const drawing = element("drawing"), seen = element("seen");
const pen = drawing.getContext("2d", { willReadFrequently: true });
const side = drawing.width;
let network = null;

function clear() {
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, side, side);
  pen.lineWidth = 18;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#111";
  show(null, 0);
}

/// The canvas as grey bytes (ITU-R BT.601 weights; ink and paper are grey anyway).
function greyPixels() {
  const { data } = pen.getImageData(0, 0, side, side);
  const grey = new Uint8Array(side * side);
  for (let k = 0; k < grey.length; k++) grey[k] = (77 * data[4 * k] + 150 * data[4 * k + 1] + 29 * data[4 * k + 2]) >> 8;
  return grey;
}

function classify() {
  if (!network) return;
  const grey = greyPixels();
  const before = performance.now();
  const answer = network.classify(grey, side);
  show(answer, performance.now() - before);
}

function show(answer, milliseconds) {
  if (!network) return;
  element("answer").textContent = answer
    ? `${network.labels[answer.class]}, ${Math.round(answer.probabilities[answer.class] * 100)} %`
    : "Draw a digit.";
  element("classes").replaceChildren(...network.labels.map((label, index) => {
    const row = document.createElement("tr"), bar = document.createElement("div");
    const probability = answer ? answer.probabilities[index] : 0;
    if (answer && index === answer.class) row.className = "best";
    bar.style.width = `${probability * 100}%`;
    for (const content of [label, bar, `${Math.round(probability * 100)} %`]) {
      const cell = row.insertCell();
      cell.append(content);
      if (content === bar) cell.className = "bar";
    }
    return row;
  }));
  const picture = new ImageData(28, 28);
  for (let k = 0; k < 784; k++) picture.data.set([0, 0, 0, 255].map((v, c) => (c < 3 && answer ? answer.image[k] : v)), 4 * k);
  seen.getContext("2d").putImageData(picture, 0, 0);
  if (answer) element("status").textContent = `found and named in ${milliseconds.toFixed(2)} ms`;
}

function open(runtime, bytes, name) {
  try {
    const opened = runtime.open(bytes);
    network?.close();
    network = opened;
    const proof = network.verify() ? "its golden inputs give its recorded bytes here" : "its golden inputs differ here: please report it";
    element("status").textContent = `${name}: ${bytes.length} bytes, ${proof}`;
    classify();
  } catch (error) {
    element("status").textContent = `${name}: ${error.message}`;
    if (!network) element("answer").textContent = "Open a .quill file.";
  }
}

let last = null;
drawing.addEventListener("pointerdown", (event) => {
  drawing.setPointerCapture(event.pointerId);
  last = [event.offsetX, event.offsetY];
  stroke(event);
});
drawing.addEventListener("pointermove", (event) => last && stroke(event));
for (const end of ["pointerup", "pointercancel"]) {
  drawing.addEventListener(end, () => {
    last = null;
    classify();
  });
}

function stroke(event) {
  pen.beginPath();
  pen.moveTo(...last);
  last = [event.offsetX, event.offsetY];
  pen.lineTo(...last);
  pen.stroke();
}

element("clear").addEventListener("click", clear);
clear();
const runtime = await start(await (await fetch("quill.wasm")).arrayBuffer());
element("file").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (file) open(runtime, new Uint8Array(await file.arrayBuffer()), file.name);
});
const shipped = await fetch("digits.quill");
if (shipped.ok) {
  open(runtime, new Uint8Array(await shipped.arrayBuffer()), "digits.quill");
} else {
  element("answer").textContent = "Open a .quill file.";
}
