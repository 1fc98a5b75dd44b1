// SPDX-License-Identifier: MIT
// The numbers of the selection (times, tracks, inside a name). The engine computes one statistic at a time; changes during one
// are followed by one more.

/** @typedef {{site: number, count: number, totalNs: number, selfNs: number, meanNs: number, minNs: number, p50Ns: number, p90Ns: number, p99Ns: number, p999Ns: number, maxNs: number, failed: number, unfinished: number, open: number, cpuNs: number, value: number, valueLow: number, valueHigh: number, valueIsWhole: number, sums: {site: number, sum: number}[], name?: string, path?: string}} RowStats */

const numbers = {
  /** @type {RowStats[]} most self time first */
  table: [],
  /** @type {Map<number, RowStats>} */
  bySite: new Map(),
  selfNs: 0,
  /** counts up with every finished statistic */
  version: 0,
};
function currentSelection() {
  const tracks = state.tracks ? new Uint8Array(log.tracks.length) : null;
  for (const track of state.tracks || []) {
    if (tracks && track < tracks.length) tracks[track] = 1;
  }
  const sites = state.inside >= 0 ? new Uint8Array(log.sites.length) : null;
  if (sites) sites[state.inside] = 1;
  const range = state.range || { from: -Infinity, to: Infinity };
  return { from: range.from, to: range.to, tracks, sites };
}

let selecting = false;
let selectAgain = false;

async function renewNumbers() {
  if (!log.stats) return;
  if (selecting) {
    selectAgain = true;
    return;
  }
  selecting = true;
  try {
    await ask('select', currentSelection());
    emit('selection');
    const table = (await ask('table')).sort((/** @type {RowStats} */ a, /** @type {RowStats} */ b) => b.selfNs - a.selfNs);
    numbers.table = table;
    numbers.bySite = new Map(table.map((/** @type {RowStats} */ row) => [row.site, row]));
    numbers.selfNs = table.reduce((/** @type {number} */ sum, /** @type {RowStats} */ row) => sum + row.selfNs, 0);
    numbers.version++;
  } catch (error) {
    complain(String(error));
  }
  selecting = false;
  if (selectAgain) {
    selectAgain = false;
    renewNumbers();
    return;
  }
  emit('numbers');
}

const renewNumbersSoon = settled(60, renewNumbers);

on('state', (changed) => {
  if (['range', 'tracks', 'inside'].some((key) => changed.has(key))) renewNumbersSoon();
});

/** The selected name, or the one with most self time; -1: none. */
function nameOrFirst() {
  return state.name >= 0 && numbers.bySite.has(state.name) ? state.name : numbers.table[0]?.site ?? -1;
}

/** The names of the table, most self time first, as fillSelect takes them. @param {number} chosen @returns {[number, Option[], Option]} */
function nameChoice(chosen) {
  const names = numbers.table.slice(0, 2000).map(({ site }) => ({ value: site, text: siteName(site).slice(0, 80) }));
  return [numbers.version, names, { value: chosen, text: siteName(chosen) }];
}

/** The selection in words. */
function selectionText() {
  const parts = [];
  if (state.range) parts.push(formatTime(state.range.to - state.range.from));
  if (state.tracks) parts.push(state.tracks.length === 1 ? trackName(state.tracks[0]) : plural(state.tracks.length, 'thread'));
  if (state.inside >= 0) parts.push(`inside ${siteName(state.inside)}`);
  return parts.join(' · ');
}

function clearSelection() {
  setState({ range: null, tracks: null, inside: -1 });
}
