// SPDX-License-Identifier: MIT
// Long tables: only the rows that can be seen are in the document, with empty space for the others.

const TABLE_ROW = 26;

/** The rows that can be seen, and row `at` if the focus is in the table. @param {HTMLElement} scroller @param {number} total @param {number} at */
function visibleRows(scroller, total, at) {
  let first = Math.max(0, Math.floor((scroller.scrollTop - 40) / TABLE_ROW) - 6);
  let last = Math.min(total, first + Math.ceil(scroller.clientHeight / TABLE_ROW) + 14);
  if (scroller.contains(document.activeElement) && at < total) {
    if (at === first - 1) first = at;
    if (at === last) last = at + 1;
  }
  first = Math.min(first, last);
  return { first, last };
}

/**
 * Put the rows that can be seen into a table's body, with empty space for the others. Row `at` stays if it has the focus.
 * @param {HTMLElement} scroller @param {HTMLElement} body
 * @param {{total: number, at: number, columns: number, row: (i: number) => HTMLElement}} what
 */
function fillRows(scroller, body, { total, at, columns, row }) {
  const { first, last } = visibleRows(scroller, total, at);
  const held = document.activeElement?.closest('tr');
  const had = held && body.contains(held) ? Number(held.getAttribute('aria-rowindex')) - 2 : -1;
  const space = (/** @type {number} */ rows) => {
    if (rows <= 0) return null;
    const cell = el('td', { colspan: columns });
    cell.style.height = `${rows * TABLE_ROW}px`;
    return el('tr', { class: 'space', 'aria-hidden': 'true' }, cell);
  };
  const rows = [];
  for (let i = first; i < last; i++) rows.push(row(i));
  refill(body, space(first), ...rows, space(total - last));
  if (had >= first && had < last) rows[had - first].focus({ preventScroll: true });
}

/** Rows of cells as CSV. @param {(string|number)[][]} rows */
function csvOf(rows) {
  const quote = (/** @type {string|number} */ value) => {
    // A spreadsheet would take a cell that begins like this for a formula.
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${rows.map((row) => row.map(quote).join(',')).join('\n')}\n`;
}
