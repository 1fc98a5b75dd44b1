// SPDX-License-Identifier: MIT
// Marks of the log and bookmarks of the reader in one list by time.

const marksView = {
  root: el('div', { class: 'view column' }),
  text: el('span', { class: 'quiet' }),
  grid: new SortedTable('Marks and bookmarks', [
    { key: 'time', title: 'Time s', moment: true, value: (mark) => mark.at },
    { key: 'clock', title: 'Clock', value: (mark) => mark.at, show: (mark) => formatClock(log.origin, mark.at, 1000), shown: true },
    { key: 'mark', title: 'Mark', text: true, value: (mark) => mark.text },
    { key: 'thread', title: 'Thread', text: true, value: (mark) => (mark.track < 0 ? '' : trackName(mark.track)) },
  ], 'time'),
  /** @type {{at: number, text: string, track: number}[]} by time */
  list: [],
};
const MARKS_MOST = 100000;

function buildMarks() {
  const { grid, root, text } = marksView;
  const step = (/** @type {string} */ label, /** @type {() => void} */ go) => el('button', { class: 'plain', text: label, onclick: go });
  grid.descending = false;
  grid.choose = (mark) => { goToMark(mark); setState({ view: 'timeline' }); };
  grid.body.addEventListener('keydown', ({ key }) => { if (key === 'Delete' && grid.rows[grid.at]?.track < 0) removeBookmark(grid.rows[grid.at].at); });
  root.append(
    el('div', { class: 'controls' }, step('First', () => goToMark(marksView.list[0])), step('Previous', () => stepMark(-1)), step('Next', () => stepMark(1)),
      step('Last', () => goToMark(marksView.list[marksView.list.length - 1])), step('Bookmark the middle (M)', () => addBookmark()), text), grid.root);
  return root;
}

const askForMarks = newest('list', (list) => {
  const own = bookmarks.map((at) => ({ at, text: 'bookmark', track: -1 }));
  const theirs = list.map((/** @type {any} */ mark) => ({ at: mark.fromNs, text: markName(mark), track: mark.track, site: mark.site }));
  const matches = (/** @type {any} */ mark) => (!state.tracks || mark.track < 0 || state.tracks.includes(mark.track))
    && (!state.query || mark.text.toLowerCase().includes(state.query.toLowerCase()));
  marksView.list = [...own, ...theirs].filter(matches).sort((a, b) => a.at - b.at);
  const all = log.stats ? log.stats.marks : 0;
  marksView.text.textContent = `${plural(marksView.list.length, 'mark')} shown${all > MARKS_MOST ? `, of ${formatCount(all)}` : ''}`;
  marksView.grid.show(marksView.list);
});

function renewMarks() {
  if (!log.stats) return;
  const range = state.range || { from: -Infinity, to: Infinity };
  askForMarks({ list: 0, from: range.from, to: range.to, most: MARKS_MOST });
}

/** @param {{at: number, text: string}|undefined} mark */
function goToMark(mark) {
  if (!mark) return;
  lookAround(mark.at, state.window.to - state.window.from, true);
  announce(`${mark.text}, ${formatExact(mark.at)}`);
}

/** @param {number} by */
function stepMark(by) {
  const middle = windowMiddle();
  const near = (state.window.to - state.window.from) / 1e6;
  const { list } = marksView;
  goToMark(by > 0 ? list.find(({ at }) => at > middle + near) : [...list].reverse().find(({ at }) => at < middle - near));
}

on('numbers', renewMarks);
on('state', (changed) => { if (changed.has('view') || changed.has('query')) renewMarks(); });
on('bookmarks', renewMarks);
