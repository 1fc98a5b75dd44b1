// SPDX-License-Identifier: MIT
// What the page shows: view, window, selection, search. It is changed by setState alone; all of it but the selected scope,
// follow mode and freeze is part of the address (url.js).

/** A time range in ns since the trace's start. @typedef {{from: number, to: number}} Span */

/**
 * @typedef {object} State
 * @property {string} view
 * @property {Span} window          what timeline and overview show
 * @property {Span|null} range      selected times; null: all
 * @property {number[]|null} tracks  selected tracks; null: all
 * @property {number} name           selected site; -1: none
 * @property {number} inside         only what happens inside scopes of this site; -1: everything
 * @property {{track: number, depth: number, index: number}|null} scope  selected instance
 * @property {string} query          what is searched for
 * @property {boolean} following     the window moves with now
 * @property {boolean} frozen        the view stands still; reading goes on
 * @property {string} form           flame graph: icicle, flame or inverted
 * @property {boolean} byThread      flame graph: a root per thread
 */

/** @type {State} */
const state = {
  view: 'timeline', window: { from: 0, to: 1 }, range: null, tracks: null, name: -1, inside: -1, scope: null, query: '',
  following: false, frozen: false, form: 'icicle', byThread: false,
};

/** Change what is shown; listeners hear which properties did change. @param {Partial<State>} changes */
function setState(changes) {
  /** @type {Set<string>} */
  const changed = new Set();
  for (const [key, value] of Object.entries(changes)) {
    const before = /** @type {any} */ (state)[key];
    if (before === value || JSON.stringify(before) === JSON.stringify(value)) continue;
    /** @type {any} */ (state)[key] = value;
    changed.add(key);
  }
  if (changed.size) emit('state', changed);
}

/** @param {Span|null} range */
function rangeText(range) {
  return range ? `${Math.round(range.from)}-${Math.round(range.to)}` : '';
}

/** @param {string|null} text @returns {Span|null} */
function rangeOfText(text) {
  const match = /^(-?\d{1,16})-(-?\d{1,16})$/.exec(text || '');
  if (!match) return null;
  const range = { from: Number(match[1]), to: Number(match[2]) };
  return range.to > range.from ? range : null;
}

const VIEWS = ['timeline', 'flame', 'sandwich', 'table', 'histogram', 'marks', 'failures', 'locks', 'counters'];
const FORMS = ['icicle', 'flame', 'inverted'];
