// SPDX-License-Identifier: MIT
// All runs that are mirrored in Redis, when the server says that it follows them: the list as it changes, and the scopes of one run.

/** @typedef {{run: string, program: string, host: string, state: string, start_ns: string, age_s: number, processes: number, dropped: number, refused: number, loaded: boolean, all: number, done: number, failed: number, in_progress: number, done_pct: number, progress: number, left_s: number}} Run */

/** @param {Run} run */
const lostOf = (run) => run.dropped + run.refused;
/** @param {Run} run @param {number} share */
const shareOf = (run, share) => (run.loaded && run.all ? share : NaN);
/** @param {(row: any) => number} value */
const shown = (value) => (/** @type {any} */ row) => formatShare(value(row));
/** @param {(row: any) => number} value @param {number} least marked from this number on */
const marked = (value, least) => (/** @type {HTMLElement} */ cell, /** @type {any} */ row) => cell.classList.toggle('bad', value(row) >= least);

const startFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' });
/** @param {HTMLElement} cell @param {number} share */
const drawBar = (cell, share) => {
  const bar = /** @type {HTMLElement} */ (cell.querySelector('.bar') || cell.appendChild(shareBar(0)));
  bar.style.width = `${Math.round((share || 0) * 100)}%`;
};
/** The list is drawn so often at most. */
const DRAW_MS = 250;

/** A table whose rows stay and get new texts while the same runs are in sight: a list changes all the time. */
class RunTable extends SortedTable {
  seen = '';

  paint() {
    const { scrollTop, clientHeight, clientWidth } = this.root;
    const lines = /** @type {HTMLTableRowElement[]} */ ([...this.body.querySelectorAll('tr[aria-rowindex]')]);
    const rows = lines.map((line) => this.rows[Number(line.getAttribute('aria-rowindex')) - 2]);
    const seen = JSON.stringify([this.sort, this.descending, this.at, fleet.chosen, scrollTop, clientHeight, clientWidth, this.rows.length, rows.map((row) => row?.run)]);
    if (!lines.length || seen !== this.seen) {
      super.paint();
      const drawn = [...this.body.querySelectorAll('tr[aria-rowindex]')].map((line) => this.rows[Number(line.getAttribute('aria-rowindex')) - 2].run);
      this.seen = JSON.stringify([this.sort, this.descending, this.at, fleet.chosen, this.root.scrollTop, clientHeight, clientWidth, this.rows.length, drawn]);
      return;
    }
    lines.forEach((line, i) => this.columns.forEach((column, c) => {
      const cell = line.cells[c];
      const text = column.show ? column.show(rows[i]) : String(column.value(rows[i]));
      const shownText = /** @type {Text} */ (cell.firstChild);
      if (shownText && shownText.data !== text) shownText.data = text;
      column.decorate?.(cell, rows[i]);
    }));
  }
}

const fleet = {
  root: el('div', { class: 'view column fleet-view' }),
  text: el('span', { class: 'quiet', role: 'status' }),
  find: el('input', { type: 'search', placeholder: 'run, host, program', 'aria-label': 'Find runs' }),
  state: el('select', { 'aria-label': 'State' }, ...['all', 'running', 'silent', 'ended'].map((word) => el('option', { text: word }))),
  grid: new RunTable('Runs', [
    { key: 'run', title: 'Run', text: true, value: (row) => visibleText(row.run || 'posted here') },
    { key: 'state', title: 'State', text: true, value: (row) => row.state, decorate: (cell, row) => cell.classList.toggle('bad', row.state === 'silent') },
    { key: 'host', title: 'Host', text: true, value: (row) => visibleText(row.host) },
    { key: 'program', title: 'Program', text: true, value: (row) => visibleText(row.program.replace(/^.*\//, '')) },
    { key: 'start', title: 'Start', value: (row) => Number(row.start_ns), show: (row) => (row.start_ns === '0' ? '–' : startFormat.format(Number(row.start_ns) / 1e6)) },
    { key: 'age', title: 'Seen', value: (row) => row.age_s, show: (row) => (row.age_s < 3 ? 'now' : `${formatTime(row.age_s * 1e9)} ago`) },
    { key: 'weighted', title: 'Weighted', value: (row) => shareOf(row, row.progress), show: shown((row) => shareOf(row, row.progress)), decorate: (cell, row) => drawBar(cell, shareOf(row, row.progress)) },
    { key: 'done_pct', title: 'Done', value: (row) => shareOf(row, row.done_pct), show: shown((row) => shareOf(row, row.done_pct)) },
    { key: 'trackers', title: 'Trackers', value: (row) => row.all, show: (row) => (row.loaded ? `${formatCount(row.done)} of ${formatCount(row.all)}` : '–') },
    { key: 'failed', title: 'Failed', value: (row) => row.failed, decorate: marked((row) => row.failed, 1) },
    { key: 'left', title: 'Left', value: (row) => row.left_s, show: (row) => (row.left_s ? formatTime(row.left_s * 1e9) : '–') },
    { key: 'processes', title: 'Processes', value: (row) => row.processes },
    { key: 'lost', title: 'Lost', value: lostOf, show: (row) => formatCount(lostOf(row)), decorate: marked(lostOf, 1) },
  ], 'start'),
  chosen: '',
  heading: el('h2'),
  scopes: new SortedTable('Scopes of the run', [
    { key: 'path', title: 'Scope', text: true, value: (row) => visibleText(row.path.join(' › ')) },
    { key: 'count', title: 'Count', value: (row) => row.count, show: (row) => formatCount(row.count) },
    { key: 'failed', title: 'Failed', value: (row) => row.failed, decorate: marked((row) => row.failed, 1) },
    ...['total', 'self', 'mean', 'p50', 'p99', 'max'].map((key) => ({ key, title: key[0].toUpperCase() + key.slice(1), time: true, value: (/** @type {any} */ row) => row[`${key}_ns`] ?? NaN })),
  ], 'total'),
  /** @type {Map<string, Run>} */
  runs: new Map(),
  /** @type {AbortController|null} */
  stream: null,
  timer: 0,
  drawnAt: 0,
  drawTimer: 0,
  /** why the server does not reach Redis */
  away: '',
  /** how many older runs there are */
  leftOut: 0,
};

function showFleet() {
  if (fleet.root.isConnected) return;
  const { root, find, state: select, text, grid, heading, scopes } = fleet;
  document.body.classList.add('fleet');
  grid.isChosen = (row) => row.run === fleet.chosen;
  grid.choose = (row) => { fleet.chosen = row.run; readScopes(); };
  find.addEventListener('input', showRuns);
  select.addEventListener('change', showRuns);
  refill(root, el('div', { class: 'controls' }, find, select, text), grid.root, heading, scopes.root);
  heading.hidden = scopes.root.hidden = true;
  refill(byId('main'), root);
}

const showRuns = onceAFrame(() => {
  const words = fleet.find.value.toLowerCase();
  const of = fleet.state.value;
  const all = [...fleet.runs.values()];
  const rows = all.filter((run) => (of === 'all' || run.state === of) && `${run.run} ${run.host} ${run.program}`.toLowerCase().includes(words));
  const silent = all.filter((run) => run.state === 'silent').length;
  fleet.text.textContent = `${rows.length === all.length ? plural(all.length, 'run') : `${formatCount(rows.length)} of ${plural(all.length, 'run')}`}${silent ? `, ${formatCount(silent)} silent` : ''}${fleet.leftOut ? `; ${formatCount(fleet.leftOut)} older ones are left out` : ''}${fleet.away ? `. Redis is away: ${visibleText(fleet.away)}` : ''}`;
  fleet.grid.show(rows);
});

function showRunsSoon() {
  clearTimeout(fleet.drawTimer);
  fleet.drawTimer = setTimeout(() => {
    fleet.drawnAt = performance.now();
    showRuns();
  }, Math.max(0, fleet.drawnAt + DRAW_MS - performance.now()));
}

/** Follow the list until the connection ends; what was forgotten is read again. */
async function followRuns() {
  const controller = fleet.stream = new AbortController();
  try {
    for (let goes = true; goes && fleet.stream === controller;) {
      const runs = await (await liveFetch('api/runs', controller)).json();
      fleet.runs = new Map(runs.map((/** @type {Run} */ run) => [run.run, run]));
      showRuns();
      goes = false;
      await readMessages(await liveFetch('events?key=', controller), async ({ event, data }) => {
        for (const run of event === 'update' ? JSON.parse(data) : []) {
          if ('away' in run) Object.assign(fleet, { away: run.away, leftOut: run.left_out });
          else fleet.runs.set(run.run, run);
        }
        showRunsSoon();
        goes = event === 'gap';
        return !goes && event !== 'bye';
      });
    }
  } catch { /* the other stream says that the connection was lost */ }
  if (fleet.stream === controller) fleet.stream = null;
}

/** The scopes of the chosen run, again and again. */
async function readScopes() {
  clearTimeout(fleet.timer);
  const { chosen, heading, scopes } = fleet;
  let nodes = null;
  try {
    nodes = chosen ? (await (await liveFetch(`api/rollup?run=${encodeURIComponent(chosen)}`, new AbortController())).json()).nodes : [];
  } catch { /* asked again */ }
  if (fleet.chosen !== chosen) return;
  if (nodes) {
    heading.hidden = false;
    heading.textContent = nodes.length ? `Scopes of ${visibleText(chosen)}` : `${visibleText(chosen || 'What was posted here')} has no scopes`;
    scopes.root.hidden = !nodes.length;
    scopes.show(nodes);
  }
  fleet.timer = setTimeout(readScopes, nodes ? 2000 : 300);
}

on('fleet', showFleet);
on('live', () => {
  if (!fleet.root.isConnected) return;
  if (live.status === 'live') {
    if (!fleet.stream) followRuns();
  } else {
    fleet.stream?.abort();
    fleet.stream = null;
    clearTimeout(fleet.timer);
  }
});
