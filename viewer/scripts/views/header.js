// SPDX-License-Identifier: MIT
// The header: title, connection, losses, selection, search, tabs, buttons.

const header = {
  title: el('h1', { text: 'wick' }),
  facts: el('span', { class: 'quiet facts' }),
  /** @type {Map<string, HTMLButtonElement>} */
  tabs: new Map(),
  live: el('div', { class: 'live', hidden: true }),
  liveText: el('span', { class: 'badge' }),
  retry: el('button', { class: 'plain', text: 'Retry', hidden: true, onclick: () => retryLive() }),
  follow: el('button', { text: 'Follow', title: 'Follow now (L)', 'aria-pressed': 'false' }),
  freeze: el('button', { text: 'Freeze', title: 'Stop the view, not the reading (space)', 'aria-pressed': 'false' }),
  selection: el('button', { class: 'badge', title: 'Clear the selection (Esc)', hidden: true, onclick: () => clearSelection() }),
  losses: el('button', { class: 'badge bad', hidden: true, onclick: () => showProblems() }),
};

/** The logo. */
function flameIcon() {
  const icon = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  icon.setAttribute('viewBox', '0 0 16 18');
  icon.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('fill', 'currentColor');
  path.setAttribute('d', 'M8 0c0 4 5 6 5 11a5 5 0 0 1-10 0c0-3 1-4 2-6 0 1 1 2 2 2C6 5 7 2 8 0z');
  icon.append(path);
  return icon;
}

/** @param {HTMLElement} find @param {...HTMLElement} actions */
function buildHeader(find, ...actions) {
  const tabs = el('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Views' });
  VIEWS.forEach((view, i) => {
    const tab = el('button', {
      role: 'tab', id: `tab-${view}`, text: view[0].toUpperCase() + view.slice(1), title: `${i + 1}`,
      onclick: () => setState({ view }),
    });
    header.tabs.set(view, tab);
    tabs.append(tab);
  });
  tabs.addEventListener('keydown', stepTabs);
  header.follow.addEventListener('click', () => toggleFollow());
  header.freeze.addEventListener('click', () => toggleFreeze());
  header.live.append(el('i', { class: 'dot' }), header.liveText, header.retry, header.follow, header.freeze);
  byId('header').append(
    el('div', { class: 'brand' }, flameIcon(), header.title, header.facts), header.live, header.losses, header.selection, el('span', { class: 'grow' }),
    find, tabs, ...actions);
}

/** Arrow keys go from tab to tab. @param {KeyboardEvent} event */
function stepTabs(event) {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (!by) return;
  event.preventDefault();
  event.stopPropagation();
  const shown = VIEWS.filter((view) => !header.tabs.get(view)?.hidden);
  const view = shown[(shown.indexOf(state.view) + by + shown.length) % shown.length];
  setState({ view });
  header.tabs.get(view)?.focus();
}

function showHeader() {
  for (const [view, tab] of header.tabs) {
    tab.setAttribute('aria-selected', String(view === state.view));
    if (view === state.view && log.stats?.records) tab.setAttribute('aria-controls', 'panel');
    else tab.removeAttribute('aria-controls');
    tab.tabIndex = view === state.view ? 0 : -1;
    tab.hidden = /^(locks|counters)$/.test(view) && view !== state.view && !log.beside.some(({ kind }) => `${kind}s` === view);
  }
  header.title.textContent = log.title || 'wick';
  document.title = log.title ? `${log.title} – wick` : 'wick';
  const stats = log.stats;
  if (stats) {
    header.facts.textContent = `${plural(stats.scopes, 'scope')} · ${plural(log.tracks.length, 'thread')} · ${formatTime(logSpan().to - logSpan().from)}`;
    const lost = stats.lost + stats.problems;
    header.losses.hidden = !lost;
    header.losses.textContent = [stats.lost ? `${formatCount(stats.lost)} lost` : '', stats.problems ? plural(stats.problems, 'problem') : ''].filter(Boolean).join(', ');
  }
  const selection = selectionText();
  header.selection.hidden = !selection;
  header.selection.textContent = `${selection}  ✕`;
  header.selection.setAttribute('aria-label', `Selected: ${selection}. Clear`);
}

function showLive() {
  header.live.hidden = live.status === 'off';
  const still = live.status === 'live' && !live.clock && !live.growing;
  header.retry.hidden = live.status !== 'waiting';
  header.live.dataset.state = isSilent() ? 'silent' : still || live.status === 'past' || live.status === 'ended' ? 'still' : live.status === 'live' ? 'live' : live.status === 'connecting' ? 'connecting' : 'lost';
  const lag = log.stats && live.status === 'live' ? (liveNow() - state.window.to) / 1e9 : 0;
  const away = state.frozen ? 'frozen' : state.following ? '' : lag > 0.05 ? `+${fixed(lag, 1)} s` : '';
  const words = { live: isSilent() ? silenceText() : still ? 'at its end' : live.clock ? 'live' : 'growing', connecting: 'connecting', waiting: live.why || 'no connection', ended: live.why || 'ended', hidden: 'paused', past: 'from the log · L: back to now' };
  header.liveText.textContent = [/** @type {any} */ (words)[live.status] || '', away].filter(Boolean).join(' · ');
  header.follow.setAttribute('aria-pressed', String(state.following));
  header.freeze.setAttribute('aria-pressed', String(state.frozen));
}

/** A dialog with what could not be read, what programs lost, and the last notices. */
async function showProblems() {
  const text = await tryAsk('problems') || '';
  const stats = log.stats;
  const lines = [];
  if (stats?.lost) lines.push(`${plural(stats.lost, 'event')} had to be refused by the program (its rings were full); the timeline hatches where.`);
  if (stats?.strayEnds) lines.push(`${plural(stats.strayEnds, 'end')} had no start.`);
  if (stats?.backwards) lines.push(`${plural(stats.backwards, 'time')} went backwards within a thread.`);
  lines.push(...text.split('\n').filter(Boolean), ...notices.filter((notice) => notice.bad).map((notice) => notice.text));
  showDialog('What was not read', el('ul', {}, ...(lines.length ? lines : ['Nothing is missing.']).map((line) => el('li', { text: line }))));
}

on('state', (changed) => {
  showHeader();
  if (changed.has('following') || changed.has('frozen')) showLive();
});
on('log', showHeader);
on('problems', showProblems);
on('live', showLive);
