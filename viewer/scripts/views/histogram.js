// SPDX-License-Identifier: MIT
// Durations of one name as bars over a logarithmic axis, with percentiles. A brush lists the instances in its range and
// highlights them on the timeline; it moves by pointer and by keyboard.

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
  body: el('tbody'),
  scroller: el('div', { class: 'scroll instances' }),
  /** @type {{lowNs: number, highNs: number, count: number, timeNs: number}[]} */
  bars: [],
  /** @type {number[]} */
  quantiles: [],
  /** @type {any[]} */
  instances: [],
  total: 0,
  unit: TIME_UNITS[3],
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
  const head = el('tr', {}, ...['Start', 'Duration', 'Self', 'Thread', 'Text'].map((text, i) => el('th', { scope: 'col', class: i > 2 ? 'text' : 'count', text })));
  h.scroller.append(el('table', { class: 'windowed' }, el('caption', { class: 'unseen', text: 'Instances in the brushed range, longest first' }), el('thead', {}, head), h.body));
  h.scroller.addEventListener('scroll', drawInstances);
  h.root.append(
    el('div', { class: 'controls' }, h.name, el('label', { for: 'histogram-self' }, h.self, ' self time'), el('label', { for: 'histogram-time' }, h.time, ' bars by time'),
      el('label', { class: 'brush' }, 'from ', h.low), el('label', { class: 'brush' }, 'to ', h.high), h.text,
      el('button', { class: 'plain', text: 'Whole range', onclick: () => brushTo(0, histogram.bars.length - 1) })),
    h.canvas, h.scroller);
  new ResizeObserver(() => { drawHistogram(); drawInstances(); }).observe(h.root);
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
  histogram.unit = columnUnit(list.map((/** @type {any} */ i) => i.durationNs));
  const { first, last } = brush();
  const whole = first === 0 && last >= histogram.bars.length - 1;
  highlightInstances(whole ? [] : list.map((/** @type {any} */ i) => ({ ...i, depth: depthOfRow(i.track, i.row) })));
  drawInstances();
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
    drawInstances();
    return;
  }
  const count = histogram.bars.slice(first, last + 1).reduce((sum, bar) => sum + bar.count, 0);
  histogram.text.textContent = `${formatTime(low.lowNs)} – ${formatTime(high.highNs)}: ${plural(count, 'scope')}`;
  histogram.low.setAttribute('aria-valuetext', formatTime(low.lowNs));
  histogram.high.setAttribute('aria-valuetext', formatTime(high.highNs));
  histogram.canvas.setAttribute('aria-label', `Histogram of ${siteName(histogram.site)}: ${histogram.text.textContent}, p50 ${formatTime(histogram.quantiles[0])}, p99 ${formatTime(histogram.quantiles[2])}`);
  askForInstances({ site: histogram.site, low: low.lowNs, high: high.highNs, self: histogram.self.checked ? 1 : 0, most: INSTANCES_MOST });
}

/** The axis: log2 of durations. */
function histogramScale() {
  const { bars } = histogram;
  const first = Math.log2(Math.max(1, bars[0]?.lowNs || 1));
  const last = Math.log2(Math.max(2, bars[bars.length - 1]?.highNs || 2));
  // The axis spans at least four octaves, so that a single bar does not fill it.
  const spare = Math.max(0, 4 - (last - first)) / 2;
  const low = Math.max(0, first - spare);
  const high = last + spare;
  const width = histogram.canvas.clientWidth - 24;
  return (/** @type {number} */ ns) => 12 + (Math.log2(Math.max(1, ns)) - low) / (high - low) * width;
}

/** The bar at x, or the nearest. @param {number} x */
function barAt(x) {
  const scale = histogramScale();
  let best = 0;
  let distance = Infinity;
  histogram.bars.forEach((bar, i) => {
    const away = Math.abs((scale(bar.lowNs) + scale(bar.highNs)) / 2 - x);
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

const drawHistogram = onceAFrame(() => {
  if (state.view !== 'histogram') return;
  const h = histogram;
  const { context } = clearCanvas(h.canvas);
  const tall = h.canvas.clientHeight - HISTOGRAM_FOOT;
  const scale = histogramScale();
  const value = (/** @type {any} */ bar) => (h.time.checked ? bar.timeNs : bar.count);
  const most = h.bars.reduce((m, bar) => Math.max(m, value(bar)), 0) || 1;
  const { first, last } = brush();
  h.bars.forEach((bar, i) => {
    const x = scale(bar.lowNs);
    const wide = Math.max(2, scale(bar.highNs) - x - 1);
    const rise = Math.max(1.5, value(bar) / most * (tall - 26));
    context.globalAlpha = i >= first && i <= last ? 1 : 0.3;
    context.fillStyle = siteColour(h.site);
    context.fillRect(x, tall - rise, wide, rise);
  });
  context.globalAlpha = 1;
  drawQuantiles(context, scale, tall);
  drawTicks(context, scale, tall);
});

/** @param {CanvasRenderingContext2D} context @param {(ns: number) => number} scale @param {number} tall */
function drawQuantiles(context, scale, tall) {
  let free = -Infinity;
  ['p50', 'p90', 'p99', 'p99.9'].forEach((name, i) => {
    const ns = histogram.quantiles[i];
    if (!(ns > 0)) return;
    const x = Math.round(scale(ns));
    context.fillStyle = token('--line-strong');
    context.fillRect(x, 4, 1, tall - 4);
    const text = `${name} ${formatTime(ns)}`;
    const room = widthOf(context, text);
    const at = Math.min(x + 4, histogram.canvas.clientWidth - room - 4);
    context.fillStyle = token('--text');
    if (at > free) {
      context.fillText(text, at, 10);
      free = at + room + 8;
    }
  });
}

/** Powers of ten and their halves under the bars. @param {CanvasRenderingContext2D} context @param {(ns: number) => number} scale @param {number} tall */
function drawTicks(context, scale, tall) {
  const { bars } = histogram;
  if (!bars.length) return;
  context.fillStyle = token('--line');
  context.fillRect(0, tall, histogram.canvas.clientWidth, 1);
  const low = Math.max(1, bars[0].lowNs);
  let free = -Infinity;
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= 1e15; power *= 10) {
    for (const factor of [1, 2, 5]) {
      const x = scale(power * factor);
      if (x > histogram.canvas.clientWidth - 40) return;
      if (x < 12 || x < free) continue;
      context.fillStyle = token('--quiet');
      context.fillRect(x, tall, 1, 4);
      const unit = timeUnit(power * factor);
      const text = `${power * factor / unit.ns}${NARROW_SPACE}${unit.name}`;
      context.fillText(text, x + 3, tall + 12);
      free = x + widthOf(context, text) + 14;
    }
  }
}

const drawInstances = onceAFrame(() => {
  if (state.view !== 'histogram') return;
  const { instances, scroller, body } = histogram;
  scroller.querySelector('table')?.setAttribute('aria-rowcount', String(histogram.total + 1));
  const units = scroller.querySelectorAll('th');
  units[0].textContent = 'Start s';
  units[1].textContent = `Duration ${histogram.unit.name}`;
  units[2].textContent = `Self ${histogram.unit.name}`;
  fillRows(scroller, body, { total: instances.length, at: 0, columns: 5, row: instanceRow });
});

/** @param {number} i */
function instanceRow(i) {
  const instance = histogram.instances[i];
  const go = async () => {
    await selectScope(instance.row, instance.index);
    setState({ view: 'timeline' });
    showRange(instance.startNs, instance.startNs + instance.durationNs);
    emit('reveal', { track: instance.track, depth: depthOfRow(instance.track, instance.row) });
  };
  return el('tr', {
    tabindex: 0, 'aria-rowindex': i + 2, onclick: go, title: 'Show on the timeline',
    onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter') go(); },
  },
  el('td', { class: 'number', text: fixed(instance.startNs / 1e9, 9) }),
  el('td', { class: 'number', text: formatTimeIn(instance.durationNs, histogram.unit) }),
  el('td', { class: 'number', text: formatTimeIn(instance.selfNs, histogram.unit) }),
  el('td', { class: 'text', text: trackName(instance.track) }),
  el('td', { class: 'text', text: instance.text || (instance.flags & 1 ? 'failed' : '') }));
}

on('numbers', renewHistogram);
on('state', (changed) => { if (changed.has('view') || changed.has('name')) renewHistogram(); });
