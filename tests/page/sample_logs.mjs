// SPDX-License-Identifier: MIT
// Logs for the tests of the page, the same in every run.
import { ctxt } from './page_support.mjs';

const NAMES = ['parse_node', 'parse_text', 'read_block', 'decode_frame', 'render', 'hash_find'];

/** A generator of whole numbers below n, the same for the same seed. */
export function randoms(seed) {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % n;
  };
}

/** Everything that a log can hold: threads, marks, counters, locks, failures, losses. */
export function everything() {
  const random = randoms(5);
  const lines = [[0, 'main', 'BMARK', '-', 'begin']];
  for (const thread of ['main', 'worker-1', 'worker-2', 'idle-1']) {
    let at = 1000;
    for (let i = 0; i < (thread === 'idle-1' ? 1 : 200); i++) {
      const depth = 1 + random(4);
      for (let d = 0; d < depth; d++) lines.push([at += 50 + random(900), thread, 'START', `${NAMES[d]}:${d + 1}`, NAMES[d]]);
      for (let d = depth - 1; d >= 0; d--) {
        const bad = random(60) === 0;
        lines.push([at += 100 + random(4000), thread, bad ? 'ENDER' : 'ENDOK', `${NAMES[d]}:${d + 1}`, bad ? 'it failed' : '']);
      }
      if (i % 40 === 0) lines.push([at += 10, thread, 'BMARK', 'turn:9', `turn ${i}`]);
      if (thread === 'main') lines.push([at += 10, thread, 'gauge', 'depth:4', String(random(50))]);
      if (thread !== 'idle-1' && i % 7 === 0) {
        lines.push([at += 10, thread, 'LOCKW', 'lock1', 'the lock'], [at += 300, thread, 'LOCKA', 'lock1', 'the lock'], [at += 200, thread, 'LOCKR', 'lock1', 'the lock']);
      }
    }
    lines.push([at += 1000, thread, 'START', 'open:1', 'left open']);
  }
  return ctxt(lines.sort((a, b) => a[0] - b[0]));
}

/** `threads` threads of `count` scopes each, `depth` deep. */
export function many(threads, count, depth = 1) {
  const lines = [];
  for (let t = 0; t < threads; t++) {
    for (let i = 0; i < count; i++) {
      const at = i * 100000 + t * 10;
      for (let d = 0; d < depth; d++) lines.push([at + d * 10, `thread-${t}`, 'START', `f${d % 7}:${d}`, `level ${d}`]);
      for (let d = depth - 1; d >= 0; d--) lines.push([at + 90000 - d * 10, `thread-${t}`, 'ENDOK', `f${d % 7}:${d}`, '']);
    }
  }
  return ctxt(lines.sort((a, b) => a[0] - b[0]));
}
