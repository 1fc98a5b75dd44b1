// SPDX-License-Identifier: MIT
// The reader's own marks. They are part of the address.

/** @type {number[]} times in ns, sorted */
let bookmarks = [];

/** @param {number[]} times */
function setBookmarks(times) {
  bookmarks = times;
  emit('bookmarks');
}

/** @param {number} [at] */
function addBookmark(at = focusTime()) {
  setBookmarks([...new Set([...bookmarks, Math.round(at)])].sort((a, b) => a - b).slice(0, 100));
  announce(`Bookmark at ${formatExact(at)}`);
}

/** @param {number} at */
function removeBookmark(at) {
  setBookmarks(bookmarks.filter((mark) => mark !== at));
}
