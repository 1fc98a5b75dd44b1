// SPDX-License-Identifier: MIT
// The search field, the number of matches, and the buttons to the next match and the one before.

const searchBox = {
  field: el('input', { type: 'search', placeholder: 'Search  /', 'aria-label': 'Search names, places and texts', spellcheck: 'false', autocomplete: 'off' }),
  output: el('output', { 'aria-live': 'polite' }),
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
  return el('div', { class: 'find', role: 'search' }, searchBox.field, step('‹', 'Previous hit (N)', -1), step('›', 'Next hit (n)', 1), searchBox.output);
}

function showSearch() {
  const found = search.answer;
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
