// SPDX-License-Identifier: MIT
// The page's engine in Node: row images against the native build and against golden hashes, statistics
// against the native tool, the export read back, memory that is given back.
// usage: node engine.mjs engine.wasm wick images_native images.golden [--write]
import { execFileSync } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { randomLog, tidyLog } from './random_log.mjs';

const [wasm, wick, native, golden, write] = process.argv.slice(2);
const { exports: engine } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(wasm)));
const ROOM = { input: 0, text: 1, lines: 2, palette: 3, dimmed: 4, tracks: 5, sites: 6 };
const NONE = 0xffffffff;

function text(at, bytes) {
  return Buffer.from(engine.memory.buffer, at, bytes).toString();
}

function call(name, ...values) {
  const rc = engine[name](...values);
  if (rc < 0) {
    const bytes = new Uint8Array(engine.memory.buffer, engine.engine_error());
    throw new Error(`${name}: ${rc}: ${Buffer.from(bytes.subarray(0, bytes.indexOf(0))).toString()}`);
  }
  return rc;
}

const view = () => new DataView(engine.memory.buffer, engine.engine_result(), engine.engine_result_bytes());

function put(slot, bytes) {
  const at = call('engine_room', slot, bytes.byteLength);
  new Uint8Array(engine.memory.buffer, at, bytes.byteLength).set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function read(log, step) {
  call('engine_reset');
  call('engine_input_begin', 0);
  for (let at = 0; at < log.length; at += step) {
    const part = log.subarray(at, at + step);
    put(ROOM.input, part);
    call('engine_feed', part.length);
  }
  call('engine_finish');
}

function stats() {
  call('engine_stats');
  const d = view();
  const names = ['first', 'last', 'retained', 'records', 'scopes', 'dropped', 'marks', 'failed', 'unfinished', 'lost', 'problems', 'stray',
    'backwards', 'memory'];
  const result = Object.fromEntries(names.map((name, i) => [name, d.getFloat64(8 * i, true)]));
  for (const [i, name] of ['tracks', 'rows', 'depth'].entries()) result[name] = d.getUint32(8 * names.length + 4 * i, true);
  return result;
}

function images() {
  const { first, last, rows } = stats();
  const width = 640;
  const count = Math.min(rows, 64);
  put(ROOM.palette, Uint32Array.from({ length: 256 }, (_, i) => (0xff000000 | (Math.imul(i, 2654435761) >>> 8)) >>> 0));
  put(ROOM.dimmed, new Uint32Array(256).fill(0xff404040));
  put(ROOM.lines, Uint32Array.from({ length: 2 * count }, (_, i) => i >> 1));
  call('engine_set_colours', 0xff101010, 0xff0000ff, 0xff808080);
  const hashes = [];
  for (let zoom = 0; zoom < 8; zoom++) {
    const part = (last - first) / 4 ** zoom;
    const from = first + (last - first - part) * 0.375;
    call('engine_image', from, part / width, width, count, count, 0);
    let hash = 2166136261;
    for (const pixel of new Uint32Array(engine.memory.buffer, engine.engine_result(), width * count)) hash = Math.imul(hash ^ pixel, 16777619);
    hashes.push((hash >>> 0).toString(16).padStart(8, '0'));
  }
  return hashes;
}

function nativeImages(log) {
  return execFileSync(native, [], { input: log }).toString().trim().split('\n').map((line) => line.split(' ')[2]);
}

function siteNames() {
  const count = call('engine_sites', 0);
  const d = view();
  return Array.from({ length: count }, (_, i) => [0, 8].map((at) => {
    const where = d.getUint32(44 * i + at, true);
    return text(where, d.getUint32(44 * i + at + 4, true));
  }).join(' '));
}

/** Paths of all scopes with their numbers, from the flame graph by thread. */
function flamePaths() {
  call('engine_select', -Infinity, Infinity, 0, 0);
  while (!call('engine_select_step', 1000));
  const names = siteNames();
  const count = call('engine_flame', 1, NONE, 0, 0);
  const d = view();
  const paths = [];
  const found = {};
  for (let i = 0; i < count; i++) {
    const at = 72 * i;
    const parent = d.getUint32(at, true);
    const site = d.getUint32(at + 4, true);
    paths.push(parent === NONE ? `${d.getUint32(at + 8, true)}` : `${paths[parent]}/${names[site]}`);
    if (site !== NONE) found[paths[i]] = [d.getFloat64(at + 24, true), d.getFloat64(at + 32, true), d.getFloat64(at + 40, true)];
  }
  return found;
}

/** Paths over all threads, those under a scope of another included: [self, count]. */
function mergedPaths() {
  const names = siteNames();
  const count = call('engine_flame', 0, NONE, 0, 0);
  const d = view();
  const paths = [];
  for (let i = 0; i < count; i++) {
    const parent = d.getUint32(72 * i, true);
    paths.push(`${parent === NONE ? '' : paths[parent]}/${names[d.getUint32(72 * i + 4, true)]}`);
  }
  return Object.fromEntries(paths.map((path, i) => [path, [d.getFloat64(72 * i + 32, true), d.getFloat64(72 * i + 40, true)]]));
}

function toolNodes(log) {
  return JSON.parse(execFileSync(wick, ['export', '--to', 'json', '-'], { input: log, stdio: ['pipe', 'pipe', 'ignore'], maxBuffer: 1 << 28 })).nodes;
}

function toolMerged(log) {
  const paths = {};
  const found = {};
  for (const node of toolNodes(log)) {
    const up = node.parent === null ? '' : paths[node.parent];
    paths[node.id] = node.kind === 'scope' ? `${up}/${node.name} ${node.location}` : up;
    if (node.kind !== 'scope') continue;
    const sum = found[paths[node.id]] ||= [0, 0];
    sum[0] += node.self_ns;
    sum[1] += node.count + node.open;
  }
  return found;
}

/** The same from the native tool. */
function toolPaths(log) {
  const nodes = toolNodes(log);
  const paths = {};
  const found = {};
  for (const node of nodes) {
    const up = node.parent === null ? null : paths[node.parent];
    if (node.kind === 'thread') paths[node.id] = `${Object.values(paths).filter((path) => !path.includes('/')).length}`;
    else if (node.kind === 'scope') {
      paths[node.id] = `${up}/${node.name} ${node.location}`;
      if (node.count + node.open) found[paths[node.id]] = [node.total_ns, node.self_ns, node.count + node.open];
    }
  }
  return found;
}

/* Images: natively the same, and as they always were. */
const logs = [tidyLog(3000, 3), tidyLog(20000, 2)];
for (let i = 0; i < 10; i++) logs.push(randomLog(400));
const hashes = [];
for (const log of logs) {
  for (const step of [1 << 20, 777]) {
    read(log, step);
    assert.deepEqual(images(), nativeImages(log), 'WebAssembly and native draw different pixels');
  }
  hashes.push(images().join(' '));
}
if (write) writeFileSync(golden, hashes.join('\n') + '\n');
assert.deepEqual(hashes, readFileSync(golden, 'utf8').trim().split('\n'), `pixels differ from ${golden} (--write accepts them)`);

/* Statistics: the tool's. */
for (const log of logs.slice(0, 2)) {
  read(log, 5000);
  assert.deepEqual(flamePaths(), toolPaths(log), 'statistics differ from those of wick export --to json');
}

/* Threads under scopes of others, in whatever order they are walked. */
const hanging = tidyLog(8000, 4, true);
read(hanging, 5000);
flamePaths();
assert.deepEqual(mergedPaths(), toolMerged(hanging), 'merged over threads, it is another tree');
assert.ok(Object.keys(mergedPaths()).some((path) => path.split('/').length > 12), 'no thread hangs under another');

/* The whole selection, exported, gives the same scopes. */
function exported(log) {
  read(log, 1 << 20);
  call('engine_select', -Infinity, Infinity, 0, 0);
  const pieces = [];
  for (let begin = 1; call('engine_export', begin) > 0; begin = 0) pieces.push(Buffer.from(view().buffer, engine.engine_result(), engine.engine_result_bytes()).toString());
  return Buffer.from(pieces.join(''));
}
assert.deepEqual(toolPaths(exported(logs[0])), toolPaths(logs[0]), 'an exported log differs');
read(exported(hanging), 1 << 20);
flamePaths();
assert.deepEqual(mergedPaths(), toolMerged(hanging), 'an exported log with threads under scopes differs');

/* Search, hits, labels, lists: answers that fit each other. */
read(logs[0], 1 << 20);
const all = stats();
put(ROOM.text, Buffer.from('NAME 3'));
call('engine_search', 0, 6);
const matched = view().getFloat64(0, true);
let visited = 0;
for (let at = all.first, row = NONE, index = NONE; call('engine_search_next', at, row, index, 1); visited++) {
  const d = view();
  [row, index, at] = [d.getUint32(0, true), d.getUint32(4, true), d.getFloat64(80, true)];
}
assert.equal(visited, matched);
assert.ok(matched > 300);
assert.equal(call('engine_list', 0, -Infinity, Infinity, 0, 100000), all.marks);
assert.equal(call('engine_layout', 7), all.tracks);
assert.equal(call('engine_hit', 0, all.first, all.last - all.first), 1);
assert.ok(view().getUint32(0, true) > 10);

/* What was freed is used again; retention holds. */
const big = tidyLog(60000, 3);
read(big, 1 << 20);
const pages = engine.memory.buffer.byteLength;
for (let i = 0; i < 4; i++) {
  read(big, 1 << 20);
  flamePaths();
}
assert.ok(engine.memory.buffer.byteLength <= pages * 2, 'memory grows from log to log');
call('engine_reset');
call('engine_set_retention', 4e6);
call('engine_input_begin', 0);
for (let i = 0; i < 12; i++) {
  const part = Buffer.from(tidyLog(20000, 1).toString().replace(/^1700000/gm, String(1700000 + i)));
  put(ROOM.input, part);
  call('engine_feed', part.length);
}
const kept = stats();
assert.ok(kept.dropped > 0 && kept.memory <= 4e6 && kept.retained > kept.first, `retention: ${JSON.stringify(kept)}`);
console.log(`${logs.length} logs: pixels, statistics and export as the native build has them`);
