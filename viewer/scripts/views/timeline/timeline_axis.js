// SPDX-License-Identifier: MIT
// The timeline's elements and its axis: which x is which time, which strips can be seen.

/** @typedef {{from: number, nsPerPx: number, width: number, lines: number, top: number, scale: number, canvas: HTMLCanvasElement, labels: any[], flags: any[], lineOf: Map<string, number>, beside: {counters: Pixels, locks: Pixels, heat: Pixels|null}, marks: any[], losses: any[]}} Picture */
/** Numbers per pixel, of strip after strip. @typedef {{keys: string[], values: Float64Array|Float32Array}} Pixels */

const timeline = {
  /** @type {Strip[]} */
  strips: [],
  /** @type {Picture|null} */
  picture: null,
  /** @type {HTMLElement} */
  root: el('div', { class: 'view timeline' }),
  /** @type {HTMLElement} */
  scroller: el('div', { class: 'tracks', tabindex: '-1' }),
  /** holds the canvases; stays in place while the names scroll */
  stage: el('div', { class: 'stage' }),
  spacer: el('div', { class: 'spacer' }),
  gutter: el('div', { class: 'gutter', role: 'group', 'aria-label': 'Threads' }),
  canvas: el('canvas', { class: 'data', tabindex: '0', role: 'img', 'aria-label': 'Timeline' }),
  over: el('canvas', { class: 'over', 'aria-hidden': 'true' }),
  ruler: el('canvas', { class: 'ruler', 'aria-hidden': 'true' }),
};

/** Width of the time axis in CSS pixels. */
function axisWidth() {
  return Math.max(1, timeline.canvas.clientWidth);
}

/** @param {number} ns */
function xOf(ns) {
  return (ns - state.window.from) / (state.window.to - state.window.from) * axisWidth();
}

/** @param {number} x */
function nsOf(x) {
  return state.window.from + x / axisWidth() * (state.window.to - state.window.from);
}

/** Where a picture lies now, in device pixels. @param {Picture} picture @param {number} ratio */
function pictureBox(picture, ratio) {
  return { x: xOf(picture.from) * ratio, width: picture.nsPerPx * picture.width / (state.window.to - state.window.from) * axisWidth() * ratio };
}

/** The strips that can be seen. */
function visibleStrips() {
  const top = timeline.scroller.scrollTop;
  const bottom = top + timeline.scroller.clientHeight;
  return timeline.strips.filter((strip) => strip.y < bottom && strip.y + strip.height > top);
}

/** @param {number} track */
function stripOfTrack(track) {
  return timeline.strips.find((strip) => strip.lane?.tracks.includes(track));
}
