// SPDX-License-Identifier: MIT
// Locks with who kept whom waiting, and counters, as tables of the selection.

const locksView = {
  root: el('div', { class: 'view column locks' }),
  grid: new SortedTable('Locks', [
    { key: 'lock', title: 'Lock', text: true, value: (row) => row.name },
    countColumn('holds', 'Holds'),
    { key: 'held_share', title: 'Held', value: (row) => row.heldNs / beside.spanNs, show: (row) => formatSmallShare(row.heldNs / beside.spanNs) },
    timeColumn('hold', 'Held in all'),
    timeColumn('longestHold', 'Longest hold'),
    countColumn('waits', 'Waits'),
    timeColumn('wait', 'Waited in all'),
    timeColumn('p99Wait', 'p99 wait'),
    timeColumn('longestWait', 'Longest wait'),
    { key: 'place', title: 'Place', text: true, value: (row) => sitePlace(row.site) },
  ], 'wait'),
  blocks: new SortedTable('Who kept whom waiting', [
    { key: 'lock', title: 'Lock', text: true, value: (row) => row.name },
    { key: 'holder', title: 'Held by', text: true, value: (row) => trackName(row.holder) },
    { key: 'waiter', title: 'Kept waiting', text: true, value: (row) => trackName(row.waiter) },
    { key: 'times', title: 'Times', value: (row) => row.times, show: (row) => formatCount(row.times) },
    { key: 'blocked', title: 'Time', time: true, value: (row) => row.ns },
  ], 'blocked'),
};

const countersView = {
  root: el('div', { class: 'view column' }),
  grid: new SortedTable('Counters', [
    { key: 'counter', title: 'Counter', text: true, value: (row) => row.name },
    ...['min', 'max', 'last'].map((key) => ({
      key, title: key[0].toUpperCase() + key.slice(1), value: (/** @type {any} */ row) => row[key], show: (/** @type {any} */ row) => (row[key] === row[key] ? formatCount(row[key]) : '–'),
    })),
    { key: 'unit', title: 'Unit', text: true, value: (row) => log.sites[row.site]?.category || '' },
    { key: 'place', title: 'Place', text: true, value: (row) => sitePlace(row.site) },
  ], 'counter'),
};

/** Show the strip of a row on the timeline. @param {{key: string}} row */
function showStrip({ key }) {
  setState({ view: 'timeline' });
  emit('reveal', { key });
}

function buildLocks() {
  const { root, grid, blocks } = locksView;
  grid.choose = blocks.choose = showStrip;
  root.append(grid.root, el('h2', { text: 'Who kept whom waiting' }), blocks.root);
  return root;
}

function buildCounters() {
  const { root, grid } = countersView;
  grid.descending = false;
  grid.choose = showStrip;
  root.append(grid.root);
  return root;
}

function showBeside() {
  locksView.grid.show(beside.locks);
  locksView.blocks.show(beside.blocks);
  countersView.grid.show(beside.counters);
}

on('beside', showBeside);
