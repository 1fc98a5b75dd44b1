// SPDX-License-Identifier: MIT
// The beginning: the parts of the page, what the keys do, and where the log comes from.
// Must not do a part's work. Invariant: nothing is fetched but from where the reader pointed.

const viewRoots = {
  timeline: buildTimeline(), flame: buildFlame(), sandwich: buildSandwich(), table: buildTable(), histogram: buildHistogram(), marks: buildMarks(),
};

function showView() {
  const root = /** @type {any} */ (viewRoots)[state.view];
  const main = byId('main');
  if (main.firstElementChild === root) return;
  main.firstElementChild?.removeAttribute('id');
  hideTip();
  refill(main, root);
  root.id = 'panel';
  root.setAttribute('role', 'tabpanel');
  root.setAttribute('aria-labelledby', `tab-${state.view}`);
  for (const renew of [relayout, sortRows, drawTable, drawMarkList]) renew();
}

on('state', (changed) => {
  if (changed.has('view') && log.stats) showView();
  if (changed.has('window')) {
    drawTimeline();
    drawMinimap();
    askImage();
  }
  if (changed.has('range') || changed.has('tracks') || changed.has('scope')) {
    drawTimeline();
    drawMinimap();
    drawGutter();
  }
  if (changed.has('name')) drawTimeline();
});

on('log', () => {
  if (log.stats.records && byId('main').firstElementChild !== /** @type {any} */ (viewRoots)[state.view]) showView();
  relayout();
  askMinimap();
});

function showWelcome() {
  document.body.classList.add('empty-page');
  refill(byId('main'), el('div', { class: 'welcome' }, el('div', {},
    el('h2', { text: 'Open a log' }),
    el('p', { text: 'Drop it here, paste it, or choose it. Nothing leaves this computer: the page reads it by itself.' }),
    el('p', {}, el('button', { class: 'main-action', text: 'Choose a file', onclick: () => pickFile() })),
    el('p', { text: KINDS_TEXT }),
    el('p', { text: 'Or watch a program while it runs:' }),
    el('pre', { tabindex: '0' }, 'WICK_SERVE=127.0.0.1:0 ./program     # prints a link\nwick run --live -- ./program\nwick view program.ctxt'))));
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
  addKey('F', ['f', 'F'], 'zoom to the selection', zoomToSelection);
  addKey('R', ['r', 'R'], 'select the window as time range', () => setState({ range: { ...state.window } }));
  addKey('/', ['/'], 'search', () => search.field.focus());
  addKey('n or N', ['n', 'N'], 'next or previous hit', (event) => nextHit(event.key === 'n' ? 1 : -1));
  addKey('T', ['t', 'T'], 'scopes by keyboard', () => { setState({ view: 'timeline' }); treeProxy.root.focus(); });
  VIEWS.forEach((view, i) => addKey(String(i + 1), [String(i + 1)], `${/** @type {any} */ (VIEW_NAMES)[view].toLowerCase()}`, () => setState({ view })));
  addKey('L or End', ['l', 'L', 'End'], 'follow now', () => toggleFollow());
  addKey('Space', [' '], 'freeze the view', () => toggleFreeze());
  addKey('P', ['p', 'P'], 'read dropped detail', () => readPast());
  addKey('M', ['m', 'M'], 'bookmark the time at the pointer', () => addBookmark());
  addKey('O', ['o', 'O'], 'open a log', () => pickFile());
  addKey('Esc', ['Escape'], 'back: search, scope, selection', goBack);
  addKey('?', ['?'], 'this help', () => showHelp());
}

function zoomToSelection() {
  if (state.scope) zoomToScope();
  else if (state.range) showRange(state.range.from, state.range.to);
  else fitWindow();
}

function goBack() {
  if (document.activeElement === search.field) search.field.blur();
  if (state.query) setState({ query: '' });
  else if (state.scope) setState({ scope: null });
  else if (state.range || state.tracks || state.inside >= 0) clearSelection();
  else if (state.name >= 0) setState({ name: -1 });
}

function schemeChanged() {
  tokens.clear();
  hatches.clear();
  if (!log.stats) return;
  paintPalette();
  relayout();
  drawMinimap();
  setState({ query: state.query });
  emit('numbers');
}

async function main() {
  document.body.dataset.log = 'none';
  buildHeader();
  buildMinimap();
  buildInspector();
  buildTreeProxy();
  buildFiles();
  listenToTimeline();
  addKeys();
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)', '(prefers-contrast: more)']) matchMedia(query).addEventListener('change', schemeChanged);
  showHeader();
  showWelcome();
  urlWindow = rangeOfText(new URLSearchParams(location.hash.slice(1)).get('window'));
  if (urlWindow) setState({ window: urlWindow });
  try {
    await startEngine();
  } catch (error) {
    complain(`This browser cannot run the page's engine: ${error instanceof Error ? error.message : error}`);
    return;
  }
  if (await openEmbedded()) return;
  const source = liveSource();
  if (source) connectLive(source.base, source.token);
}

main();
