// SPDX-License-Identifier: MIT
// Whether a running program is watched, and which time is now. Now never goes back. connection.js keeps this up to date.

/** New data is shown this much later, so that the right edge glides; later still when a program says little. */
const JITTER_NS = 80e6;
/** A program that says nothing for so long is waited for. */
const SILENT_MS = 1000;
/** What a tab shows of a program that it follows. */
const LATE_SPAN_NS = 10e9;

const live = {
  /** off, connecting, live, waiting, hidden, past, ended */
  status: 'off',
  why: '',
  /** @type {number[]} server's now - ours, ns; the newest 16 */
  offsets: [],
  /** the program's now at its last word, ns: every event until then has been received */
  said: 0,
  /** when that was, in ms of this page */
  heardAt: 0,
  /** how much later than its beginning a word may be shown, ns */
  delay: JITTER_NS,
  /** whether the window has been put where a late tab looks */
  placed: false,
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
  if (!isLive() || !live.offsets.length) return endOfLog();
  if (state.frozen) return live.frozenAt;
  if (live.status !== 'live' || !(live.clock || live.growing)) return log.now;
  const now = performance.now() * 1e6 + Math.max(...live.offsets) - live.delay;
  log.now = Math.max(log.now, isSilent() ? now : Math.min(now, knownUntil()));
  return log.now;
}

/** The last time of which everything has been received: no scope is drawn beyond it. */
function knownUntil() {
  return isLive() && log.stats ? Math.max(live.said, log.stats.lastNs) : endOfLog();
}

function endOfLog() {
  return log.stats ? Math.max(log.now, log.stats.lastNs) : 0;
}

/** Whether a program that should say something has not for a while: it is stopped, or its words do not arrive. */
function isSilent() {
  return live.status === 'live' && live.clock && performance.now() - live.heardAt > SILENT_MS;
}

/** How long is waited for data, as text. */
function silenceText() {
  return `waiting for data, ${fixed((liveNow() - knownUntil()) / 1e9, 1)} s`;
}

/** Note that the program has said something. */
function heard() {
  const now = performance.now();
  const since = (now - live.heardAt) * 1e6;
  live.delay = Math.max(JITTER_NS, since < SILENT_MS * 1e6 ? since + JITTER_NS / 4 : 0, live.delay * 0.7);
  live.heardAt = now;
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
