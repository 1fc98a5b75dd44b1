// SPDX-License-Identifier: MIT
// The ruler: times in one unit, and the wall clock at its left.

const RULER_HEIGHT = 22;

/** @returns {{step: number, first: number}} */
function rulerSteps() {
  const { from, to } = state.window;
  const step = niceStep((to - from) / Math.max(2, axisWidth() / 120));
  return { step, first: Math.ceil(from / step) * step };
}

/** @param {CanvasRenderingContext2D} context @param {number} ratio @param {number} height */
function drawRulerLines(context, ratio, height) {
  const { step, first } = rulerSteps();
  context.fillStyle = token('--line');
  for (let i = 0, ns = first; ns <= state.window.to && i < 200; i++, ns = first + i * step) {
    context.fillRect(Math.round(xOf(ns) * ratio), 0, 1, height);
  }
}

/** A time at the ruler's precision. @param {number} ns @param {number} step */
function rulerText(ns, step) {
  if (ns === 0) return '0';
  const unit = timeUnit(Math.max(Math.abs(state.window.to), step));
  const decimals = Math.max(0, Math.min(9, Math.round(Math.log10(unit.ns)) - Math.floor(Math.log10(step) + 1e-9)));
  return `${fixed(ns / unit.ns, decimals)}${NARROW_SPACE}${unit.name}`;
}

function drawRuler() {
  const { context, ratio } = clearCanvas(timeline.ruler);
  const gutter = timeline.canvas.getBoundingClientRect().left - timeline.ruler.getBoundingClientRect().left;
  const { step, first } = rulerSteps();
  context.fillStyle = token('--quiet');
  const clock = formatClock(log.origin, state.window.from, step);
  context.fillText(fitted(context, clock, gutter - 14), 12, RULER_HEIGHT / 2);
  context.save();
  context.beginPath();
  context.rect(gutter, 0, axisWidth(), RULER_HEIGHT);
  context.clip();
  for (let i = 0, ns = first; ns <= state.window.to && i < 200; i++, ns = first + i * step) {
    const x = gutter + xOf(ns);
    context.fillStyle = token('--line');
    context.fillRect(x, 0, 1 / ratio, RULER_HEIGHT);
    context.fillStyle = token('--quiet');
    context.fillText(rulerText(ns, step), x + 5, RULER_HEIGHT / 2);
  }
  drawRangeLabel(context, gutter);
  context.restore();
}

/** How long the selected range is, in the ruler. @param {CanvasRenderingContext2D} context @param {number} gutter */
function drawRangeLabel(context, gutter) {
  if (!state.range) return;
  const from = gutter + xOf(state.range.from);
  const to = gutter + xOf(state.range.to);
  context.fillStyle = token('--accent-soft');
  context.fillRect(from, 2, to - from, RULER_HEIGHT - 4);
  const text = formatTime(state.range.to - state.range.from);
  const room = widthOf(context, text);
  context.fillStyle = token('--accent');
  const x = Math.max(gutter + 4, Math.min((from + to - room) / 2, gutter + axisWidth() - room - 4));
  if (to - from > room) context.fillText(text, x, RULER_HEIGHT / 2);
}
