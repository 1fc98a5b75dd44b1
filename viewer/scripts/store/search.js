// SPDX-License-Identifier: MIT
// The search: matches within the selection, and steps from match to match. `/regex/` is a regular expression over names.

const search = {
  /** @type {Uint8Array} by site: 1 name, 2 text of an instance */
  sites: new Uint8Array(0),
  /** @type {any} */
  answer: null,
  /** why there is none */
  problem: '',
};

/** A regular expression; null: the query is a part of a text. @param {string} query */
function patternOf(query) {
  const match = /^\/(.+)\/(i?)$/.exec(query);
  return match && new RegExp(match[1], match[2]);
}

/** Whether the query matches a text. @returns {(text: string) => boolean} */
function textMatcher() {
  const pattern = patternOf(state.query);
  const part = state.query.toLowerCase();
  return (text) => (pattern ? pattern.test(text) : text.toLowerCase().includes(part));
}

/** A regular expression over names and places as flags by site; null: it is not one. @param {string} query */
function sitesOfPattern(query) {
  const pattern = patternOf(query);
  return pattern && Uint8Array.from(log.sites, (site) => (pattern.test(site.name) || pattern.test(site.location) ? 1 : 0));
}

const renewSearch = settled(30, async () => {
  try {
    const sites = sitesOfPattern(state.query);
    search.problem = '';
    search.answer = await tryAsk('search', sites ? { sites } : { text: state.query });
  } catch {
    search.problem = 'not a regular expression';
    emit('search');
    return;
  }
  search.sites = state.query ? await tryAsk('searchSites') || new Uint8Array(0) : new Uint8Array(0);
  emit('search');
  emit('numbers');
});

let searchedVersion = -1;

on('state', (changed) => { if (changed.has('query')) renewSearch(); });
on('numbers', () => { if (state.query && log.version !== searchedVersion) { searchedVersion = log.version; renewSearch(); } });

/** Select the next match. @param {number} direction 1: later, -1: earlier */
async function nextHit(direction) {
  const from = selectedScope ? { at: selectedScope.startNs, row: selectedScope.row, index: selectedScope.index } : { at: state.window.from };
  let scope = await tryAsk('searchNext', { ...from, direction });
  if (!scope) {
    const { from: first, to: last } = logSpan();
    scope = await tryAsk('searchNext', { at: direction > 0 ? first : last, direction });
    if (!scope) return;
    announce('Started over.');
  }
  showScopeOf(scope);
}

/** Select an instance and bring it into sight, large enough to be seen. @param {any} scope */
function showScopeOf(scope) {
  takeScope(scope);
  const { from: left, to: right } = state.window;
  const span = right - left;
  if (scope.startNs < left || scope.endNs > right || scope.durationNs < span / 500) {
    const wide = Math.max(Math.min(span, scope.durationNs * 40), scope.durationNs * 1.4);
    lookAround((scope.startNs + scope.endNs) / 2, wide, true);
  }
  emit('reveal', scope);
}
