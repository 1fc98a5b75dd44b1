// SPDX-License-Identifier: MIT
// How the store reaches the views without knowing them: the store emits events, views subscribe. All events of the page are
// listed here. A listener runs at once, in the order of the subscriptions.

/**
 * Every event and the value that its listeners get.
 * @typedef {object} Events
 * @property {Set<string>} state       these properties of the state have changed
 * @property {void} log                more of the log has been read, or another one
 * @property {void} forget             the log has been closed: nothing of it may be drawn any more
 * @property {number|null} progress    this share of a file has been read; null: all of it
 * @property {void} selection          the engine knows the newest selection; its numbers follow
 * @property {void} numbers            the numbers of the selection, or of more data, are there
 * @property {void} search             the search has an answer
 * @property {any} scope               this instance has been selected
 * @property {any} reveal              the row of this instance, or the counter or lock of this key, is to come into sight
 * @property {void} menu               what can be done with the selected instance is to be offered
 * @property {void} highlight          other instances are highlighted
 * @property {void} beside             the rows of counters and locks are those of the newest numbers
 * @property {void} problems           what could not be read is to be told
 * @property {void} failures           the list of failures is that of the newest numbers
 * @property {void} bookmarks          a bookmark has been set or removed
 * @property {void} live               the connection to a running program has changed
 * @property {void} fleet              the server follows all runs in a Redis
 * @property {void} frame              a frame has passed while a program is watched, and the window stood still
 * @property {void} folds              the reader has opened, folded or pinned a part of the timeline
 */

/** @type {{[event: string]: ((value: any) => void)[]}} */
const listeners = {};

/** Call `listener` whenever this event is emitted. @template {keyof Events} E @param {E} event @param {(value: Events[E]) => void} listener */
function on(event, listener) {
  (listeners[event] ||= []).push(listener);
}

/** @template {keyof Events} E @param {E} event @param {Events[E]} [value] */
function emit(event, value) {
  for (const listener of listeners[event] || []) listener(value);
}
