// SPDX-License-Identifier: MIT
// The flame view and the sandwich: which trees they ask for, and their controls. Both show the selection.

/** @param {Frame} frame */
function chooseFrame(frame) {
  if (frame.site !== NO_INDEX) setState({ name: frame.site, scope: null });
}

const flameView = {
  graph: new FlameGraph('Flame graph of the selection', chooseFrame),
  root: el('div', { class: 'view column' }),
  /** @type {HTMLSelectElement} */
  form: el('select', { 'aria-label': 'Form' }),
  /** @type {HTMLSelectElement} what widths are, in the order of the engine's weights */
  weight: el('select', { 'aria-label': 'Widths' }, ...['time', 'calls', 'values', 'CPU time'].map((text, value) => el('option', { value, text }))),
  threads: el('input', { type: 'checkbox', id: 'flame-threads' }),
  back: el('button', { class: 'plain', text: 'Whole graph', hidden: true }),
};
const sandwich = {
  callers: new FlameGraph('Callers', chooseFrame),
  callees: new FlameGraph('Callees', chooseFrame),
  root: el('div', { class: 'view column sandwich' }),
  title: el('h2'),
  /** @type {HTMLSelectElement} */
  name: el('select', { 'aria-label': 'Name' }),
};

function buildFlame() {
  for (const [value, text] of [['icicle', 'Icicle: roots at the top'], ['flame', 'Flame: roots at the bottom'], ['inverted', 'Inverted: by innermost scope']]) {
    flameView.form.append(el('option', { value, text }));
  }
  flameView.form.addEventListener('change', () => setState({ form: flameView.form.value }));
  flameView.weight.addEventListener('change', () => {
    flameView.graph.format = /[12]/.test(flameView.weight.value) ? formatCount : formatTime;
    // Old frames are in another unit.
    flameView.graph.frames = [];
    renewFlame();
  });
  flameView.threads.addEventListener('change', () => setState({ byThread: flameView.threads.checked }));
  flameView.back.addEventListener('click', () => flameView.graph.zoomTo(-1));
  flameView.graph.onzoom = () => {
    flameView.back.hidden = flameView.graph.focus < 0;
    renewFlame();
  };
  flameView.root.append(
    el('div', { class: 'controls' }, flameView.form, el('label', { for: 'flame-threads' }, flameView.threads, ' by thread'), flameView.back,
      el('span', { class: 'quiet', text: 'Widths are ' }), flameView.weight, el('span', { class: 'quiet', text: 'in the selection. Click zooms, again goes back.' })),
    flameView.graph.root);
  return flameView.root;
}

function buildSandwich() {
  sandwich.callers.upward = sandwich.callers.inward = true;
  sandwich.name.addEventListener('change', () => setState({ name: Number(sandwich.name.value), scope: null }));
  sandwich.root.append(
    el('div', { class: 'controls' }, sandwich.name, sandwich.title),
    el('h3', { text: 'Called by' }), sandwich.callers.root, el('h3', { text: 'Calls' }), sandwich.callees.root);
  return sandwich.root;
}

/** The width of half a pixel in the unit of the frames. @param {FlameGraph} graph */
function leastOf(graph) {
  const { from, to } = graph.scope;
  return graph.frames.length ? (to - from) / Math.max(200, graph.canvas.clientWidth) / 2 : 0;
}

const askForFlame = newest('flame', (frames) => {
  flameView.graph.upward = state.form === 'flame';
  flameView.graph.inward = state.form === 'inverted';
  flameView.graph.show(frames);
  flameView.back.hidden = flameView.graph.focus < 0;
});
const askForCallers = newest('flame', (frames) => sandwich.callers.show(frames));
const askForCallees = newest('flame', (frames) => sandwich.callees.show(frames));

function renewFlame() {
  if (state.view !== 'flame' || !log.stats) return;
  flameView.form.value = state.form;
  flameView.threads.checked = state.byThread;
  flameView.threads.disabled = state.form === 'inverted';
  const kind = state.form === 'inverted' ? FLAME_INVERTED : state.byThread ? FLAME_THREADS : FLAME_MERGED;
  askForFlame({ kind, site: 0, minNs: leastOf(flameView.graph), weight: Number(flameView.weight.value) });
}

function renewSandwich() {
  if (state.view !== 'sandwich' || !log.stats) return;
  const site = nameOrFirst();
  fillSelect(sandwich.name, ...nameChoice(site));
  if (site < 0) return;
  const stats = numbers.bySite.get(site);
  sandwich.title.textContent = stats
    ? `${formatCount(stats.count)}× · total ${formatTime(stats.totalNs)} · self ${formatTime(stats.selfNs)} · ${sitePlace(site)}` : sitePlace(site);
  sandwich.callers.path = [];
  sandwich.callees.path = [];
  askForCallers({ kind: FLAME_CALLERS, site, minNs: 0 });
  askForCallees({ kind: FLAME_CALLEES, site, minNs: leastOf(sandwich.callees) });
}

on('numbers', () => {
  renewFlame();
  renewSandwich();
});
on('state', (changed) => {
  if (changed.has('view') || changed.has('form') || changed.has('byThread')) {
    if (changed.has('form') || changed.has('byThread')) flameView.graph.path = [];
    renewFlame();
  }
  if (changed.has('view') || changed.has('name')) renewSandwich();
  if (changed.has('name')) flameView.graph.draw();
});
