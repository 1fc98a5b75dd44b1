// SPDX-License-Identifier: MIT
// Single instances of scopes: the selected one, steps to its neighbours, and those that are highlighted.

/** @type {any} the selected scope, as the engine tells it */
let selectedScope = null;

/** Instances that the histogram's brush chose. @type {any[]} */
let highlighted = [];

/** @param {any[]} instances */
function highlightInstances(instances) {
  highlighted = instances;
  emit('highlight');
}

/** Select an instance, and its name with it. @param {number} row @param {number} index */
async function selectScope(row, index) {
  const scope = await tryAsk('scope', { row, index });
  if (scope) takeScope(scope);
}

/** @param {any} scope */
function takeScope(scope) {
  if (scope.discarded) {
    readPast();
    return;
  }
  selectedScope = scope;
  setState({ scope: { track: scope.track, depth: scope.depth, index: scope.index }, name: scope.site });
  emit('scope', scope);
}

function zoomToScope() {
  if (selectedScope) showRange(selectedScope.startNs, selectedScope.endNs);
}

/** @param {any} scope */
function stateOfScope(scope) {
  if (scope.flags & 4) return 'still open';
  if (scope.flags & 2) return `unfinished: ${['', 'left by a jump', 'its thread ended', 'the program ended', 'forked', 'cleared', 'killed'][scope.unfinished] || ''}`;
  return scope.flags & 1 ? 'failed' : '';
}

/** Select a neighbour of the selected instance. @param {string} step parent, child, previous or next */
async function stepScope(step) {
  const scope = selectedScope;
  /** @type {Record<string, [number, number]>} */
  const places = {
    parent: [scope.parentRow, scope.parentIndex], child: [scope.firstChildRow, scope.firstChildIndex],
    previous: [scope.row, scope.previousIndex], next: [scope.row, scope.nextIndex],
  };
  const [row, index] = places[step];
  if (row === NO_INDEX || index === NO_INDEX) {
    announce({ parent: 'outermost', child: 'no children', previous: 'first', next: 'last' }[step] || '');
    return;
  }
  await selectScope(row, index);
  keepInSight();
}

/** Move the window to the selected instance if it is outside. */
function keepInSight() {
  const { from, to } = state.window;
  const span = to - from;
  if (selectedScope.endNs < from || selectedScope.startNs > to) {
    const wide = Math.max(span, selectedScope.durationNs * 1.2);
    lookAround((selectedScope.startNs + selectedScope.endNs) / 2, wide);
  }
  emit('reveal', selectedScope);
}

on('state', (changed) => { if (changed.has('scope') && !state.scope) selectedScope = null; });
on('forget', () => { highlighted = []; });
