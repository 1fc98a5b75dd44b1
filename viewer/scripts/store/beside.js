// SPDX-License-Identifier: MIT
// Counters and locks of the selected time and threads as rows, and who kept whom waiting for a lock.

/** @typedef {{key: string, name: string, site: number, min: number, max: number, last: number}} CounterRow */
/** @typedef {{key: string, name: string, site: number, holds: number, holdNs: number, heldNs: number, longestHoldNs: number, waits: number, waitNs: number, p99WaitNs: number, longestWaitNs: number}} LockRow */
/** @typedef {{key: string, name: string, holder: number, waiter: number, times: number, ns: number}} BlockRow */

const beside = {
  /** @type {CounterRow[]} */
  counters: [],
  /** @type {LockRow[]} longest waits first */
  locks: [],
  /** @type {BlockRow[]} longest first */
  blocks: [],
  /** ns of the selected time */
  spanNs: 1,
};

/** @param {string} kind */
function besideOf(kind) {
  return log.beside.filter((one) => one.kind === kind).map(({ key, name, places }) => ({ key, name, site: places[0][0] }));
}

const askForStrips = newest('strips', ({ counters: { values } }) => {
  beside.counters = besideOf('counter').map((row, i) => ({ ...row, min: values[3 * i], max: values[3 * i + 1], last: values[3 * i + 2] }));
  emit('beside');
});

const askForLocks = newest('locks', ({ rows, blocks }) => {
  const own = besideOf('lock');
  beside.locks = own.map((row, i) => ({ ...row, ...rows[i] })).sort((a, b) => b.waitNs - a.waitNs);
  beside.blocks = blocks.map((/** @type {any} */ block) => ({ ...block, ...own[block.strip] })).sort((/** @type {BlockRow} */ a, /** @type {BlockRow} */ b) => b.ns - a.ns);
  emit('beside');
});

/** Ask for what is shown; of a running program only while its view is. */
function renewBeside() {
  if (!log.stats || !log.beside.length) return;
  const { from, to } = state.range || logSpan();
  beside.spanNs = to - from;
  const shown = (/** @type {string} */ view) => !isLive() || state.view === view;
  const locks = placesOf('lock', log.beside);
  if (shown('counters')) askForStrips({ from, nsPerPx: to - from + 1, width: 1, counters: placesOf('counter', log.beside), locks: placesOf('lock', []) });
  if (shown('locks') && locks.keys.length) askForLocks(locks);
}

on('numbers', renewBeside);
on('state', (changed) => { if (changed.has('view')) renewBeside(); });
on('forget', () => Object.assign(beside, { counters: [], locks: [], blocks: [] }));
