// SPDX-License-Identifier: MIT
// The table: a row per name with its numbers; of a running program also a row per path over the whole run. One unit per column.

/** @typedef {{key: string, title: string, time?: boolean, text?: boolean, value: (row: RowStats) => number|string, show?: (row: RowStats) => string}} Column */

/** A time of the rows. @param {string} key @param {string} [title] @returns {Column} */
function timeColumn(key, title = key) {
  return { key, title, time: true, value: (/** @type {any} */ row) => row[`${key}Ns`] };
}

/** @type {Column[]} */
const COLUMNS = [
  { key: 'name', title: 'Name', text: true, value: (row) => row.name ?? siteName(row.site) },
  { key: 'place', title: 'Place', text: true, value: (row) => row.path ?? sitePlace(row.site) },
  { key: 'count', title: 'Count', value: (row) => row.count, show: (row) => formatCount(row.count) },
  timeColumn('self', 'Self'),
  { key: 'share', title: 'Self %', value: (row) => row.selfNs, show: (row) => formatShare(row.selfNs / table.selfNs) },
  timeColumn('total', 'Total'),
  timeColumn('mean', 'Mean'),
  timeColumn('p50'),
  timeColumn('p90'),
  timeColumn('p99'),
  timeColumn('max', 'Max'),
  { key: 'failed', title: 'Failed', value: (row) => row.failed, show: (row) => (row.failed ? formatCount(row.failed) : '') },
  { key: 'open', title: 'Open', value: (row) => row.open, show: (row) => countOf(row, 'open') },
];

const table = {
  sort: 'self',
  descending: true,
  /** @type {RowStats[]} */
  rows: [],
  /** @type {Map<string, TimeUnit>} */
  units: new Map(),
  selfNs: 0,
  /** @type {RowStats[]|null} of the whole run */
  whole: null,
  root: el('div', { class: 'view column' }),
  controls: el('div', { class: 'controls', hidden: true }),
  run: el('input', { type: 'checkbox', id: 'table-run' }),
  scroller: el('div', { class: 'scroll' }),
  body: el('tbody'),
  head: el('tr'),
  table: el('table', { class: 'windowed' }),
  /** the row that the keyboard is at */
  at: 0,
};

function buildTable() {
  table.table.append(el('caption', { class: 'unseen', text: 'Scopes by name, in the selection' }), el('thead', {}, table.head), table.body);
  table.scroller.append(table.table);
  table.controls.append(el('label', { for: 'table-run' }, table.run, ' the whole run, by path'));
  table.root.append(table.controls, table.scroller);
  table.run.addEventListener('change', renewWholeRun);
  for (const column of COLUMNS) {
    const button = el('button', { onclick: () => sortTable(column.key), text: column.title });
    table.head.append(el('th', { scope: 'col', class: column.text ? 'text' : 'count' }, button));
  }
  table.scroller.addEventListener('scroll', drawTable);
  table.body.addEventListener('keydown', tableKey);
  new ResizeObserver(drawTable).observe(table.scroller);
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
    paths[node.id] = path ? `${path} › ${node.name}` : node.name;
    const row = { ...node, site: sites.get(node.location) ?? -1, path };
    // NaN: unknown.
    for (const key of ['total', 'self', 'mean', 'p50', 'p90', 'p99', 'max']) row[`${key}Ns`] = node[`${key}_ns`] ?? NaN;
    rows.push(row);
  }
  return rows;
}

/** @param {string} key */
function sortTable(key) {
  table.descending = table.sort === key ? !table.descending : !COLUMNS.find((column) => column.key === key)?.text;
  table.sort = key;
  sortRows();
}

function sortRows() {
  const column = COLUMNS.find((c) => c.key === table.sort) || COLUMNS[0];
  const sign = table.descending ? -1 : 1;
  const matches = (/** @type {RowStats} */ row) => !state.query || search.sites[row.site];
  const all = table.whole || numbers.table;
  table.selfNs = all.reduce((sum, row) => sum + row.selfNs, 0);
  table.rows = all.filter(matches).sort((a, b) => {
    const x = column.value(a);
    const y = column.value(b);
    return sign * (typeof x === 'string' ? x.localeCompare(String(y)) : (x || 0) - (Number(y) || 0)) || a.site - b.site;
  });
  for (const { key, time, value } of COLUMNS) {
    if (!time) continue;
    const values = table.rows.map((row) => Number(value(row)));
    // Of sums the largest matter; times of single calls are compared over the whole column.
    table.units.set(key, key === 'self' || key === 'total' ? timeUnit(values.reduce((most, v) => Math.max(most, v), 0)) : columnUnit(values));
  }
  drawTable();
}

const drawTable = onceAFrame(() => {
  if (state.view !== 'table') return;
  const { rows } = table;
  table.table.setAttribute('aria-rowcount', String(rows.length + 1));
  COLUMNS.forEach(({ key, title, time }, i) => {
    const th = /** @type {HTMLElement} */ (table.head.children[i]);
    if (key === table.sort) th.setAttribute('aria-sort', table.descending ? 'descending' : 'ascending');
    else th.removeAttribute('aria-sort');
    /** @type {HTMLElement} */ (th.firstElementChild).textContent = time ? `${title} ${table.units.get(key)?.name || ''}` : title;
  });
  fillRows(table.scroller, table.body, { total: rows.length, at: table.at, columns: COLUMNS.length, row: tableRow });
});

/** @param {number} i */
function tableRow(i) {
  const stats = table.rows[i];
  const row = el('tr', {
    'aria-rowindex': i + 2, tabindex: i === table.at ? 0 : -1, 'aria-selected': String(stats.site === state.name),
    onclick: () => { table.at = i; setState({ name: stats.site, scope: null }); drawTable(); },
    ondblclick: () => setState({ view: 'sandwich' }),
    onfocus: () => { table.at = i; },
  });
  for (const column of COLUMNS) {
    const value = column.value(stats);
    const text = column.show ? column.show(stats) : column.time ? formatTimeIn(Number(value), table.units.get(column.key) || TIME_UNITS[3]) : String(value);
    const cell = el('td', { class: column.text ? 'text' : 'number', title: column.text ? text : null }, text);
    if (column.key === 'name') cell.prepend(swatch(siteColour(stats.site)));
    if (column.key === 'share') cell.append(shareBar(stats.selfNs / table.selfNs));
    row.append(cell);
  }
  return row;
}

/** @param {KeyboardEvent} event */
function tableKey(event) {
  const page = Math.floor(table.scroller.clientHeight / TABLE_ROW) - 2;
  const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
  const row = table.rows[table.at];
  if (by === undefined) {
    if ((event.key === 'Enter' || event.key === ' ') && row) {
      event.preventDefault();
      setState({ name: row.site, scope: null });
      drawTable();
    }
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  table.at = Math.max(0, Math.min(table.rows.length - 1, table.at + by));
  const y = table.at * TABLE_ROW;
  const { scrollTop, clientHeight } = table.scroller;
  if (y < scrollTop) table.scroller.scrollTop = y;
  else if (y + 2 * TABLE_ROW + 8 > scrollTop + clientHeight) table.scroller.scrollTop = y + 2 * TABLE_ROW + 8 - clientHeight;
  requestAnimationFrame(() => requestAnimationFrame(() => (
    /** @type {HTMLElement|null} */ (table.body.querySelector(`[aria-rowindex="${table.at + 2}"]`))?.focus({ preventScroll: true }))));
}

/** All rows as CSV, times in ns. */
function tableCsv() {
  const quote = (/** @type {string|number} */ value) => {
    // A spreadsheet would take a cell that begins like this for a formula.
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const keys = COLUMNS.filter((column) => column.key !== 'share');
  const head = keys.map((column) => (column.time ? `${column.key}_ns` : column.key));
  const lines = table.rows.map((row) => keys.map((column) => {
    const value = column.value(row);
    return quote(typeof value !== 'number' ? value : value >= 0 ? Math.round(value) : '');
  }).join(','));
  return `${head.join(',')}\n${lines.join('\n')}\n`;
}

function saveCsv() {
  saveFile(fileName('csv'), new Blob([tableCsv()], { type: 'text/csv' }));
}

on('numbers', () => (table.run.checked ? renewWholeRun() : sortRows()));
on('state', (changed) => { if (changed.has('name')) drawTable(); });
on('live', () => {
  table.controls.hidden = live.status === 'off';
  if (live.status !== 'off') return;
  table.run.checked = false;
  table.whole = null;
});
