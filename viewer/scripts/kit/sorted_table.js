// SPDX-License-Identifier: MIT
// A table of any length that is sorted by a click on a column's head, walked by keys, and saved as CSV. Times have three digits and a
// unit, and their nanoseconds in the tip.

/**
 * @typedef {object} Column
 * @property {string} key
 * @property {string} title
 * @property {boolean} [time]  nanoseconds
 * @property {boolean} [moment] nanoseconds since the start, shown as seconds
 * @property {boolean} [text]
 * @property {boolean} [shown] in the table alone, not in CSV
 * @property {(row: any) => number|string} value
 * @property {(row: any) => string} [show]
 * @property {(cell: HTMLElement, row: any) => void} [decorate]
 */

/** A time of the rows. @param {string} key @param {string} [title] @returns {Column} */
function timeColumn(key, title = key) {
  return { key, title, time: true, value: (row) => (row[`${key}Ns`] >= 0 ? row[`${key}Ns`] : NaN) };
}

/** A number that is 0 in most rows. @param {string} key @param {string} title @returns {Column} */
function countColumn(key, title) {
  return { key, title, value: (row) => row[key], show: (row) => (row[key] ? formatCount(row[key]) : '') };
}

class SortedTable {
  /** @param {string} caption @param {Column[]} columns @param {string} sort by this column, the largest first */
  constructor(caption, columns, sort) {
    this.columns = columns;
    this.sort = sort;
    this.descending = true;
    /** @type {any[]} */
    this.rows = [];
    /** the row that the keyboard is at */
    this.at = 0;
    /** @type {(row: any) => boolean} */
    this.isChosen = () => false;
    /** @type {(row: any) => void} */
    this.choose = () => {};
    /** @type {(row: any) => void} */
    this.enter = () => {};
    /** of rows that are equal in the column @type {(a: any, b: any) => number} */
    this.order = () => 0;
    this.head = el('tr');
    this.body = el('tbody');
    this.table = el('table', { class: 'windowed' }, el('caption', { class: 'unseen', text: caption }), el('thead', {}, this.head), this.body);
    this.root = el('div', { class: 'scroll' }, this.table);
    this.draw = onceAFrame(() => this.paint());
    for (const column of columns) {
      const button = el('button', { onclick: () => this.sortBy(column.key), text: column.title });
      this.head.append(el('th', { scope: 'col', class: column.text ? 'text' : 'count' }, button));
    }
    this.root.addEventListener('scroll', this.draw);
    this.body.addEventListener('keydown', (event) => this.walk(event));
    new ResizeObserver(this.draw).observe(this.root);
  }

  /** @param {string} key */
  sortBy(key) {
    this.descending = this.sort === key ? !this.descending : !this.columns.find((column) => column.key === key)?.text;
    this.sort = key;
    this.show(this.rows);
  }

  /** @param {any[]} rows in any order */
  show(rows) {
    const column = this.columns.find((c) => c.key === this.sort) || this.columns[0];
    const sign = this.descending ? -1 : 1;
    this.rows = [...rows].sort((a, b) => {
      const x = column.value(a);
      const y = column.value(b);
      return sign * (typeof x === 'string' ? x.localeCompare(String(y)) : (x || 0) - (Number(y) || 0)) || this.order(a, b);
    });
    this.draw();
  }

  paint() {
    if (!this.root.isConnected) return;
    this.table.setAttribute('aria-rowcount', String(this.rows.length + 1));
    this.columns.forEach(({ key }, i) => {
      const th = /** @type {HTMLElement} */ (this.head.children[i]);
      if (key === this.sort) th.setAttribute('aria-sort', this.descending ? 'descending' : 'ascending');
      else th.removeAttribute('aria-sort');
    });
    fillRows(this.root, this.body, { total: this.rows.length, at: this.at, columns: this.columns.length, row: (i) => this.rowOf(i) });
  }

  /** @param {number} i */
  rowOf(i) {
    const row = this.rows[i];
    const line = el('tr', {
      'aria-rowindex': i + 2, tabindex: i === this.at ? 0 : -1, 'aria-selected': String(this.isChosen(row)),
      onclick: () => { this.at = i; this.choose(row); this.draw(); },
      ondblclick: () => this.enter(row),
      onfocus: () => { this.at = i; },
    });
    for (const column of this.columns) {
      const value = column.value(row);
      const text = column.show ? column.show(row) : column.time ? formatTime(Number(value)) : column.moment ? fixed(Number(value) / 1e9, 9) : String(value);
      const cell = el('td', { class: column.text ? 'text' : 'number', title: column.text ? text : column.time ? exactTime(Number(value)) : null }, text);
      column.decorate?.(cell, row);
      line.append(cell);
    }
    return line;
  }

  /** Make row `at` visible. */
  reveal() {
    const y = this.at * TABLE_ROW;
    const { scrollTop, clientHeight } = this.root;
    if (y < scrollTop) this.root.scrollTop = y;
    else if (y + 2 * TABLE_ROW + 8 > scrollTop + clientHeight) this.root.scrollTop = y + 2 * TABLE_ROW + 8 - clientHeight;
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    const page = Math.floor(this.root.clientHeight / TABLE_ROW) - 2;
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
    const row = this.rows[this.at];
    if (by === undefined) {
      if ((event.key === 'Enter' || event.key === ' ') && row) {
        event.preventDefault();
        this.choose(row);
        this.draw();
      }
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.at = Math.max(0, Math.min(this.rows.length - 1, this.at + by));
    this.reveal();
    requestAnimationFrame(() => requestAnimationFrame(() => (
      /** @type {HTMLElement|null} */ (this.body.querySelector(`[aria-rowindex="${this.at + 2}"]`))?.focus({ preventScroll: true }))));
  }

  /** All rows as CSV, times in ns; what is not known is empty. */
  csv() {
    const columns = this.columns.filter((column) => !column.shown);
    const head = columns.map((column) => (column.time || column.moment ? `${column.key}_ns` : column.key));
    return csvOf([head, ...this.rows.map((row) => columns.map((column) => {
      const value = column.value(row);
      return typeof value !== 'number' ? value : Number.isFinite(value) ? column.time || column.moment ? Math.round(value) : value : '';
    }))]);
  }
}
