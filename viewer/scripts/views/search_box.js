// SPDX-License-Identifier: MIT
// The search field, the number of matches, and the buttons to the next match and the one before.

const searchBox = {
  field: el('input', { type: 'search', placeholder: 'Search  /', 'aria-label': 'Search names, places and texts', spellcheck: 'false', autocomplete: 'off' }),
  output: el('output', { 'aria-live': 'polite' }),
  groups: el('div', { class: 'groups', role: 'region', 'aria-label': 'Matches by kind', hidden: true }),
};

function buildSearchBox() {
  searchBox.field.addEventListener('input', settled(60, () => setState({ query: searchBox.field.value })));
  searchBox.field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      findNext(event.shiftKey ? -1 : 1);
    }
  });
  const step = (/** @type {string} */ text, /** @type {string} */ label, /** @type {number} */ direction) => (
    el('button', { text, title: label, 'aria-label': label, onclick: () => findNext(direction) }));
  return el('div', { class: 'find', role: 'search' }, searchBox.field, step('‹', 'Previous hit (N)', -1), step('›', 'Next hit (n)', 1), searchBox.output, searchBox.groups);
}

/** What matches, by kind, each with its number and the way to it. @returns {[string, number, [string, () => void][]][]} */
function matchGroups() {
  const { byName = 0, texts = 0, endTexts = 0, marks = 0 } = search.answer || {};
  const matches = textMatcher();
  const names = numbers.table.filter(({ site }) => search.sites[site] & 1);
  const tracks = log.tracks.flatMap(({ name, depth }, i) => (depth && matches(name) ? [i] : []));
  const own = (/** @type {string} */ kind) => log.beside.filter((one) => one.kind === kind && matches(one.name));
  /** @type {(all: {key: string, name: string}[]) => [string, () => void][]} */
  const strips = (all) => all.map(({ key, name }) => [name, () => { setState({ view: 'timeline' }); emit('reveal', { key }); }]);
  const [locks, counters] = [own('lock'), own('counter')];
  const next = (/** @type {number} */ count) => /** @type {[string, () => void][]} */ (count ? [['Next', () => { nextHit(1); }]] : []);
  return [
    ['Names', names.length, names.map(({ site, count }) => [`${siteName(site)} (${formatCount(count)})`, () => setState({ name: site, scope: null })])],
    ['Scopes by name', byName, next(byName)], ['Texts', texts, next(texts)], ['End texts', endTexts, next(endTexts)],
    ['Threads', tracks.length, tracks.map((track) => [trackName(track), () => setState({ tracks: [track] })])],
    ['Locks', locks.length, strips(locks)], ['Counters', counters.length, strips(counters)], ['Marks', marks, marks ? [['List', () => setState({ view: 'marks' })]] : []],
  ];
}

/** So many matches of a kind are listed. */
const MATCHES_SHOWN = 5;

function showGroups() {
  const groups = state.query && !search.problem ? matchGroups().filter(([, count]) => count) : [];
  searchBox.groups.hidden = !groups.length;
  refill(searchBox.groups, ...groups.map(([name, count, items]) => el('div', {}, el('b', {}, `${name} `, el('span', { class: 'number quiet', text: formatCount(count) })),
    ...items.slice(0, MATCHES_SHOWN).map(([text, onclick]) => el('button', { text, title: text, onclick })), items.length > MATCHES_SHOWN ? el('span', { class: 'quiet', text: `and ${formatCount(items.length - MATCHES_SHOWN)} more` }) : null)));
}

function showSearch() {
  const found = search.answer;
  showGroups();
  if (search.problem) {
    searchBox.output.textContent = search.problem;
    return;
  }
  if (!state.query || !found) {
    searchBox.output.textContent = '';
    return;
  }
  const share = found.selectedNs > 0 ? `, ${formatShare(found.coveredNs / found.selectedNs)} of time` : '';
  const marks = found.marks ? `, ${plural(found.marks, 'mark')}` : '';
  searchBox.output.textContent = found.scopes || found.marks ? `${plural(found.scopes, 'hit')}${marks}${share}` : 'no hits';
}

/** Go to the next hit; without a search, to the next failure, or to the field. @param {number} direction */
function findNext(direction) {
  if (state.query) nextHit(direction);
  else if (log.stats?.failed) nextFailure(direction);
  else searchBox.field.focus();
}

on('search', showSearch);
on('state', (changed) => {
  if (changed.has('query') && searchBox.field.value !== state.query) searchBox.field.value = state.query;
});
