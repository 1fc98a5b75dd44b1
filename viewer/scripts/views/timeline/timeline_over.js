// SPDX-License-Identifier: MIT
// The canvas over the timeline: time under the pointer, selection, highlighted instances, bookmarks, now. It is drawn at every
// move of the pointer, without the rows.

const drawOver = onceAFrame(() => {
  if (state.view !== 'timeline' || !log.stats) return;
  // Hidden when it is empty: the browser would compose an empty canvas, too.
  timeline.over.hidden = !state.range && !highlighted.length && !selectedScope && !bookmarks.length && pointer.ns === null && !isLive();
  if (timeline.over.hidden) return;
  const { context } = clearCanvas(timeline.over);
  const top = timeline.scroller.scrollTop;
  const bottom = timeline.scroller.clientHeight;
  drawRange(context, bottom);
  drawHighlights(context, top);
  drawSelected(context, top);
  context.fillStyle = token('--flame');
  for (const at of bookmarks) context.fillRect(xOf(at), 0, 1.5, bottom);
  if (pointer.ns !== null) {
    context.fillStyle = token('--line-strong');
    context.fillRect(xOf(pointer.ns), 0, 1, bottom);
  }
  drawNow(context, bottom);
});

/** @param {CanvasRenderingContext2D} context @param {number} bottom */
function drawRange(context, bottom) {
  if (!state.range) return;
  const from = xOf(state.range.from);
  const to = xOf(state.range.to);
  context.fillStyle = token('--ground');
  context.globalAlpha = 0.45;
  context.fillRect(0, 0, Math.max(0, from), bottom);
  context.fillRect(to, 0, Math.max(0, axisWidth() - to), bottom);
  context.globalAlpha = 1;
  context.fillStyle = token('--accent');
  context.fillRect(from - 1, 0, 1, bottom);
  context.fillRect(to, 0, 1, bottom);
}

/** The box of a scope on the screen, or null. @param {number} track @param {number} depth @param {number} from @param {number} to @param {number} top */
function scopeBox(track, depth, from, to, top) {
  const strip = stripOfTrack(track);
  if (!strip) return null;
  const thin = strip.kind === 'thin';
  const x = Math.max(-4, xOf(from));
  const y = strip.y - top + (thin ? 0 : LANE_PADDING + depth * ROW_HEIGHT);
  return { x, y, width: Math.max(2, Math.min(xOf(to), axisWidth() + 4) - x), height: thin ? THIN_HEIGHT : ROW_HEIGHT - 1 };
}

/** @param {CanvasRenderingContext2D} context @param {number} top */
function drawHighlights(context, top) {
  context.fillStyle = token('--accent');
  for (const { track, depth, startNs, durationNs } of highlighted) {
    const box = scopeBox(track, depth, startNs, startNs + durationNs, top);
    if (box && box.x < axisWidth() && box.x + box.width > 0) context.fillRect(box.x, box.y + box.height - 3, box.width, 3);
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} top */
function drawSelected(context, top) {
  if (!selectedScope) return;
  const box = scopeBox(selectedScope.track, selectedScope.depth, selectedScope.startNs, selectedScope.endNs, top);
  if (!box) return;
  context.strokeStyle = token('--text');
  context.lineWidth = 2;
  context.strokeRect(box.x + 0.5, box.y + 0.5, Math.max(2, box.width - 1), box.height - 1);
}

/** @param {CanvasRenderingContext2D} context @param {number} bottom */
function drawNow(context, bottom) {
  if (!isLive()) return;
  const x = xOf(liveNow());
  if (isSilent()) drawSilence(context, bottom, Math.min(x, axisWidth()));
  if (x < 0 || x > axisWidth()) return;
  context.fillStyle = token('--flame');
  context.fillRect(x, 0, 2, bottom);
}

/** The time of which nothing is known yet. @param {CanvasRenderingContext2D} context @param {number} bottom @param {number} to */
function drawSilence(context, bottom, to) {
  const from = Math.max(0, xOf(knownUntil()));
  if (from >= to) return;
  context.fillStyle = hatchOf(context, token('--line-strong'));
  context.globalAlpha = 0.5;
  context.fillRect(from, 0, to - from, bottom);
  context.globalAlpha = 1;
  const text = silenceText();
  const room = widthOf(context, text) + 12;
  const x = Math.max(4, to - room - 6);
  context.fillStyle = token('--raised');
  context.fillRect(x, 6, room, 20);
  context.fillStyle = token('--text');
  context.fillText(text, x + 6, 16);
}

for (const event of /** @type {(keyof Events)[]} */ (['scope', 'highlight', 'bookmarks', 'frame'])) on(event, drawOver);
