// SPDX-License-Identifier: MIT
// What the page has to say: errors and what was dropped, in one line each, until it is closed.
// Must not hide anything: the last notices stay readable in the log's own panel. Invariant: one notice at a time on screen.
'use strict';

/** @type {{text: string, bad: boolean}[]} */
const notices = [];

/** Say that something went wrong, and what can be done. @param {string} text */
function complain(text) {
  showNotice(text, true);
}

/** @param {string} text @param {boolean} [bad] */
function showNotice(text, bad = false) {
  notices.push({ text, bad });
  if (notices.length > 50) notices.shift();
  document.querySelector('.notice')?.remove();
  const close = el('button', { text: 'Dismiss', onclick: () => box.remove() });
  const box = el('div', { class: bad ? 'notice bad' : 'notice', role: bad ? 'alert' : 'status' }, el('span', { text }), close);
  byId('overlays').append(box);
  if (!bad) setTimeout(() => box.remove(), 6000);
}
