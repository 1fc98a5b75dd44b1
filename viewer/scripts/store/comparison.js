// SPDX-License-Identifier: MIT
// A comparison of two builds inside this page (`wick compare -o diff.html`): what was decided, and all places of both as one tree.
// The numbers are the tool's; only boxes are laid out here.

/** Of a place and a side, per run: [self ns, total ns, calls, p50 of a call's self time in ns; null: unknown]. @typedef {number[]} Spent */

/**
 * @typedef {object} Place
 * @property {string} name
 * @property {string} place    file:line
 * @property {string} path
 * @property {number} parent   index; -1: a thread
 * @property {number} depth
 * @property {string} match    same, renamed, moved, new or removed
 * @property {Spent} base
 * @property {Spent} candidate
 * @property {any} judged      its entry in the verdict's nodes; null: too small to be judged
 */

const SELF = 0;
const TOTAL = 1;
const CALLS = 2;
const P50 = 3;
/** not a number of a place: the cost of a call where the verdict calls it changed */
const JUDGED = 4;

const comparison = {
  /** what `wick compare --format json` says @type {any} */
  result: null,
  /** parents first @type {Place[]} */
  places: [],
  /** places too narrow to be seen: with a smaller share of all time than this */
  leftOut: 0,
  leastShare: 0,
};

/** Read the comparison that `wick compare` put into this page; false: there is none. */
async function openComparison() {
  const block = document.getElementById('wick-comparison');
  if (!block) return false;
  const bytes = bytesOfBase64(block.textContent || '');
  block.textContent = '';
  const response = new Response(block.dataset.encoding === 'gzip' ? unpacked(bytes) : new Blob([bytes]));
  const { compare, tree } = await response.json();
  comparison.result = compare;
  comparison.leftOut = tree.left_out;
  comparison.leastShare = tree.least_share;
  for (const { name: written, file, line, parent = -1, match = 'same', base, candidate, node } of tree.places) {
    const above = comparison.places[parent];
    const name = visibleText(written);
    comparison.places.push({
      name, place: file ? visibleText(`${file}:${line}`) : '', path: above ? `${above.path} › ${name}` : name, parent, depth: above ? above.depth + 1 : 0, match,
      base, candidate, judged: node === undefined ? null : compare.nodes[node],
    });
  }
  log.title = 'comparison';
  return true;
}

/** How much longer the candidate's run spends in a place. @param {Place} place @param {number} what SELF, TOTAL, CALLS or P50 */
function deltaOf(place, what) {
  return (place.candidate[what] ?? NaN) - (place.base[what] ?? NaN);
}

/** The same as a share of the base's: 0.05 is 5 % more. @param {Place} place @param {number} what */
function changeOf(place, what) {
  const delta = deltaOf(place, what);
  return delta === 0 ? 0 : delta / place.base[what];
}

/** Metrics of a judged place that the verdict calls changed. @param {any} judged @returns {string[]} */
function changedMetrics(judged) {
  return ['cost', 'calls', 'errors', 'tail', 'slow'].filter((metric) => !['untested', 'equal', 'ignored', undefined].includes(judged?.[metric]?.outcome));
}

/** How strongly a change is coloured, -1 to 1; swapping the builds negates it. @param {Place} place @param {number} what */
function strengthOf(place, what) {
  const [metric] = what === JUDGED ? changedMetrics(place.judged) : [];
  const [from, to] = what !== JUDGED ? [place.base[what], place.candidate[what]]
    : metric ? [place.judged[metric].from, place.judged[metric].to] : place.match === 'new' ? [0, 1] : place.match === 'removed' ? [1, 0] : [1, 1];
  const delta = to - from;
  return delta === 0 ? 0 : Math.sign(delta) * Math.sqrt(Math.abs(delta) / Math.max(from, to));
}

/** `+5.1%` of 0.051. @param {number} change */
function changeShare(change) {
  const text = fixed(Math.abs(change) * 100, 1);
  return Number.isFinite(change) ? `${Number(text) === 0 ? '' : change < 0 ? '−' : '+'}${text}%` : '–';
}

/** `+5.1%`, `new`, `gone`. @param {Place} place @param {number} what */
function changeText(place, what) {
  if (place.match === 'new') return 'new';
  if (place.match === 'removed') return 'gone';
  const [metric] = changedMetrics(place.judged);
  if (what === JUDGED && !metric) return '';
  const change = what === JUDGED ? place.judged[metric].ratio - 1 : changeOf(place, what);
  return change === Infinity ? 'from 0' : changeShare(change);
}

/** A box per place, children inside their parents. @param {string} widths larger, base or candidate */
function layOutComparison(widths) {
  const { places } = comparison;
  const wide = places.map(({ base, candidate }) => (widths === 'base' ? base[SELF] : widths === 'candidate' ? candidate[SELF] : Math.max(base[SELF], candidate[SELF])));
  for (let i = places.length - 1; i >= 0; i--) {
    if (places[i].parent >= 0) wide[places[i].parent] += wide[i];
  }
  /** where the next child of a place begins; the last one: of threads */
  const next = new Array(places.length + 1).fill(0);
  return places.map((place, i) => {
    const within = place.parent < 0 ? places.length : place.parent;
    const offsetNs = next[within];
    next[within] += wide[i];
    next[i] = offsetNs;
    return { ...place, site: i, offsetNs, totalNs: wide[i] };
  });
}
