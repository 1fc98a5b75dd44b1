// SPDX-License-Identifier: MIT
// The failed scopes of the selection, by time, and steps from one to the next.

const FAILURES_MOST = 20000;
/** In place of a site: every scope that has failed (engine.h). */
const FAILED_SITE = 0xfffffffe;

const failures = {
  /** @type {any[]} by time; of more than FAILURES_MOST the longest */
  list: [],
  total: 0,
  /** of the numbers that they belong to */
  version: -1,
};

async function renewFailures() {
  if (!log.stats || failures.version === numbers.version) return;
  failures.version = numbers.version;
  const answer = log.stats.failed ? await tryAsk('instances', { site: FAILED_SITE, low: 0, high: 1e18, self: 0, most: FAILURES_MOST }) : null;
  failures.list = (answer ? answer.list : []).sort((/** @type {any} */ a, /** @type {any} */ b) => a.startNs - b.startNs);
  failures.total = answer ? answer.total : 0;
  emit('failures');
}

/** Select the next failure after, or before, the selected scope or the window. @param {number} direction */
async function nextFailure(direction) {
  await renewFailures();
  const from = selectedScope ? selectedScope.startNs : direction > 0 ? state.window.from : state.window.to;
  const beyond = (/** @type {any} */ { startNs, row, index }) => (startNs === from && selectedScope
    ? (row - selectedScope.row || index - selectedScope.index) * direction > 0 : (startNs - from) * direction > 0);
  const list = direction > 0 ? failures.list : [...failures.list].reverse();
  const next = list.find(beyond) || list[0];
  if (!next) {
    announce('Nothing has failed.');
    return;
  }
  const scope = await tryAsk('scope', { row: next.row, index: next.index });
  if (scope) showScopeOf(scope);
}

on('forget', () => Object.assign(failures, { list: [], total: 0, version: -1 }));
