// SPDX-License-Identifier: MIT
// The timeline for screen readers and keyboards: a tree with the selected scope, which arrow keys move from scope to scope.

const treeProxy = {
  root: el('div', { class: 'unseen', role: 'tree', tabindex: '0', 'aria-label': 'Scopes: arrows move, Enter zooms, Page keys change the thread', 'data-own-keys': 'arrows' }),
};

function buildTreeProxy() {
  treeProxy.root.addEventListener('focus', () => {
    timeline.root.classList.add('by-keys');
    if (!selectedScope) selectNear(timeline.strips, windowMiddle());
  });
  treeProxy.root.addEventListener('blur', () => timeline.root.classList.remove('by-keys'));
  treeProxy.root.addEventListener('keydown', (event) => {
    const lanes = { PageUp: -1, PageDown: 1 }[event.key];
    const step = { ArrowLeft: 'parent', ArrowRight: 'child', ArrowUp: 'previous', ArrowDown: 'next' }[event.key];
    if (event.key === 'Enter') zoomToScope();
    else if (event.key === 'F10' && event.shiftKey) emit('menu');
    else if (!lanes && !step) return;
    else if (!selectedScope) selectNear(timeline.strips, windowMiddle());
    else if (lanes) stepLane(lanes);
    else if (step) stepScope(step);
    event.preventDefault();
    event.stopPropagation();
  });
  timeline.root.prepend(treeProxy.root);
}

/** The scope of a track at a time, or its first one. @param {number} track @param {number} at */
async function scopeNear(track, at) {
  const { firstNs, lastNs } = log.tracks[track];
  return await tryAsk('scopeAt', { track, at: Math.min(Math.max(at, firstNs), lastNs) }) || tryAsk('scopeAt', { track, at: firstNs });
}

/** Select a scope near a time in the first of these strips that has one. @param {Strip[]} strips @param {number} at */
async function selectNear(strips, at) {
  for (const track of strips.flatMap((strip) => strip.lane?.tracks || [])) {
    const scope = await scopeNear(track, at);
    if (scope) {
      takeScope(scope);
      return true;
    }
  }
  return false;
}

/** @param {number} by 1: to the next lane below, -1: above */
async function stepLane(by) {
  const lanes = timeline.strips.filter((strip) => strip.lane);
  const here = lanes.findIndex((strip) => strip.lane?.tracks.includes(selectedScope.track));
  const there = by > 0 ? lanes.slice(here + 1) : lanes.slice(0, Math.max(0, here)).reverse();
  if (await selectNear(there, selectedScope.startNs)) keepInSight();
}

/** Announce the selected scope, and put it and its thread into the tree. @param {any} scope */
function announceScope(scope) {
  const share = scope.parentNs > 0 ? `, ${formatShare(scope.durationNs / scope.parentNs)} of parent` : '';
  const text = `${scope.text || siteName(scope.site)}, ${formatTime(scope.durationNs)}${share}, depth ${scope.depth + 1}, ${trackName(scope.track)}, `
    + `${scope.siblingNumber} of ${scope.siblingCount}${stateOfScope(scope) ? `, ${stateOfScope(scope)}` : ''}`;
  const item = el('div', {
    role: 'treeitem', id: 'tree-scope', 'aria-level': scope.depth + 2, 'aria-posinset': scope.siblingNumber, 'aria-setsize': scope.siblingCount,
    'aria-expanded': scope.children ? 'true' : null, 'aria-selected': 'true', 'aria-label': text,
  });
  const thread = el('div', { role: 'treeitem', 'aria-level': 1, 'aria-expanded': 'true', 'aria-selected': 'false', 'aria-label': `Thread ${trackName(scope.track)}` });
  refill(treeProxy.root, thread, item);
  treeProxy.root.setAttribute('aria-activedescendant', 'tree-scope');
  timeline.canvas.setAttribute('aria-label', `Timeline; selected: ${text}`);
  announce(text);
}

on('scope', announceScope);
