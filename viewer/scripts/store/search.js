// SPDX-License-Identifier: MIT
// The search: hits, their share of time, the way from hit to hit. `/regex/` is one over names.
// Must not look at scopes itself. Invariant: what it says is about the selection.

const search = {
  field: el('input', { type: 'search', placeholder: 'Search  /', 'aria-label': 'Search names, places and texts', spellcheck: 'false', autocomplete: 'off' }),
  output: el('output', { 'aria-live': 'polite' }),
  /** @type {Uint8Array} by site: 1 name, 2 text of an instance */
  sites: new Uint8Array(0),
  /** @type {any} */
  answer: null,
};

function buildSearch() {
  search.field.addEventListener('input', settled(60, () => setState({ query: search.field.value })));
  search.field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      nextHit(event.shiftKey ? -1 : 1);
    }
  });
  const step = (/** @type {string} */ text, /** @type {string} */ label, /** @type {number} */ direction) => (
    el('button', { text, title: label, 'aria-label': label, onclick: () => nextHit(direction) }));
  return el('div', { class: 'find', role: 'search' }, search.field, step('‹', 'Previous hit (N)', -1), step('›', 'Next hit (n)', 1), search.output);
}

/** A regular expression over names and places as flags by site; null: it is not one. @param {string} query */
function sitesOfPattern(query) {
  const match = /^\/(.+)\/(i?)$/.exec(query);
  if (!match) return null;
  const pattern = new RegExp(match[1], match[2]);
  return Uint8Array.from(log.sites, (site) => (pattern.test(site.name) || pattern.test(site.location) ? 1 : 0));
}

const renewSearch = settled(30, async () => {
  let request;
  try {
    const sites = sitesOfPattern(state.query);
    request = sites ? { sites } : { text: state.query };
  } catch (error) {
    search.output.textContent = 'not a regular expression';
    return;
  }
  search.answer = await tryAsk('search', request);
  search.sites = state.query ? await tryAsk('searchSites') || new Uint8Array(0) : new Uint8Array(0);
  showSearch();
  askImage();
  askMinimap();
  emit('numbers');
});

function showSearch() {
  const found = search.answer;
  if (!state.query || !found) {
    search.output.textContent = '';
    return;
  }
  const share = found.selectedNs > 0 ? `, ${formatShare(found.coveredNs / found.selectedNs)} of time` : '';
  const marks = found.marks ? `, ${plural(found.marks, 'mark')}` : '';
  search.output.textContent = found.scopes || found.marks ? `${plural(found.scopes, 'hit')}${marks}${share}` : 'no hits';
}

on('state', (changed) => {
  if (!changed.has('query')) return;
  if (search.field.value !== state.query) search.field.value = state.query;
  renewSearch();
});
on('numbers', () => { if (state.query && log.version !== searchedVersion) { searchedVersion = log.version; renewSearch(); } });
let searchedVersion = -1;

/** @param {number} direction 1: later, -1: earlier */
async function nextHit(direction) {
  if (!state.query) {
    search.field.focus();
    return;
  }
  const from = selectedScope ? { at: selectedScope.startNs, row: selectedScope.row, index: selectedScope.index } : { at: state.window.from };
  let scope = await tryAsk('searchNext', { ...from, direction });
  if (!scope) {
    const { from: first, to: last } = logSpan();
    scope = await tryAsk('searchNext', { at: direction > 0 ? first : last, direction });
    if (!scope) return;
    announce('Started over.');
  }
  takeScope(scope);
  const { from: left, to: right } = state.window;
  const span = right - left;
  if (scope.startNs < left || scope.endNs > right || scope.durationNs < span / 500) {
    const wide = Math.max(Math.min(span, scope.durationNs * 40), scope.durationNs * 1.4);
    const middle = (scope.startNs + scope.endNs) / 2;
    lookAt({ from: middle - wide / 2, to: middle + wide / 2 }, true);
  }
  scrollToTrack(scope.track, scope.depth);
}

/** Bring a row into sight; a lane that is folded, or not shown as deep, opens for it. @param {number} track @param {number} depth */
function scrollToTrack(track, depth) {
  const find = () => timeline.strips.find((s) => s.lane?.tracks.includes(track));
  let strip = find();
  if (strip?.lane && (strip.kind === 'thin' || depth >= laneRows(strip.lane))) {
    folds.choice.set(strip.key, true);
    if (depth >= DEPTH_SHOWN) folds.choice.set(`deep ${strip.key}`, true);
    relayout();
    strip = find();
  }
  if (!strip) return;
  const y = strip.y + depth * ROW_HEIGHT;
  const { scrollTop, clientHeight } = timeline.scroller;
  if (y < scrollTop || y + ROW_HEIGHT > scrollTop + clientHeight) timeline.scroller.scrollTop = Math.max(0, y - clientHeight / 3);
}
