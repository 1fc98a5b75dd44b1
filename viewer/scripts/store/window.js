// SPDX-License-Identifier: MIT
// The window, the times that timeline and overview show: pan, zoom, fit, with easing unless the reader wants less motion. It is
// never empty and at most a little wider than the log.

const LEAST_SPAN_NS = 5;

const pointer = {
  /** @type {number|null} time under it; null: it is not over the timeline */
  ns: null,
};

/** @param {Span} window @returns {Span} */
function clampWindow({ from, to }) {
  const whole = logSpan();
  const most = (whole.to - whole.from) * 1.2 + 1000;
  const span = Math.min(most, Math.max(LEAST_SPAN_NS, to - from));
  const middle = (from + to) / 2;
  const start = to - from === span ? from : middle - span / 2;
  const low = whole.from - span * 0.9;
  const high = whole.to - span * 0.1;
  const at = Math.min(Math.max(start, low), Math.max(low, high));
  return { from: at, to: at + span };
}

/** Whether the reader has chosen how much time is shown; until then it may grow with a program. */
let spanChosen = false;
let gliding = 0;

/** @param {Span} target @param {boolean} [smooth] */
function moveWindow(target, smooth = false) {
  cancelAnimationFrame(gliding);
  const to = clampWindow(target);
  if (!smooth || matchMedia('(prefers-reduced-motion: reduce)').matches) {
    setState({ window: to });
    return;
  }
  const from = { ...state.window };
  const begin = performance.now();
  const step = () => {
    const t = Math.min(1, (performance.now() - begin) / 160);
    const eased = 1 - (1 - t) ** 3;
    setState({ window: t === 1 ? to : { from: from.from + (to.from - from.from) * eased, to: from.to + (to.to - from.to) * eased } });
    if (t < 1) gliding = requestAnimationFrame(step);
  };
  step();
}

/** Windows that the reader has left, the last one last. @type {Span[]} */
const past = [];
let leftAt = 0;

/** Remember the window that is left; moves that follow each other quickly are one. */
function rememberWindow() {
  const now = performance.now();
  if (!leftAt || now - leftAt > 600) past.push({ ...state.window });
  if (past.length > 100) past.shift();
  leftAt = now;
}

/** Go back to the window before the last move; false: there is none. */
function undoMove() {
  const before = past.pop();
  leftAt = 0;
  if (before) moveWindow(before, true);
  return Boolean(before);
}

/** Move the window for the reader: follow mode ends. @param {Span} target @param {boolean} [smooth] */
function lookAt(target, smooth = false) {
  rememberWindow();
  spanChosen = true;
  if (state.following) setState({ following: false });
  moveWindow(target, smooth);
}

/** @param {number} factor below 1: closer @param {number} at ns that stays where it is @param {boolean} [smooth] */
function zoomWindow(factor, at, smooth = false) {
  const { from, to } = state.window;
  if (factor < 1 && to - from <= LEAST_SPAN_NS) return;
  const target = { from: at - (at - from) * factor, to: at + (to - at) * factor };
  spanChosen = true;
  if (state.following && !state.frozen) moveWindow({ from: to - (to - from) * factor, to });
  else lookAt(target, smooth);
}

/** @param {number} share of the window's width @param {boolean} [smooth] */
function panWindow(share, smooth = false) {
  const by = (state.window.to - state.window.from) * share;
  lookAt({ from: state.window.from + by, to: state.window.to + by }, smooth);
}

/** The whole log with a little room around it. */
function wholeWindow() {
  const { from, to } = logSpan();
  const margin = (to - from) * 0.015;
  return { from: from - margin, to: to + margin };
}

function fitWindow() {
  lookAt(wholeWindow(), true);
}

/** Look at a moment and what is around it. @param {number} at @param {number} span @param {boolean} [smooth] */
function lookAround(at, span, smooth = false) {
  lookAt({ from: at - span / 2, to: at + span / 2 }, smooth);
}

/** Look at a range with a little room around it. @param {number} from @param {number} to */
function showRange(from, to) {
  const margin = Math.max((to - from) * 0.1, 2);
  lookAt({ from: from - margin, to: to + margin }, true);
}

function windowMiddle() {
  return (state.window.from + state.window.to) / 2;
}

/** The time under the pointer, or the middle. */
function focusTime() {
  return pointer.ns ?? windowMiddle();
}

on('forget', () => {
  past.length = 0;
  spanChosen = false;
});
