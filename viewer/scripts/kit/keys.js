// SPDX-License-Identifier: MIT
// The keyboard: a table of keys that the listener and the help share. Keys do not act while the reader types in a field.

/**
 * @typedef {object} Key
 * @property {string[]} keys   values of KeyboardEvent.key
 * @property {string} shown    as the help writes them
 * @property {string} what
 * @property {(event: KeyboardEvent) => void} run
 */

/** @type {Key[]} */
const keyTable = [];

/** @param {string} shown @param {string[]} keys @param {string} what @param {(event: KeyboardEvent) => void} run */
function addKey(shown, keys, what, run) {
  keyTable.push({ shown, keys, what, run });
}

/** @param {EventTarget|null} target */
function isField(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select'));
}

/** Keys that a focused control needs for itself. @param {KeyboardEvent} event */
function controlWants(event) {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[data-own-keys]')) return /^(Arrow|Home|End|Page|Enter| |F10)/.test(event.key);
  return target.closest('button, a, input, summary, [role=tab]') !== null && /^(Enter| )$/.test(event.key);
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (document.querySelector('dialog[open]') && event.key !== '?') return;
  if (isField(event.target) && event.key !== 'Escape') return;
  if (controlWants(event)) return;
  const key = keyTable.find((entry) => entry.keys.includes(event.key));
  if (!key) return;
  event.preventDefault();
  key.run(event);
});

/** The help: every key of the table, and what the mouse does. */
function showHelp() {
  const open = document.querySelector('dialog[open]');
  if (open instanceof HTMLDialogElement) {
    open.close();
    return;
  }
  const mouse = [
    ['drag', 'pan'], ['wheel', 'zoom at the cursor'], ['shift + wheel', 'scroll the tracks'],
    ['shift + drag', 'select a time range'], ['drag in the ruler', 'select a time range'], ['click', 'select a scope'],
    ['double click', 'zoom to what is under it'], ['pinch', 'zoom'], ['click in the overview', 'look there'],
  ];
  const rows = [...keyTable.map((key) => [key.shown, key.what]), ...mouse];
  const list = el('dl', { class: 'keys' }, ...rows.map(([shown, what]) => (
    el('div', {}, el('dt', {}, ...shown.split(' ').map((part) => (
      /^(or|\+|drag|click|wheel|double|in|the|ruler|overview|pinch)$/.test(part) ? ` ${part} ` : el('kbd', { text: part })))),
    el('dd', { text: what })))));
  showDialog('Keys and mouse', list);
}
