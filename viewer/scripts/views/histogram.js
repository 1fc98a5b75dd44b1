// SPDX-License-Identifier: MIT
// Durations of one name as bars over a logarithmic axis, with percentiles. A bar's area is its count: its height is the density, so that
// bars of any width compare. A brush lists the instances in its range and highlights them on the timeline; it moves by pointer and by
// keyboard.

const HISTOGRAM_FOOT = 26;
const INSTANCES_MOST = 2000;

const histogram = {
  root: el('div', { class: 'view column histogram' }),
  canvas: el('canvas', { role: 'img', 'aria-label': 'Histogram' }),
  /** @type {HTMLSelectElement} */
  name: el('select', { 'aria-label': 'Name' }),
  self: el('input', { type: 'checkbox', id: 'histogram-self' }),
  time: el('input', { type: 'checkbox', id: 'histogram-time' }),
  low: el('input', { type: 'range', min: 0, max: 100, value: 0, step: 1, 'aria-label': 'Shortest' }),
  high: el('input', { type: 'range', min: 0, max: 100, value: 100, step: 1, 'aria-label': 'Longest' }),
  text: el('span', { class: 'number' }),
  grid: new SortedTable('Instances in the brushed range', [
    { key: 'start', title: 'Start s', moment: true, value: (row) => row.startNs },
    { key: 'duration', title: 'Duration', time: true, value: (row) => row.durationNs },
    { key: 'self', title: 'Self', time: true, value: (row) => row.selfNs },
    { key: 'thread', title: 'Thread', text: true, value: (row) => trackName(row.track) },
    { key: 'text', title: 'Text', text: true, value: (row) => row.text || (row.flags & 1 ? 'failed' : '') },
  ], 'duration'),
  /** @type {{lowNs: number, highNs: number, count: number, timeNs: number}[]} */
  bars: [],
  /** @type {number[]} */
  quantiles: [],
  /** @type {any[]} */
  instances: [],
  total: 0,
  site: -1,
  /** @type {number|null} */
  drag: null,
};

function buildHistogram() {
  const h = histogram;
  h.name.addEventListener('change', () => setState({ name: Number(h.name.value), scope: null }));
  for (const box of [h.self, h.time]) box.addEventListener('change', () => renewHistogram());
  for (const end of [h.low, h.high]) end.addEventListener('input', () => brushChanged());
  h.canvas.addEventListener('pointerdown', (event) => {
    h.canvas.setPointerCapture(event.pointerId);
    h.drag = barAt(event.offsetX);
    brushTo(h.drag, h.drag);
  });
  h.canvas.addEventListener('pointermove', hoverHistogram);
  h.canvas.addEventListener('pointerleave', hideTip);
  h.canvas.addEventListener('pointerup', () => { h.drag = null; });
  h.grid.root.classList.add('instances');
  h.grid.choose = showInstance;
  h.root.append(
    el('div', { class: 'controls' }, h.name, el('label', { for: 'histogram-self' }, h.self, ' self time'), el('label', { for: 'histogram-time' }, h.time, ' bars by time'),
      el('label', { class: 'brush' }, 'from ', h.low), el('label', { class: 'brush' }, 'to ', h.high), h.text,
      el('button', { class: 'plain', text: 'Whole range', onclick: () => brushTo(0, histogram.bars.length - 1) })),
    h.canvas, h.grid.root);
  new ResizeObserver(drawHistogram).observe(h.root);
  return h.root;
}

const askForHistogram = newest('histogram', ({ bars, quantiles }) => {
  const h = histogram;
  h.bars = bars;
  h.quantiles = quantiles;
  h.low.max = h.high.max = String(Math.max(0, bars.length - 1));
  brushTo(0, bars.length - 1);
});

function renewHistogram() {
  if (state.view !== 'histogram' || !log.stats) return;
  histogram.site = nameOrFirst();
  fillSelect(histogram.name, ...nameChoice(histogram.site));
  if (histogram.site < 0) return;
  askForHistogram({ site: histogram.site, self: histogram.self.checked ? 1 : 0 });
}

/** @param {number} a @param {number} b */
function brushTo(a, b) {
  histogram.low.value = String(Math.min(a, b));
  histogram.high.value = String(Math.max(a, b));
  brushChanged();
}

function brush() {
  const a = Number(histogram.low.value);
  const b = Number(histogram.high.value);
  return { first: Math.min(a, b), last: Math.max(a, b) };
}

const askForInstances = newest('instances', ({ list, total }) => {
  histogram.instances = list;
  histogram.total = total;
  const { first, last } = brush();
  const whole = first === 0 && last >= histogram.bars.length - 1;
  highlightInstances(whole ? [] : list.map((/** @type {any} */ i) => ({ ...i, depth: depthOfRow(i.track, i.row) })));
  histogram.grid.show(list);
});

/** @param {number} track @param {number} row */
function depthOfRow(track, row) {
  return Math.max(0, log.tracks[track]?.rows.indexOf(row) ?? 0);
}

function brushChanged() {
  drawHistogram();
  const { first, last } = brush();
  const low = histogram.bars[first];
  const high = histogram.bars[last];
  if (!low || !high) {
    histogram.text.textContent = '';
    histogram.instances = [];
    histogram.grid.show([]);
    return;
  }
  const count = histogram.bars.slice(first, last + 1).reduce((sum, bar) => sum + bar.count, 0);
  histogram.text.textContent = `${formatTime(low.lowNs)} – ${formatTime(high.highNs)}: ${plural(count, 'scope')}`;
  histogram.low.setAttribute('aria-valuetext', formatTime(low.lowNs));
  histogram.high.setAttribute('aria-valuetext', formatTime(high.highNs));
  histogram.canvas.setAttribute('aria-label', `Histogram of ${siteName(histogram.site)}: ${histogram.text.textContent}, p50 ${formatTime(histogram.quantiles[0])}, p99 ${formatTime(histogram.quantiles[2])}`);
  askForInstances({ site: histogram.site, low: low.lowNs, high: high.highNs, self: histogram.self.checked ? 1 : 0, most: INSTANCES_MOST });
}

/** The place of a duration on the axis, in octaves. @param {number} ns */
function octaveOf(ns) {
  return Math.log2(Math.max(0.5, ns));
}

/** The width of a bar in octaves. @param {{lowNs: number, highNs: number}} bar */
function octavesOf({ lowNs, highNs }) {
  return octaveOf(highNs + 1) - octaveOf(lowNs);
}

/** The axis, in px. */
function histogramScale() {
  const { bars } = histogram;
  const first = octaveOf(bars[0]?.lowNs || 1);
  const last = octaveOf((bars[bars.length - 1]?.highNs || 1) + 1);
  // The axis spans at least four octaves, so that a single bar does not fill it.
  const spare = Math.max(0, 4 - (last - first)) / 2;
  const low = Math.max(-1, first - spare);
  const high = last + spare;
  const width = histogram.canvas.clientWidth - 24;
  return (/** @type {number} */ ns) => 12 + (octaveOf(ns) - low) / (high - low) * width;
}

/** The bar at x, or the nearest. @param {number} x */
function barAt(x) {
  const scale = histogramScale();
  let best = 0;
  let distance = Infinity;
  histogram.bars.forEach((bar, i) => {
    const away = Math.abs((scale(bar.lowNs) + scale(bar.highNs + 1)) / 2 - x);
    if (away < distance) {
      distance = away;
      best = i;
    }
  });
  return best;
}

/** @param {PointerEvent} event */
function hoverHistogram(event) {
  const i = barAt(event.offsetX);
  const bar = histogram.bars[i];
  if (!bar) return;
  if (histogram.drag !== null) brushTo(histogram.drag, i);
  showTip(event.clientX, event.clientY, `${formatTime(bar.lowNs)} – ${formatTime(bar.highNs)}`, [plural(bar.count, 'scope'), `${formatTime(bar.timeNs)} in all`]);
}

/** @typedef {{x: number, y: number, width: number, height: number, fill: string, alpha?: number}} Piece */
/** @typedef {{x: number, y: number, text: string, fill: string}} Word */

/** What is drawn: rectangles and texts. @param {CanvasRenderingContext2D} context that measures texts */
function histogramParts(context) {
  /** @type {Piece[]} */
  const pieces = [];
  /** @type {Word[]} */
  const words = [];
  const h = histogram;
  const tall = h.canvas.clientHeight - HISTOGRAM_FOOT;
  const scale = histogramScale();
  const density = (/** @type {any} */ bar) => (h.time.checked ? bar.timeNs : bar.count) / octavesOf(bar);
  const most = h.bars.reduce((m, bar) => Math.max(m, density(bar)), 0) || 1;
  const { first, last } = brush();
  h.bars.forEach((bar, i) => {
    const x = scale(bar.lowNs);
    const height = Math.max(1.5, density(bar) / most * (tall - 42));
    pieces.push({ x, y: tall - height, width: Math.max(2, scale(bar.highNs + 1) - x - 1), height, fill: siteColour(h.site), alpha: i >= first && i <= last ? 1 : 0.3 });
  });
  addQuantiles(context, pieces, words, scale, tall);
  addTicks(context, pieces, words, scale, tall);
  words.push({ x: 12, y: 26, text: h.time.checked ? 'time per octave' : 'scopes per octave', fill: token('--quiet') });
  return { pieces, words };
}

const drawHistogram = onceAFrame(() => {
  if (state.view !== 'histogram') return;
  const { context } = clearCanvas(histogram.canvas);
  const { pieces, words } = histogramParts(context);
  for (const { x, y, width, height, fill, alpha } of pieces) {
    context.globalAlpha = alpha ?? 1;
    context.fillStyle = fill;
    context.fillRect(x, y, width, height);
  }
  context.globalAlpha = 1;
  for (const { x, y, text, fill } of words) {
    context.fillStyle = fill;
    context.fillText(text, x, y);
  }
});

function svgOfHistogram() {
  const { x: left, y: above } = placeInView(histogram.canvas);
  const { pieces, words } = histogramParts(/** @type {CanvasRenderingContext2D} */ (histogram.canvas.getContext('2d')));
  return [...pieces.map(({ x, y, width, height, fill, alpha }) => (
    `<rect x="${(left + x).toFixed(2)}" y="${(above + y).toFixed(2)}" width="${width.toFixed(2)}" height="${height.toFixed(2)}" fill="${plainColour(fill)}" opacity="${alpha ?? 1}"/>`)),
  ...words.map(({ x, y, text, fill }) => `<text x="${left + x}" y="${above + y + 4}" fill="${plainColour(fill)}">${xmlText(text)}</text>`)];
}

/** A line and a text for each quantile that has room. @param {CanvasRenderingContext2D} context @param {Piece[]} pieces @param {Word[]} words @param {(ns: number) => number} scale @param {number} tall */
function addQuantiles(context, pieces, words, scale, tall) {
  let free = -Infinity;
  ['p50', 'p90', 'p99', 'p99.9'].forEach((name, i) => {
    const ns = histogram.quantiles[i];
    if (!(ns > 0)) return;
    const x = Math.round(scale(ns));
    pieces.push({ x, y: 4, width: 1, height: tall - 4, fill: token('--line-strong') });
    const text = `${name} ${formatTime(ns)}`;
    const room = widthOf(context, text);
    const at = Math.min(x + 4, histogram.canvas.clientWidth - room - 4);
    if (at <= free) return;
    words.push({ x: at, y: 10, text, fill: token('--text') });
    free = at + room + 8;
  });
}

/** Powers of ten and their halves under the bars. @param {CanvasRenderingContext2D} context @param {Piece[]} pieces @param {Word[]} words @param {(ns: number) => number} scale @param {number} tall */
function addTicks(context, pieces, words, scale, tall) {
  const { bars } = histogram;
  if (!bars.length) return;
  pieces.push({ x: 0, y: tall, width: histogram.canvas.clientWidth, height: 1, fill: token('--line') });
  const low = Math.max(1, bars[0].lowNs);
  let free = 12;
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= 1e15; power *= 10) {
    for (const factor of [1, 2, 5]) {
      const x = scale(power * factor);
      if (x > histogram.canvas.clientWidth - 40) return;
      if (x < free) continue;
      const unit = timeUnit(power * factor);
      const text = `${power * factor / unit.ns}${NARROW_SPACE}${unit.name}`;
      pieces.push({ x, y: tall, width: 1, height: 4, fill: token('--quiet') });
      words.push({ x: x + 3, y: tall + 12, text, fill: token('--quiet') });
      free = x + widthOf(context, text) + 14;
    }
  }
}

/** @param {any} instance */
async function showInstance(instance) {
  await selectScope(instance.row, instance.index);
  setState({ view: 'timeline' });
  showRange(instance.startNs, instance.startNs + instance.durationNs);
  emit('reveal', { track: instance.track, depth: depthOfRow(instance.track, instance.row) });
}

on('numbers', renewHistogram);
on('state', (changed) => { if (changed.has('view') || changed.has('name')) renewHistogram(); });
