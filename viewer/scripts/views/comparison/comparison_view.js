// SPDX-License-Identifier: MIT
// A comparison of two builds: the verdict, the flame graph of both, and a table with all numbers of the verdict.

/** Of a place: a number of the verdict about the cost of a call; NaN: none. @param {any} row @param {string} key */
function costOf(row, key) {
  return row.judged?.cost[key] ?? NaN;
}

/** Three columns of one number of both sides. @param {string} key @param {string} title @param {number} what @param {boolean} [time] @returns {Column[]} */
function sideColumns(key, title, what, time = true) {
  const of = (/** @type {string} */ suffix, /** @type {string} */ name, /** @type {(row: any) => number} */ value) => (
    { key: `${key}_${suffix}`, title: name, time, value, show: time ? undefined : (/** @type {any} */ row) => formatCount(value(row)) });
  return [
    of('base', `${title} A`, (row) => row.base[what] ?? NaN), of('candidate', `${title} B`, (row) => row.candidate[what] ?? NaN),
    of('delta', `Δ ${title.toLowerCase()}`, (row) => deltaOf(row, what)),
  ];
}

/** @type {Column[]} */
const COMPARISON_COLUMNS = [
  { key: 'name', title: 'Name', text: true, value: (row) => row.name },
  { key: 'path', title: 'Path', text: true, value: (row) => row.path },
  { key: 'verdict', title: 'Verdict', text: true, value: (row) => (row.judged ? verdictOf(row.judged) : '') },
  { key: 'cost_ratio', title: 'Cost of a call', value: (row) => costOf(row, 'ratio'), show: (row) => changeShare(costOf(row, 'ratio') - 1) },
  {
    key: 'interval', title: '99 % interval', shown: true, value: (row) => costOf(row, 'low'),
    show: (row) => (row.judged ? `${changeShare(costOf(row, 'low') - 1)} to ${changeShare(costOf(row, 'high') - 1)}` : ''),
  },
  { key: 'p', title: 'p', value: (row) => costOf(row, 'p_adj'), show: (row) => (row.judged ? costOf(row, 'p_adj').toPrecision(2) : '') },
  { key: 'mde', title: 'Finds', value: (row) => costOf(row, 'mde'), show: (row) => (row.judged ? formatShare(costOf(row, 'mde')) : '') },
  { key: 'match', title: 'Match', text: true, value: (row) => (row.match === 'same' ? '' : row.match) },
  ...sideColumns('self', 'Self', SELF),
  { key: 'self_change', title: 'Δ self %', value: (row) => changeOf(row, SELF), show: (row) => changeText(row, SELF) },
  ...sideColumns('total', 'Total', TOTAL),
  ...sideColumns('calls', 'Calls', CALLS, false),
  ...sideColumns('p50', 'p50', P50),
];

const comparisonView = {
  graph: new ComparisonGraph('Flame graph of both builds', (frame) => choosePlace(frame.site)),
  grid: new SortedTable('Places of both builds, per run', COMPARISON_COLUMNS, 'self_delta'),
  root: el('div', { class: 'view column comparison' }),
  find: el('input', { type: 'search', placeholder: 'Find', 'aria-label': 'Find names' }),
  widths: el('select', { 'aria-label': 'Widths' }, ...[['larger', 'the larger of both'], ['base', 'A, the base'], ['candidate', 'B, the candidate']].map(([value, text]) => el('option', { value, text }))),
  what: el('select', { 'aria-label': 'Colours and percents' }, el('option', { value: JUDGED, text: 'what the verdict calls changed' }), el('option', { value: TOTAL, text: 'total time' }), el('option', { value: SELF, text: 'self time' })),
};

/** @param {Element} logo @param {...HTMLElement} actions */
function buildComparison(logo, ...actions) {
  const { graph, grid, root, find, widths, what } = comparisonView;
  const { result } = comparison;
  const bad = !['pass', 'improved', 'changed'].includes(result.verdict);
  byId('header').append(
    el('div', { class: 'brand' }, logo, el('h1', { text: 'Comparison' }), el('span', { class: 'quiet facts', text: `${plural(result.base.runs.length, 'run')} of A, ${plural(result.candidate.runs.length, 'run')} of B` })),
    el('span', { class: bad ? 'badge bad' : 'badge', text: result.verdict }), el('span', { text: result.reason }), el('span', { class: 'grow' }), find, ...actions);
  const shift = result.shift.outcome === 'untested' ? '' : ` · common shift ${changeShare((result.shift.ratio ?? NaN) - 1)}`;
  root.append(
    el('div', { class: 'controls' },
      el('span', { class: 'quiet', text: 'Widths are' }), widths, el('span', { class: 'quiet', text: 'Colours are' }), what,
      ...[['less', -0.7], ['more', 0.7]].map(([text, strength]) => el('span', {}, swatch(legendColour(Number(strength))), String(text))),
      el('span', { class: 'quiet', text: 'Hatched: in one build alone.' }),
      el('span', { text: `a run ${formatTime(result.total.from)} → ${formatTime(result.total.to)} (${changeShare((result.total.ratio ?? NaN) - 1)})${shift}` }),
      el('span', { class: 'quiet', text: comparison.leftOut ? `${plural(comparison.leftOut, 'place')} of less than ${Number((comparison.leastShare * 100).toPrecision(2))}% left out.` : '' })),
    graph.root, grid.root);
  grid.isChosen = (row) => row.site === graph.chosen;
  grid.choose = (row) => choosePlace(row.site);
  grid.enter = (row) => graph.zoomTo(row.site);
  grid.order = (a, b) => a.site - b.site;
  widths.addEventListener('change', renewComparison);
  what.addEventListener('change', renewComparison);
  find.addEventListener('input', renewComparison);
  if (result.verdict === 'unverified') what.value = String(TOTAL);
  document.body.classList.add('empty-page');
  document.title = `${result.verdict} – wick`;
  refill(byId('main'), root);
  renewComparison();
}

/** @param {number} strength */
function legendColour(strength) {
  return cssColour(oklchToRgb(PALETTES[colourScheme()].lightness, 0.126 * Math.abs(strength), strength < 0 ? LESS_HUE : MORE_HUE));
}

function renewComparison() {
  const { graph, grid, find, widths, what } = comparisonView;
  const boxes = layOutComparison(widths.value);
  graph.query = find.value.toLowerCase();
  graph.what = Number(what.value);
  graph.show(boxes);
  graph.root.style.height = `min(50%, ${graph.depths * FLAME_ROW + 10}px)`;
  grid.show(boxes.filter(({ name }) => name.toLowerCase().includes(graph.query)));
}

/** @param {number} site */
function choosePlace(site) {
  const { graph, grid } = comparisonView;
  graph.chosen = site;
  const at = grid.rows.findIndex((row) => row.site === site);
  if (at >= 0) {
    grid.at = at;
    grid.reveal();
  }
  graph.draw();
  grid.draw();
}
