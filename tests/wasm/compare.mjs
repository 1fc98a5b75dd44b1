// SPDX-License-Identifier: MIT
// Reads logs, as lines and as wire, with the model compiled to WebAssembly and with the native tool: the trees must
// be the same.
// usage: node compare.mjs model.wasm wick [LOG...]
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { randomLog } from './random_log.mjs';

const [wasm, wick, ...logs] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(wasm));
const imports = WebAssembly.Module.imports(module);
if (imports.length) {
  console.error('the model needs imports:', imports);
  process.exit(1);
}

function inWasm(log, step) {
  const { exports: model } = new WebAssembly.Instance(module);
  if (!model.open()) throw new Error('open');
  const room = model.room(step);
  for (let at = 0; at < log.length; at += step) {
    const part = log.subarray(at, at + step);
    new Uint8Array(model.memory.buffer, room, part.length).set(part);
    if (model.feed(room, part.length) !== 0) throw new Error('feed');
  }
  const text = model.render(120);
  if (!text) throw new Error('render');
  return Buffer.from(model.memory.buffer, text, model.text_bytes()).toString();
}

const inputs = logs.map((name) => readFileSync(name));
for (let i = 0; i < 20; i++) {
  const log = randomLog(300);
  inputs.push(log, execFileSync(wick, ['export', '--to', 'wick', '-'], { input: log }));
}
for (const log of inputs) {
  const native = execFileSync(wick, ['tree', '--all', '--width', '120', '-'], { input: log, stdio: ['pipe', 'pipe', 'ignore'] }).toString()
    .replace(/^counter .*\n/gm, ''); // the tool lists counters below the tree
  for (const step of [1 << 20, 4096, 61]) {
    const ours = inWasm(log, step);
    if (ours !== native) {
      console.error(`different with pieces of ${step} bytes\n--- native\n${native}\n--- WebAssembly\n${ours}`);
      process.exit(1);
    }
  }
}
console.log(`${inputs.length} logs, three ways each: the same`);
