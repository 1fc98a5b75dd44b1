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

/** @param {[string, string|Node|null][]} rows */
function factList(rows) {
  const list = el('dl', { class: 'facts-list' });
  for (const [name, value] of rows) {
    if (value) list.append(el('dt', { text: name }), el('dd', {}, value));
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

/** Named sums with their units and rates. @param {{site: number, sum: number}[]} sums @param {number} ns @returns {[string, string][]} */
function sumFacts(sums, ns) {
  return sums.map(({ site, sum }) => {
    const unit = log.sites[site]?.category;
    const rate = sum / ns * 1e9;
    const per = unit === 'bytes' ? formatBytes(rate) : `${formatCount(Number(rate.toPrecision(3)))} ${unit}`;
    return [siteName(site), `${formatCount(sum)} ${unit}${/percent|seconds/.test(unit) ? '' : ` · ${per}/s`}`];
  });
}

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
      ['CPU', scope.cpuNs >= 0 ? formatTime(scope.cpuNs) : null], ['Value', scope.hasValue ? formatValue(scope) : null], ...sumFacts(scope.sums, scope.durationNs),
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
  return [el('h3', { text: selectionText() ? 'This name, in the selection' : 'This name' }), factList([
    ['Count', [formatCount(row.count), ...['failed', 'unfinished', 'open'].map((word) => countOf(row, word))].filter(Boolean).join(' · ')],
    ['Self', `${formatTime(row.selfNs)} · ${formatShare(row.selfNs / numbers.selfNs)}`], ['Total', formatTime(row.totalNs)],
    ['Median', formatTime(row.p50Ns)], ['p90 – p99 – p99.9', [row.p90Ns, row.p99Ns, row.p999Ns].map(formatTime).join(' – ')], ['Longest', formatTime(row.maxNs)],
    ['Value', row.value ? formatValue(row) : null], ...sumFacts(row.sums, row.totalNs),
  ])];
}

/** @param {number} site */
function showName(site) {
  refill(inspector.left, el('h2', {}, swatch(siteColour(site)), siteName(site)), el('p', { class: 'actions' }, ...nameActions()),
    factList([['Place', sitePlace(site)], ['Category', log.sites[site]?.category || null]]), ...nameFacts(site));
}

/** A button in a line of facts. @param {string} text @param {() => void} go */
function linkTo(text, go) {
  return el('button', { class: 'link', text, onclick: go });
}

/** Where the time went is beside it: what failed, who waited, what was lost. */
function showWhole() {
  const { stats } = log;
  const span = state.range || logSpan();
  const sum = (/** @type {'count'|'open'|'failed'|'unfinished'} */ key) => numbers.table.reduce((all, row) => all + row[key], 0);
  const [failed, unfinished] = [sum('failed'), sum('unfinished')];
  const waited = beside.locks.filter(({ waitNs }) => waitNs > 0);
  const lock = waited[0];
  const by = lock && beside.blocks.find(({ key }) => key === lock.key);
  const tracks = state.tracks || log.tracks.flatMap(({ depth }, i) => (depth ? [i] : []));
  const busiest = tracks.reduce((most, track) => (log.tracks[track].busyNs > (log.tracks[most]?.busyNs || 0) ? track : most), -1);
  refill(inspector.left, el('h2', { text: selectionText() || log.title }), factList([
    ['Length', formatTime(span.to - span.from)], ['Begins', formatClock(log.origin, span.from, 1e6)],
    ['Scopes', linkTo(formatCount(sum('count') + sum('open')), () => setState({ view: 'table' }))],
    ['Threads', [formatCount(tracks.length), busiest >= 0 && !state.range && state.inside < 0 ? `busiest ${trackName(busiest)}, ${formatShare(log.tracks[busiest].busyNs / (span.to - span.from))}` : ''].filter(Boolean).join(' · ')],
    ['Failed', failed ? linkTo(formatCount(failed), () => setState({ view: 'failures' })) : 'none'], ['Unfinished', unfinished ? formatCount(unfinished) : null],
    ['Waited', lock ? linkTo(`${formatTime(waited.reduce((all, row) => all + row.waitNs, 0))}, most for ${lock.name}: ${formatTime(lock.waitNs)}${by ? `, held by ${trackName(by.holder)}` : ''}`, () => setState({ view: 'locks' })) : null],
    ['Lost', stats.lost || stats.problems ? linkTo([stats.lost ? plural(stats.lost, 'event') : '', stats.problems ? plural(stats.problems, 'problem') : ''].filter(Boolean).join(', '), () => emit('problems')) : 'nothing'],
  ]), el('p', { class: 'actions' }, el('button', { class: 'plain', text: 'About this log', onclick: showAbout })));
}

function showAbout() {
  const { stats } = log;
  const heap = /** @type {any} */ (performance).memory?.usedJSHeapSize || 0;
  showDialog('About this log', factList([
    ['Logs', log.inputs.join(', ')], ['Begins', new Date(Number(log.origin / 1000000n)).toString()], ['Scopes', formatCount(stats.scopes)], ['Marks', formatCount(stats.marks)],
    ['Memory', `${formatBytes(stats.engineBytes + heap)} of this page, ${formatBytes(stats.memoryBytes)} of them scopes`], ...log.properties,
  ]));
}

/** The names with most self time in the selection. */
function showNames() {
  const rows = numbers.table.slice(0, 40);
  refill(inspector.right, el('h3', { text: selectionText() ? 'Self time in the selection' : 'Self time' }),
    el('div', { class: 'bars' }, ...rows.map((row) => {
      const name = el('span', { class: 'label' }, swatch(siteColour(row.site)), siteName(row.site));
      const button = el('button', {
        'aria-pressed': String(row.site === state.name), title: siteName(row.site), onclick: () => setState({ name: row.site, scope: null }),
      }, name, el('span', { class: 'number', text: formatTime(row.selfNs), title: exactTime(row.selfNs) }), el('span', { class: 'number quiet', text: formatShare(row.selfNs / numbers.selfNs) }));
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
on('beside', drawInspector);
on('menu', showScopeMenu);
