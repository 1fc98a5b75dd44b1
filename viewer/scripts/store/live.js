// SPDX-License-Identifier: MIT
// Whether a running program is watched, and which time is now. connection.js keeps it up to date.
// Invariant: now never goes back.

/** The first wait before a connection is tried again. */
const RETRY_MS = 1000;
/** How long what comes is held back, so that the right edge glides. */
const JITTER_NS = 80e6;

const live = {
  /** off, connecting, live, waiting, hidden, past, ended */
  status: 'off',
  base: '',
  token: '',
  /** @type {AbortController|null} */
  stream: null,
  lastId: '',
  /** identity of the run: another one is another log */
  run: '',
  /** @type {number[]} server's now - ours, ns; the newest 16 */
  offsets: [],
  retainedFrom: -Infinity,
  frozenAt: 0,
  retry: RETRY_MS,
  why: '',
  hasSnapshot: false,
  /** false: a log that is served by a tool, whose now is its last event */
  clock: true,
  /** such a log: whether it has grown lately */
  growing: false,
  lastNow: 0,
  /** @type {(() => void)|null} */
  close: null,
};

function isLive() {
  return !['off', 'past', 'ended'].includes(live.status);
}

/** The time that is drawn as now, in ns since the start. */
function liveNow() {
  if (!isLive() || !live.offsets.length) return log.stats ? Math.max(log.now, log.stats.lastNs) : 0;
  if (state.frozen) return live.frozenAt;
  if (live.status !== 'live' || !(live.clock || live.growing)) return log.now;
  const now = performance.now() * 1e6 + Math.max(...live.offsets) - JITTER_NS;
  log.now = Math.max(log.now, now);
  return log.now;
}

/** @param {string} status @param {string} [why] */
function setLive(status, why = '') {
  live.status = status;
  live.why = why;
  emit('live');
}

/** Until when detail is not here; -Infinity: all of it is. */
function droppedUntil() {
  const { firstNs, retainedFromNs } = log.stats;
  return Math.max(retainedFromNs > firstNs ? retainedFromNs : -Infinity, live.retainedFrom);
}

function toggleFreeze() {
  if (!isLive()) return;
  live.frozenAt = liveNow();
  setState({ frozen: !state.frozen });
}
