// SPDX-License-Identifier: MIT
// Marks of the log and bookmarks of the reader in one list by time.

const marksView = {
  root: el('div', { class: 'view column' }),
  scroller: el('div', { class: 'scroll' }),
  body: el('tbody'),
  text: el('span', { class: 'quiet' }),
  /** @type {{at: number, text: string, track: number}[]} */
  list: [],
  at: 0,
};
const MARKS_MOST = 100000;

function buildMarks() {
  const head = el('tr', {}, ...['Time s', 'Clock', 'Mark', 'Thread'].map((text, i) => el('th', { scope: 'col', class: i < 2 ? 'count' : 'text', text })));
  const step = (/** @type {string} */ text, /** @type {() => void} */ go) => el('button', { class: 'plain', text, onclick: go });
  marksView.scroller.append(el('table', { class: 'windowed' }, el('caption', { class: 'unseen', text: 'Marks and bookmarks' }), el('thead', {}, head), marksView.body));
  marksView.scroller.addEventListener('scroll', drawMarkList);
  marksView.root.append(
    el('div', { class: 'controls' }, step('First', () => goToMark(0)), step('Previous', () => stepMark(-1)), step('Next', () => stepMark(1)),
      step('Last', () => goToMark(marksView.list.length - 1)), step('Bookmark the middle (M)', () => addBookmark()), marksView.text),
    marksView.scroller);
  new ResizeObserver(drawMarkList).observe(marksView.root);
  return marksView.root;
}

const askForMarks = newest('list', (list) => {
  const own = bookmarks.map((at) => ({ at, text: 'bookmark', track: -1 }));
  const theirs = list.map((/** @type {any} */ mark) => ({ at: mark.fromNs, text: mark.text || siteName(mark.site), track: mark.track, site: mark.site }));
  const matches = (/** @type {any} */ mark) => (!state.tracks || mark.track < 0 || state.tracks.includes(mark.track))
    && (!state.query || mark.text.toLowerCase().includes(state.query.toLowerCase()));
  marksView.list = [...own, ...theirs].filter(matches).sort((a, b) => a.at - b.at);
  const all = log.stats ? log.stats.marks : 0;
  marksView.text.textContent = `${plural(marksView.list.length, 'mark')} shown${all > MARKS_MOST ? `, of ${formatCount(all)}` : ''}`;
  drawMarkList();
});

function renewMarks() {
  if (!log.stats) return;
  const range = state.range || { from: -Infinity, to: Infinity };
  askForMarks({ list: 0, from: range.from, to: range.to, most: MARKS_MOST });
}

const drawMarkList = onceAFrame(() => {
  if (state.view !== 'marks') return;
  const { list, scroller, body } = marksView;
  scroller.querySelector('table')?.setAttribute('aria-rowcount', String(list.length + 1));
  fillRows(scroller, body, { total: list.length, at: 0, columns: 4, row: markRow });
});

/** @param {number} i */
function markRow(i) {
  const mark = marksView.list[i];
  const go = () => { goToMark(i); setState({ view: 'timeline' }); };
  return el('tr', {
    tabindex: 0, 'aria-rowindex': i + 2, title: 'Show on the timeline', onclick: go,
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Enter') go();
      if (event.key === 'Delete' && mark.track < 0) removeBookmark(mark.at);
    },
  },
  el('td', { class: 'number', text: fixed(mark.at / 1e9, 9) }),
  el('td', { class: 'number', text: formatClock(log.origin, mark.at, 1000) }),
  el('td', { class: 'text', text: mark.text }),
  el('td', { class: 'text', text: mark.track < 0 ? '' : trackName(mark.track) }));
}

/** @param {number} i */
function goToMark(i) {
  const mark = marksView.list[i];
  if (!mark) return;
  marksView.at = i;
  lookAround(mark.at, state.window.to - state.window.from, true);
  announce(`${mark.text}, ${formatExact(mark.at)}`);
}

/** @param {number} by */
function stepMark(by) {
  const middle = windowMiddle();
  const near = (state.window.to - state.window.from) / 1e6;
  const list = marksView.list.map((mark, i) => ({ at: mark.at, i }));
  const next = by > 0 ? list.find(({ at }) => at > middle + near) : list.reverse().find(({ at }) => at < middle - near);
  if (next) goToMark(next.i);
}

on('numbers', renewMarks);
on('state', (changed) => { if (changed.has('view') || changed.has('query')) renewMarks(); });
on('bookmarks', renewMarks);
