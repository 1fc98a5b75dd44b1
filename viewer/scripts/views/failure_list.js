// SPDX-License-Identifier: MIT
// The scopes of the selection that have failed, beside the marks.

const failuresView = {
  root: el('div', { class: 'view column' }),
  text: el('span', { class: 'quiet' }),
  grid: new SortedTable('Failures', [
    { key: 'start', title: 'Time s', moment: true, value: (row) => row.startNs },
    { key: 'duration', title: 'Duration', time: true, value: (row) => row.durationNs },
    { key: 'name', title: 'Name', text: true, value: (row) => row.text || siteName(row.site) },
    { key: 'why', title: 'Why', text: true, value: (row) => row.message },
    { key: 'thread', title: 'Thread', text: true, value: (row) => trackName(row.track) },
    { key: 'place', title: 'Place', text: true, value: (row) => sitePlace(row.site) },
  ], 'start'),
};

function buildFailures() {
  const { grid, root, text } = failuresView;
  grid.descending = false;
  grid.isChosen = (row) => selectedScope?.row === row.row && selectedScope.index === row.index;
  grid.choose = (row) => selectScope(row.row, row.index);
  grid.enter = () => { zoomToScope(); setState({ view: 'timeline' }); };
  const step = (/** @type {string} */ label, /** @type {number} */ by) => el('button', { class: 'plain', text: label, onclick: () => nextFailure(by) });
  root.append(el('div', { class: 'controls' }, step('Previous (N)', -1), step('Next (n)', 1), text), grid.root);
  return root;
}

function showFailures() {
  const { list, total } = failures;
  failuresView.text.textContent = total > list.length ? `the ${formatCount(list.length)} longest of ${plural(total, 'failure')}` : plural(total, 'failure');
  failuresView.grid.show(list.filter((row) => !state.query || search.sites[row.site] || row.message.toLowerCase().includes(state.query.toLowerCase())));
}

on('failures', showFailures);
on('scope', () => failuresView.grid.draw());
on('numbers', () => { if (state.view === 'failures') renewFailures(); });
on('state', (changed) => {
  if (changed.has('view') && state.view === 'failures') renewFailures();
  if (changed.has('query')) showFailures();
});
