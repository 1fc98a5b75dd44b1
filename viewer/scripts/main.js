// SPDX-License-Identifier: MIT
// Start: puts the parts together, says what keys and menus do, and finds the log: in a report, or from a running program.

/**
 * Each view's element, what it adds to its canvases when it is saved as a picture, and its table; without one it is saved with that of names.
 * @type {Record<string, {root: HTMLElement, svg?: () => string[], png?: (context: CanvasRenderingContext2D, ratio: number) => void, grid?: SortedTable}>}
 */
const views = {
  timeline: { root: buildTimeline(), svg: svgOfTimeline, png: drawGutterNames },
  flame: { root: buildFlame(), svg: () => flameView.graph.svg() },
  sandwich: { root: buildSandwich(), svg: () => [...sandwich.callers.svg(), ...sandwich.callees.svg()] },
  table: { root: buildTable() },
  histogram: { root: buildHistogram(), svg: svgOfHistogram, grid: histogram.grid },
  marks: { root: buildMarks(), grid: marksView.grid },
  failures: { root: buildFailures(), grid: failuresView.grid },
  locks: { root: buildLocks(), grid: locksView.grid },
  counters: { root: buildCounters(), grid: countersView.grid },
};

function viewSvg() {
  return svgOf(comparison.result ? comparisonView.graph.svg() : views[state.view].svg?.() || []);
}

function showView() {
  const { root } = views[state.view];
  const main = byId('main');
  if (main.firstElementChild === root || document.body.classList.contains('fleet')) return;
  main.firstElementChild?.removeAttribute('id');
  hideTip();
  refill(main, root);
  root.id = 'panel';
  root.setAttribute('role', 'tabpanel');
  root.setAttribute('aria-labelledby', `tab-${state.view}`);
  for (const renew of [relayout, sortRows, showFailures, showBeside]) renew();
}

on('state', (changed) => { if (changed.has('view') && log.stats) showView(); });
on('log', () => {
  if (log.stats.records) showView();
  const note = byId('left-out');
  note.hidden = !log.leftOut;
  note.textContent = log.leftOut.trimEnd();
});

/** @param {MouseEvent} event */
function showExportMenu(event) {
  showMenu(/** @type {HTMLElement} */ (event.currentTarget), 'Export', [
    ['View as PNG', () => savePng(views[state.view].png)], ['View as SVG', () => saveSvg(viewSvg)], ['Table as CSV', () => saveCsv(views[state.view].grid || table.grid)],
    ['Selection as .ctxt', saveSelection], ['Copy link to this view', copyLink],
  ]);
}

/** A page that holds a comparison shows nothing else. */
function showComparison() {
  buildComparison(flameIcon(), el('button', {
    text: 'Save', title: 'Export', 'aria-haspopup': 'menu', onclick: (/** @type {MouseEvent} */ event) => showMenu(/** @type {HTMLElement} */ (event.currentTarget), 'Export', [
      ['Graph as PNG', () => savePng(undefined)], ['Graph as SVG', () => saveSvg(viewSvg)],
      ['Table as CSV', () => saveCsv(comparisonView.grid)],
    ]),
  }));
  document.body.dataset.log = 'read';
  document.body.dataset.busy = 'no';
}

function addKeys() {
  const smooth = true;
  addKey('W', ['w', 'W', '+', '='], 'zoom in', () => zoomWindow(0.6, focusTime(), smooth));
  addKey('S', ['s', 'S', '-'], 'zoom out', () => zoomWindow(1 / 0.6, focusTime(), smooth));
  addKey('A or ←', ['a', 'A', 'ArrowLeft'], 'pan left', () => panWindow(-0.2, smooth));
  addKey('D or →', ['d', 'D', 'ArrowRight'], 'pan right', () => panWindow(0.2, smooth));
  addKey('↑', ['ArrowUp'], 'scroll up', () => { timeline.scroller.scrollTop -= 60; });
  addKey('↓', ['ArrowDown'], 'scroll down', () => { timeline.scroller.scrollTop += 60; });
  addKey('0', ['0'], 'show the whole log', fitWindow);
  addKey('Backspace', ['Backspace', 'BrowserBack'], 'back to the window before', undoMove);
  addKey('F', ['f', 'F'], 'zoom to the selection', zoomToSelection);
  addKey('R', ['r', 'R'], 'select the window as time range', () => setState({ range: { ...state.window } }));
  addKey('/', ['/'], 'search', () => searchBox.field.focus());
  addKey('n or N', ['n', 'N'], 'next or previous hit; without a search, failure', (event) => findNext(event.key === 'n' ? 1 : -1));
  addKey('T', ['t', 'T'], 'scopes by keyboard', () => { setState({ view: 'timeline' }); treeProxy.root.focus(); });
  VIEWS.forEach((view, i) => addKey(String(i + 1), [String(i + 1)], view, () => setState({ view })));
  addKey('L or End', ['l', 'L', 'End'], 'follow now', toggleFollow);
  addKey('Space', [' '], 'freeze the view', toggleFreeze);
  addKey('P', ['p', 'P'], 'read dropped detail', readPast);
  addKey('M', ['m', 'M'], 'bookmark the time at the pointer', () => addBookmark());
  addKey('O', ['o', 'O'], 'open a log', pickFile);
  addKey('Esc', ['Escape'], 'back: search, scope, selection', goBack);
  addKey('?', ['?'], 'this help', showHelp);
}

/** The browser's Back undoes moves of the window first: while there are some, an entry of the history stands before the page's. */
function addBack() {
  on('state', (changed) => {
    if (!changed.has('window') || !past.length || history.state?.back) return;
    try { history.pushState({ back: true }, ''); } catch { /* some hosts of saved pages forbid it */ }
  });
  addEventListener('popstate', () => undoMove());
}

function zoomToSelection() {
  if (state.scope) zoomToScope();
  else if (state.range) showRange(state.range.from, state.range.to);
  else fitWindow();
}

function goBack() {
  if (document.activeElement === searchBox.field) searchBox.field.blur();
  if (state.query) setState({ query: '' });
  else if (state.scope) setState({ scope: null });
  else if (state.range || state.tracks || state.inside >= 0) clearSelection();
  else if (state.name >= 0) setState({ name: -1 });
}

function schemeChanged() {
  tokens.clear();
  if (comparison.result) renewComparison();
  if (!log.stats) return;
  paintPalette();
  relayout();
  drawMinimap();
  emit('numbers');
}

async function main() {
  document.body.dataset.log = 'none';
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)', '(prefers-contrast: more)']) matchMedia(query).addEventListener('change', schemeChanged);
  if (await openComparison()) return showComparison();
  buildHeader(buildSearchBox(),
    el('button', { text: 'Open', title: 'Open a log (o)', onclick: pickFile }),
    el('button', { text: 'Save', title: 'Export', 'aria-haspopup': 'menu', onclick: showExportMenu }),
    el('button', { text: '?', title: 'Keys (?)', 'aria-label': 'Keys and mouse', onclick: showHelp }));
  buildMinimap();
  buildInspector();
  buildOpener();
  addKeys();
  addBack();
  showHeader();
  showWelcome();
  readUrlWindow();
  try {
    await startEngine();
  } catch (error) {
    complain(`This browser cannot run the page's engine: ${reasonOf(error)}`);
    return;
  }
  if (await openEmbedded()) return;
  const source = liveSource();
  if (source) connectLive(source.base, source.token);
}

main();
