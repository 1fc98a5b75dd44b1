// SPDX-License-Identifier: MIT
// The view as the fragment of the address, so that a link shows the same. Names and threads are written as text, because their
// indices differ from run to run. The token is never written.

/** @type {Span|null} what the address asked for before the log was there */
let urlWindow = null;
let urlRead = false;

const writeUrl = settled(250, () => {
  if (!urlRead) return;
  const values = new URLSearchParams();
  const set = (/** @type {string} */ key, /** @type {string} */ value) => { if (value) values.set(key, value); };
  set('view', state.view === 'timeline' ? '' : state.view);
  set('window', isLive() && state.following ? '' : rangeText(state.window));
  set('range', rangeText(state.range));
  set('threads', (state.tracks || []).map((track) => encodeURIComponent(log.tracks[track]?.name || '')).join(','));
  set('name', state.name >= 0 ? siteName(state.name) : '');
  set('inside', state.inside >= 0 ? siteName(state.inside) : '');
  set('search', state.query);
  set('form', state.form === 'icicle' ? '' : state.form);
  set('bythread', state.byThread ? '1' : '');
  set('marks', bookmarks.join(','));
  try {
    history.replaceState(history.state, '', `${location.pathname}${location.search}${values.size ? `#${values}` : ''}`);
  } catch { /* some hosts of saved pages forbid it: the link is then not kept */ }
});

/** What the address asks for before any name is known. */
function readUrlWindow() {
  urlWindow = rangeOfText(new URLSearchParams(location.hash.slice(1)).get('window'));
  if (urlWindow) setState({ window: urlWindow });
}

/** @param {string|null} name */
function siteOfName(name) {
  const site = name ? log.names.indexOf(name) : -1;
  return site < 0 && name ? log.sites.findIndex((s) => s.name === name) : site;
}

/** Take the view from the address, once, when the names are known. */
function readUrl() {
  if (urlRead) return;
  urlRead = true;
  const values = new URLSearchParams(location.hash.slice(1));
  const threads = (values.get('threads') || '').split(',').filter(Boolean).map(decodeURIComponent);
  const tracks = log.tracks.map((track, i) => (threads.includes(track.name) ? i : -1)).filter((i) => i >= 0);
  const marks = (values.get('marks') || '').split(',').filter(Boolean).map(Number).filter(Number.isFinite);
  if (marks.length) setBookmarks(marks);
  /** @type {Partial<State>} */
  const changes = {
    range: rangeOfText(values.get('range')), tracks: tracks.length ? tracks : null, name: siteOfName(values.get('name')),
    inside: siteOfName(values.get('inside')), query: values.get('search') || '', byThread: values.get('bythread') === '1',
  };
  const view = values.get('view') || '';
  if (VIEWS.includes(view)) changes.view = view;
  const form = values.get('form') || '';
  if (FORMS.includes(form)) changes.form = form;
  if (urlWindow) changes.window = urlWindow;
  urlWindow = null;
  setState(changes);
}

on('state', writeUrl);
on('bookmarks', writeUrl);
