// SPDX-License-Identifier: MIT
// What floats above the page: notices, dialogs, the tooltip, menus. One notice is on the screen at a time; the header's list of
// problems keeps the last ones.

/** @type {{text: string, bad: boolean}[]} */
const notices = [];

/** Say that something went wrong, and what can be done. @param {string} text */
function complain(text) {
  showNotice(text, true);
}

/** What an exception says. @param {unknown} error */
function reasonOf(error) {
  return error instanceof Error ? error.message : String(error);
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

/** A dialog with a title, a body and a button that closes it. @param {string} title @param {...(Node|string)} body */
function showDialog(title, ...body) {
  const heading = el('h2', { id: 'dialog-title', text: title });
  const close = el('button', { class: 'plain', text: 'Close', onclick: () => dialog.close() });
  const dialog = el('dialog', { 'aria-labelledby': 'dialog-title', onclose: () => dialog.remove() },
    el('div', {}, heading, ...body, el('p', {}, close)));
  byId('overlays').append(dialog);
  dialog.showModal();
  close.focus({ preventScroll: true });
  dialog.scrollTop = 0;
  return dialog;
}

/** @type {HTMLElement|null} */
let tipBox = null;

/** Show lines beside the pointer. @param {number} x @param {number} y @param {string} title @param {string[]} facts @param {string} [note] */
function showTip(x, y, title, facts, note) {
  if (!tipBox) {
    tipBox = el('div', { class: 'tip', role: 'tooltip' });
    byId('overlays').append(tipBox);
  }
  refill(tipBox, el('b', { text: title }), el('div', { class: 'facts number' }, ...facts.map((fact) => el('span', { text: fact }))),
    note ? el('div', { class: 'quiet', text: note }) : null);
  tipBox.hidden = false;
  const box = tipBox.getBoundingClientRect();
  tipBox.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - box.width - 8))}px`;
  tipBox.style.top = `${y + 18 + box.height > innerHeight - 4 ? y - box.height - 10 : y + 18}px`;
}

function hideTip() {
  if (tipBox) tipBox.hidden = true;
}

/** @param {string} text */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    showNotice('Copied.');
  } catch {
    showDialog('Copy', el('textarea', { rows: 12, cols: 70, readonly: true, 'aria-label': 'Text to copy' }, text));
  }
}

/** A menu under a button that closes when it loses the focus. @param {HTMLElement} anchor @param {string} label @param {[string, () => void][]} items */
function showMenu(anchor, label, items) {
  document.querySelector('.menu')?.remove();
  const box = anchor.getBoundingClientRect();
  const menu = el('div', { class: 'menu', role: 'menu', 'aria-label': label, 'data-own-keys': 'arrows' });
  const close = () => anchor.focus();
  for (const [text, run] of items) menu.append(el('button', { role: 'menuitem', text, onclick: () => { close(); run(); } }));
  menu.addEventListener('keydown', (key) => {
    const buttons = [...menu.querySelectorAll('button')];
    const at = buttons.indexOf(/** @type {any} */ (document.activeElement));
    const by = key.key === 'ArrowDown' ? 1 : key.key === 'ArrowUp' ? -1 : 0;
    if (by) buttons[(at + by + buttons.length) % buttons.length].focus();
    if (key.key === 'Escape') close();
    if (by || key.key === 'Escape') {
      key.preventDefault();
      key.stopPropagation();
    }
  });
  menu.addEventListener('focusout', (out) => { if (!menu.contains(/** @type {Node|null} */ (out.relatedTarget))) setTimeout(() => menu.remove()); });
  byId('overlays').append(menu);
  menu.style.top = `${box.bottom + 4}px`;
  menu.style.left = `${Math.min(box.left, innerWidth - menu.offsetWidth - 8)}px`;
  menu.querySelector('button')?.focus();
}
