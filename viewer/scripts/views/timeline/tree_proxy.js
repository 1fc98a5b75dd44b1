// SPDX-License-Identifier: MIT
// The timeline for those who do not see it: a tree of which only the focused path is in the document.
// Arrow keys go from scope to scope; each is announced. Invariant: everything that the canvas shows can be reached here.

const treeProxy = {
  root: el('div', { class: 'unseen', role: 'tree', tabindex: '0', 'aria-label': 'Scopes: arrows move, Enter zooms, Page keys change the thread', 'data-own-keys': 'arrows' }),
};

function buildTreeProxy() {
  treeProxy.root.addEventListener('focus', () => {
    timeline.root.classList.add('by-keys');
    if (!selectedScope) firstScope();
  });
  treeProxy.root.addEventListener('blur', () => timeline.root.classList.remove('by-keys'));
  treeProxy.root.addEventListener('keydown', (event) => {
    const lanes = { PageUp: -1, PageDown: 1 }[event.key];
    const step = { ArrowLeft: 'parent', ArrowRight: 'child', ArrowUp: 'previous', ArrowDown: 'next' }[event.key];
    if (event.key === 'Enter') zoomToScope();
    else if (event.key === 'F10' && event.shiftKey) emit('menu');
    else if (!lanes && !step) return;
    else if (!selectedScope) firstScope();
    else if (lanes) stepLane(lanes);
    else if (step) stepScope(step);
    event.preventDefault();
    event.stopPropagation();
  });
  timeline.root.prepend(treeProxy.root);
}

/** The scope in the middle of the window, of the first lane that has one. */
async function firstScope() {
  const middle = (state.window.from + state.window.to) / 2;
  for (const strip of timeline.strips) {
    for (const track of strip.lane?.tracks || []) {
      const at = Math.min(Math.max(middle, log.tracks[track].firstNs), log.tracks[track].lastNs);
      const scope = await tryAsk('scopeAt', { track, at }) || await tryAsk('scopeAt', { track, at: log.tracks[track].firstNs });
      if (scope) {
        takeScope(scope);
        return;
      }
    }
  }
}

/** @param {number} by */
async function stepLane(by) {
  const lanes = timeline.strips.filter((strip) => strip.lane);
  const here = lanes.findIndex((strip) => strip.lane?.tracks.includes(selectedScope.track));
  for (let i = here + by; i >= 0 && i < lanes.length; i += by) {
    for (const track of lanes[i].lane?.tracks || []) {
      const { firstNs, lastNs } = log.tracks[track];
      const scope = await tryAsk('scopeAt', { track, at: Math.min(Math.max(selectedScope.startNs, firstNs), lastNs) })
        || await tryAsk('scopeAt', { track, at: firstNs });
      if (scope) {
        takeScope(scope);
        keepInSight();
        return;
      }
    }
  }
}

/** Say what is selected, and put it and its parent into the tree. @param {any} scope */
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
