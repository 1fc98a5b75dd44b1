// SPDX-License-Identifier: MIT
// The details at the bottom: the selected scope, the selected name, or the whole log; beside them the names with most self time.

const inspector = {
  left: el('div', { class: 'facts-of' }),
  right: el('div', { class: 'names-of' }),
};

function buildInspector() {
  const grip = el('div', {
    class: 'grip', role: 'separator', tabindex: '0', 'aria-orientation': 'horizontal', 'aria-label': 'Height of the details', 'aria-valuenow': '264', 'aria-valuemin': '80', 'aria-valuemax': '600',
  });
  grip.setAttribute('data-own-keys', 'arrows');
  const resize = (/** @type {number} */ height) => {
    const fit = Math.round(Math.max(80, Math.min(innerHeight * 0.6, height)));
    document.documentElement.style.setProperty('--inspector', `${fit}px`);
    grip.setAttribute('aria-valuenow', String(fit));
  };
  grip.addEventListener('pointerdown', (event) => grip.setPointerCapture(event.pointerId));
  grip.addEventListener('pointermove', (event) => { if (event.buttons & 1) resize(innerHeight - event.clientY); });
  grip.addEventListener('keydown', (event) => {
    const by = event.key === 'ArrowUp' ? 24 : event.key === 'ArrowDown' ? -24 : 0;
    if (by) resize(byId('inspector').clientHeight + by);
  });
  byId('inspector').append(grip, el('div', { class: 'inspector' }, inspector.left, inspector.right));
}

/** @param {[string, string|null][]} rows */
function factList(rows) {
  const list = el('dl', { class: 'facts-list' });
  for (const [name, value] of rows) {
    if (value) list.append(el('dt', { text: name }), el('dd', { text: value }));
  }
  return list;
}

const drawInspector = onceAFrame(() => {
  if (!log.stats) return;
  if (selectedScope && state.scope) showScope(selectedScope);
  else if (state.name >= 0) showName(state.name);
  else showWhole();
  showNames();
});

/** @param {any} scope */
function showScope(scope) {
  const place = sitePlace(scope.site);
  const share = scope.parentNs > 0 ? `${formatShare(scope.durationNs / scope.parentNs)} of its parent` : '';
  refill(inspector.left,
    el('h2', {}, swatch(siteColour(scope.site)), siteName(scope.site)), scope.text ? el('p', { class: 'text-of', text: scope.text }) : null,
    scope.message ? el('p', { class: scope.flags & 3 ? 'bad' : 'text-of', text: scope.message }) : null,
    scopeActions(),
    factList([
      ['Duration', [formatTime(scope.durationNs), share, stateOfScope(scope)].filter(Boolean).join(' · ')], ['Self', formatTime(scope.selfNs)],
      ['CPU', scope.cpuNs >= 0 ? formatTime(scope.cpuNs) : null], ['Value', scope.hasValue ? formatValue(scope) : null],
      ['Start', `${formatExact(scope.startNs)} · ${formatClock(log.origin, scope.startNs, 1)}`], ['Thread', trackName(scope.track)],
      ['Depth', `${scope.depth + 1} · ${scope.siblingNumber} of ${scope.siblingCount} · ${plural(scope.children, 'child').replace('childs', 'children')}`],
      ['Place', place],
    ]), ...nameFacts(scope.site));
}

function scopeActions() {
  return el('p', { class: 'actions' },
    el('button', { class: 'plain', text: 'Zoom (F)', onclick: () => zoomToScope() }),
    el('button', { class: 'plain', text: 'Parent', onclick: () => stepScope('parent') }),
    el('button', { class: 'plain', text: 'Copy', title: 'Copy the stack as text', onclick: () => copyStack() }), ...nameActions());
}

function nameActions() {
  const inside = state.inside === state.name;
  return [
    el('button', { class: 'plain', text: inside ? 'Everything' : 'Only inside', title: 'Limit every number to what happens inside this name', onclick: () => setState({ inside: inside ? -1 : state.name }) }),
    el('button', { class: 'plain', text: 'Histogram', onclick: () => setState({ view: 'histogram' }) }),
    el('button', { class: 'plain', text: 'Callers', onclick: () => setState({ view: 'sandwich' }) }),
  ];
}

/** @param {number} site */
function nameFacts(site) {
  const row = numbers.bySite.get(site);
  if (!row) return [];
  return [el('h3', { text: state.range || state.tracks ? 'This name, in the selection' : 'This name' }), factList([
    ['Count', [formatCount(row.count), ...['failed', 'unfinished', 'open'].map((word) => countOf(row, word))].filter(Boolean).join(' · ')],
    ['Self', `${formatTime(row.selfNs)} · ${formatShare(row.selfNs / numbers.selfNs)}`], ['Total', formatTime(row.totalNs)],
    ['Median', formatTime(row.p50Ns)], ['p90 – p99', `${formatTime(row.p90Ns)} – ${formatTime(row.p99Ns)}`], ['Longest', formatTime(row.maxNs)],
    ['Value', row.value ? formatValue(row) : null],
  ])];
}

/** @param {number} site */
function showName(site) {
  refill(inspector.left, el('h2', {}, swatch(siteColour(site)), siteName(site)), el('p', { class: 'actions' }, ...nameActions()),
    factList([['Place', sitePlace(site)], ['Category', log.sites[site]?.category || null]]), ...nameFacts(site));
}

function showWhole() {
  const { stats } = log;
  const span = state.range || logSpan();
  refill(inspector.left, el('h2', { text: state.range ? 'Selected time' : log.title }), factList([
    ['Length', formatTime(span.to - span.from)], ['Begins', formatClock(log.origin, span.from, 1e6)],
    ['Scopes', formatCount(stats.scopes)], ['Threads', formatCount(log.tracks.length)],
    ['Failed', stats.failed ? formatCount(stats.failed) : null], ['Unfinished', stats.unfinished ? formatCount(stats.unfinished) : null],
    ['Lost', stats.lost ? `${formatCount(stats.lost)} events` : null], ['Memory', formatBytes(stats.memoryBytes)],
    ...log.properties,
  ]));
}

/** The names with most self time in the selection. */
function showNames() {
  const rows = numbers.table.slice(0, 40);
  const unit = timeUnit(rows[0]?.selfNs || 0);
  refill(inspector.right, el('h3', {}, state.range || state.tracks || state.inside >= 0 ? 'Self time in the selection' : 'Self time', el('span', { class: 'quiet', text: ` ${unit.name}` })),
    el('div', { class: 'bars' }, ...rows.map((row) => {
      const name = el('span', { class: 'label' }, swatch(siteColour(row.site)), siteName(row.site));
      const button = el('button', {
        'aria-pressed': String(row.site === state.name), title: siteName(row.site), onclick: () => setState({ name: row.site, scope: null }),
      }, name, el('span', { class: 'number', text: formatTimeIn(row.selfNs, unit) }), el('span', { class: 'number quiet', text: formatShare(row.selfNs / numbers.selfNs) }));
      const bar = shareBar(0);
      bar.style.width = `calc((100% - 195px) * ${row.selfNs / (rows[0].selfNs || 1)})`;
      button.append(bar);
      return button;
    })));
}

/** The buttons of the selected scope in a dialog, for the keyboard. */
function showScopeMenu() {
  if (!selectedScope) return;
  const dialog = showDialog(siteName(selectedScope.site), scopeActions());
  dialog.addEventListener('click', (event) => { if (event.target instanceof HTMLButtonElement) dialog.close(); });
}

/** Copy the selected scope and the scopes around it, a line each. */
async function copyStack() {
  const lines = [];
  let scope = selectedScope;
  for (let i = 0; scope && i < 1000; i++) {
    lines.push(`${scope.text || siteName(scope.site)}\t${formatTime(scope.durationNs)}\t${sitePlace(scope.site)}`);
    scope = scope.parentRow === NO_INDEX ? null : await tryAsk('scope', { row: scope.parentRow, index: scope.parentIndex });
  }
  await copyText(`${trackName(selectedScope.track)}\n${lines.reverse().join('\n')}\n`);
}

on('state', drawInspector);
on('numbers', drawInspector);
on('log', drawInspector);
on('menu', showScopeMenu);
