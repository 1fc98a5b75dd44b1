// SPDX-License-Identifier: MIT
// Marks, losses and dropped detail on the timeline.

/** @param {CanvasRenderingContext2D} context @param {number} ratio @param {number} y */
function drawMarks(context, ratio, y) {
  const marks = timeline.picture?.marks || [];
  labelStyle(context, ratio);
  const middle = y + BUTTON_HEIGHT / 2;
  marks.forEach((/** @type {any} */ mark, /** @type {number} */ i) => {
    const x = xOf(mark.fromNs);
    const next = marks[i + 1] ? xOf(marks[i + 1].fromNs) : axisWidth();
    context.fillStyle = token('--flame');
    context.beginPath();
    context.moveTo(x, middle - 4);
    context.lineTo(x + 4, middle);
    context.lineTo(x, middle + 4);
    context.lineTo(x - 4, middle);
    context.fill();
    const text = next - x > 34 ? fitted(context, mark.text || siteName(mark.site), Math.min(next - x - 14, 260)) : '';
    context.fillStyle = token('--text');
    if (text) context.fillText(text, x + 8, middle + 0.5);
  });
  context.setTransform(1, 0, 0, 1, 0, 0);
}

/** Hatch the times in which a thread lost events, and say how many. @param {CanvasRenderingContext2D} context @param {number} top */
function drawLosses(context, top) {
  for (const loss of timeline.picture?.losses || []) {
    for (const strip of visibleStrips()) {
      if (!strip.lane?.tracks.includes(loss.track)) continue;
      const from = xOf(loss.fromNs);
      const width = Math.max(3, xOf(loss.toNs) - from);
      context.fillStyle = hatchOf(context, token('--bad'));
      context.fillRect(from, strip.y - top, width, strip.height - 1);
      const text = `${formatCount(loss.number)} lost`;
      if (width > 60) {
        context.fillStyle = token('--bad');
        context.fillText(text, from + 4, strip.y - top + strip.height / 2);
      }
    }
  }
}

/** Hatch the time whose detail was dropped. @param {CanvasRenderingContext2D} context @param {number} bottom */
function drawDropped(context, bottom) {
  const x = xOf(droppedUntil());
  if (x <= 0) return;
  context.globalAlpha = 0.35;
  context.fillStyle = hatchOf(context, token('--line-strong'));
  context.fillRect(0, 0, x, bottom);
  context.globalAlpha = 1;
  if (x > 230) {
    context.fillStyle = token('--quiet');
    context.fillText('detail was dropped: click for it (P)', Math.max(8, x - 220), bottom - 12);
  }
}
