// SPDX-License-Identifier: MIT
// Whether a running program is watched, and which time is now. Now never goes back. connection.js keeps this up to date.

/** New data is shown this much later, so that the right edge glides. */
const JITTER_NS = 80e6;

const live = {
  /** off, connecting, live, waiting, hidden, past, ended */
  status: 'off',
  why: '',
  /** @type {number[]} server's now - ours, ns; the newest 16 */
  offsets: [],
  /** since when the program has kept its detail, ns; -Infinity: from the beginning */
  retainedFrom: -Infinity,
  /** what was now when the view was frozen */
  frozenAt: 0,
  /** whether now goes on by itself; false: a tool serves a log, now is its last event */
  clock: true,
  /** whether such a log has grown lately */
  growing: false,
  /** @type {(() => void)|null} ends the connection */
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

/** Detail before this time is not in the page; -Infinity: all of it is. */
function droppedUntil() {
  const { firstNs, retainedFromNs } = log.stats;
  return Math.max(retainedFromNs > firstNs ? retainedFromNs : -Infinity, live.retainedFrom);
}

function toggleFreeze() {
  if (!isLive()) return;
  live.frozenAt = liveNow();
  setState({ frozen: !state.frozen });
}
