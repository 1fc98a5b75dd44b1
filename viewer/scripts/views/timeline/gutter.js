// SPDX-License-Identifier: MIT
// The names left of the timeline: buttons that select, fold and pin a lane. Only those that can be seen are in the document.

/** @type {Map<string, HTMLElement>} */
const gutterItems = new Map();

const drawGutter = onceAFrame(() => {
  if (state.view !== 'timeline') return;
  const seen = new Set();
  for (const strip of visibleStrips()) {
    if (strip.kind === 'thin') continue;
    seen.add(strip.key);
    const item = gutterItems.get(strip.key) || gutterItem(strip);
    item.style.top = `${strip.y}px`;
    item.style.height = `${strip.height}px`;
    updateGutterItem(item, strip);
  }
  for (const [key, item] of gutterItems) {
    if (seen.has(key)) continue;
    if (item.contains(document.activeElement)) continue;
    item.remove();
    gutterItems.delete(key);
  }
});

/** @param {Strip} strip */
function gutterItem(strip) {
  const item = el('div', { class: `strip ${strip.kind}` });
  if (strip.kind === 'fold' || strip.kind === 'group') {
    item.append(el('button', { class: 'name', onclick: () => toggleFold(strip) }));
  } else if (strip.kind === 'lane') {
    item.append(
      el('button', { class: 'name', onclick: (/** @type {MouseEvent} */ event) => selectLane(strip.key, event.shiftKey) }),
      el('button', { class: 'tool pin', title: 'Pin at the top', 'aria-label': `Pin ${strip.name}`, text: '⌃', onclick: () => togglePin(strip.key) }),
      el('button', { class: 'tool', title: 'Fold to a thin strip', 'aria-label': `Fold ${strip.name}`, text: '–', onclick: () => foldLane(strip.key) }),
    );
  } else {
    item.append(...[el('span', { class: 'name' }), el('span', { class: 'value number quiet' }), strip.kind === 'counter' ? el('span', { class: 'range number quiet', title: 'Range of the axis' }) : null].filter((part) => part !== null));
  }
  gutterItems.set(strip.key, item);
  timeline.gutter.append(item);
  return item;
}

/** @param {HTMLElement} item @param {Strip} strip */
function updateGutterItem(item, strip) {
  const name = /** @type {HTMLElement} */ (item.querySelector('.name'));
  if (strip.open !== undefined) name.setAttribute('aria-expanded', String(strip.open));
  if (name.textContent !== strip.name) {
    name.textContent = strip.name;
    name.title = strip.name;
  }
  if (strip.kind === 'lane' && strip.lane) {
    const chosen = state.tracks !== null && strip.lane.tracks.every((track) => state.tracks?.includes(track));
    name.setAttribute('aria-pressed', String(chosen));
    showDepth(item, strip);
    item.querySelector('.pin')?.setAttribute('aria-pressed', String(folds.pinned.includes(strip.key)));
  }
}

/** The button that shows or hides the deeper levels of a lane. @param {HTMLElement} item @param {Strip} strip */
function showDepth(item, strip) {
  const more = (strip.lane?.depth || 0) - DEPTH_SHOWN;
  if (more <= 0) return;
  const key = `deep ${strip.key}`;
  let button = item.querySelector('.deep');
  if (!button) {
    button = el('button', { class: 'deep quiet', onclick: () => setOpen(!isOpen(key, false), key) });
    item.append(button);
  }
  button.textContent = isOpen(key, false) ? `Fewer levels` : `${plural(more, 'level')} more`;
}

/** @param {Strip} strip as it was when its button was made */
function toggleFold(strip) {
  if (strip.fold === 'idle') setOpen(true, ...timeline.strips.filter(({ kind }) => kind === 'thin').map(({ key }) => key));
  else setOpen(!timeline.strips.find(({ key }) => key === strip.key)?.open, strip.key);
}

/** The bar above the tracks: which threads, in which order, and which scopes of them. */
function threadBar() {
  const filter = el('input', { type: 'search', placeholder: 'Filter threads', 'aria-label': 'Filter threads', spellcheck: 'false' });
  const select = (/** @type {string} */ label, /** @type {[any, string][]} */ options, /** @type {() => void} */ onchange) => el('select', { 'aria-label': label, onchange }, ...options.map(([value, text]) => el('option', { value, text })));
  const order = select('Order of threads', [['busy', 'busiest first'], ['name', 'by name'], ['start', 'by start']], () => { folds.order = order.value; emit('folds'); });
  const join = el('input', { type: 'checkbox', id: 'join', onchange: () => show() });
  const least = select('Shortest scopes shown', [[0, 'all scopes'], ...Array.from({ length: 7 }, (_, i) => /** @type {[any, string]} */ ([10 ** (i + 3), `from ${formatTime(10 ** (i + 3))}`]))], () => show());
  const show = async () => { await tryAsk('shown', { least: Number(least.value), join: Number(join.checked) }); emit('folds'); };
  filter.addEventListener('input', settled(60, () => { folds.filter = filter.value; emit('folds'); }));
  on('forget', () => { filter.value = folds.filter = ''; least.value = '0'; join.checked = false; });
  on('reveal', () => { if (folds.filter) { filter.value = folds.filter = ''; emit('folds'); } });
  return el('div', { class: 'controls threads' }, filter, order, least, el('label', { for: 'join' }, join, ' join equal neighbours'));
}

/** @param {string} key */
function foldLane(key) {
  folds.choice.set(key, false);
  setPinned(folds.pinned.filter((pinned) => pinned !== key));
}

/** @param {string} key */
function togglePin(key) {
  setPinned(folds.pinned.includes(key) ? folds.pinned.filter((pinned) => pinned !== key) : [...folds.pinned, key]);
}

/** Select the threads of a lane, alone or in addition; deselect them if they are selected. @param {string} key @param {boolean} add */
function selectLane(key, add) {
  const lane = log.lanes.find((l) => l.key === key);
  if (!lane) return;
  const chosen = state.tracks || [];
  const has = lane.tracks.every((track) => chosen.includes(track));
  const others = chosen.filter((track) => !lane.tracks.includes(track));
  const tracks = has ? others : add ? [...chosen, ...lane.tracks] : lane.tracks;
  setState({ tracks: tracks.length ? tracks : null });
}
