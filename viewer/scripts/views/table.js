// SPDX-License-Identifier: MIT
// The table: a row per name with its numbers; of a running program also a row per path over the whole run.

/** @type {Column[]} */
const COLUMNS = [
  { key: 'name', title: 'Name', text: true, value: (row) => row.name ?? siteName(row.site), decorate: (cell, row) => cell.prepend(swatch(siteColour(row.site))) },
  { key: 'place', title: 'Place', text: true, value: (row) => row.path ?? sitePlace(row.site) },
  { key: 'count', title: 'Count', value: (row) => row.count, show: (row) => formatCount(row.count) },
  timeColumn('self', 'Self'),
  {
    key: 'share', title: 'Self %', shown: true, value: (row) => row.selfNs, show: (row) => formatShare(row.selfNs / table.selfNs),
    decorate: (cell, row) => cell.append(shareBar(row.selfNs / table.selfNs)),
  },
  timeColumn('total', 'Total'),
  timeColumn('mean', 'Mean'),
  timeColumn('p50'),
  timeColumn('p90'),
  timeColumn('p99'),
  timeColumn('p999', 'p99.9'),
  timeColumn('max', 'Max'),
  countColumn('failed', 'Failed'),
  countColumn('unfinished', 'Unfinished'),
  { key: 'open', title: 'Open', value: (row) => row.open, show: (row) => countOf(row, 'open') },
];

const table = {
  grid: new SortedTable('Scopes by name, in the selection', COLUMNS, 'self'),
  selfNs: 0,
  /** @type {RowStats[]|null} of the whole run */
  whole: null,
  root: el('div', { class: 'view column' }),
  controls: el('div', { class: 'controls', hidden: true }),
  run: el('input', { type: 'checkbox', id: 'table-run' }),
};

function buildTable() {
  const { grid } = table;
  table.controls.append(el('label', { for: 'table-run' }, table.run, ' the whole run, by path'));
  table.root.append(table.controls, grid.root);
  table.run.addEventListener('change', renewWholeRun);
  grid.isChosen = (row) => row.site === state.name;
  grid.choose = (row) => setState({ name: row.site, scope: null });
  grid.enter = () => setState({ view: 'sandwich' });
  grid.order = (a, b) => a.site - b.site;
  return table.root;
}

/** Fetch the numbers since the program's start: a page that was opened later has only newer detail. */
async function renewWholeRun() {
  try {
    table.whole = table.run.checked ? rowsOfRun(await (await liveFetch('api/rollup', new AbortController())).json()) : null;
  } catch (error) {
    table.run.checked = false;
    complain(reasonOf(error));
  }
  sortRows();
}

/** @param {{nodes: any[]}} rollup parents first */
function rowsOfRun({ nodes }) {
  const sites = new Map(log.sites.map((site, i) => [site.location, i]));
  /** @type {string[]} */
  const paths = [];
  /** @type {any[]} */
  const rows = [];
  for (const node of nodes) {
    const path = paths[node.id] = paths[node.parent] || '';
    if (node.kind !== 'scope') continue;
    const name = visibleText(node.name);
    paths[node.id] = path ? `${path} › ${name}` : name;
    const row = { ...node, name, site: sites.get(visibleText(node.location)) ?? -1, path };
    // NaN: unknown.
    for (const key of ['total', 'self', 'mean', 'p50', 'p90', 'p99', 'p999', 'max']) row[`${key}Ns`] = node[`${key}_ns`] ?? NaN;
    rows.push(row);
  }
  return rows;
}

function sortRows() {
  const all = table.whole || numbers.table;
  table.selfNs = all.reduce((sum, row) => sum + row.selfNs, 0);
  table.grid.show(all.filter((row) => !state.query || search.sites[row.site]));
}

on('numbers', () => (table.run.checked ? renewWholeRun() : sortRows()));
on('state', (changed) => { if (changed.has('name')) table.grid.draw(); });
on('live', () => {
  table.controls.hidden = live.status === 'off';
  if (live.status !== 'off') return;
  table.run.checked = false;
  table.whole = null;
});
