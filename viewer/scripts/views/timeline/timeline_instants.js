// SPDX-License-Identifier: MIT
// Marks, counters, locks, losses and dropped detail on the timeline.

/** @param {CanvasRenderingContext2D} context @param {number} ratio @param {number} y */
function drawMarks(context, ratio, y) {
  const marks = timeline.instants.marks || [];
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

/** @param {CanvasRenderingContext2D} context @param {number} ratio @param {Strip} strip @param {number} y */
function drawCounter(context, ratio, strip, y) {
  const values = (timeline.instants.counters || []).filter((/** @type {any} */ v) => strip.sites?.has(v.site) && isFinite(v.number));
  if (!values.length) return;
  const most = values.reduce((/** @type {number} */ m, /** @type {any} */ v) => Math.max(m, v.number), 0);
  const least = values.reduce((/** @type {number} */ m, /** @type {any} */ v) => Math.min(m, v.number), 0);
  const bottom = y + strip.height - 3;
  const scale = (strip.height - 8) / Math.max(most - least, 1e-9);
  labelStyle(context, ratio);
  context.beginPath();
  context.moveTo(xOf(values[0].fromNs), bottom);
  values.forEach((/** @type {any} */ value, /** @type {number} */ i) => {
    const top = bottom - (value.number - least) * scale;
    context.lineTo(xOf(value.fromNs), top);
    context.lineTo(values[i + 1] ? xOf(values[i + 1].fromNs) : xOf(Math.max(log.stats.lastNs, log.now)), top);
  });
  context.lineTo(xOf(Math.max(log.stats.lastNs, log.now)), bottom);
  context.fillStyle = siteColour(values[0].site);
  context.fill();
  sayValue(strip, most, values[0].site);
  context.setTransform(1, 0, 0, 1, 0, 0);
}

/** A counter's number with its unit. @param {number} number @param {number} site */
function counterText(number, site) {
  return `${formatCount(number)} ${log.sites[site].category}`.trim();
}

/** Write the largest value that is shown beside the counter's name. @param {Strip} strip @param {number} most @param {number} site */
function sayValue(strip, most, site) {
  const value = gutterItems.get(strip.key)?.querySelector('.value');
  if (value && value.textContent !== counterText(most, site)) value.textContent = counterText(most, site);
}

/** Waits are hatched, holds are solid. @param {CanvasRenderingContext2D} context @param {number} ratio @param {Strip} strip @param {number} y */
function drawLock(context, ratio, strip, y) {
  labelStyle(context, ratio);
  for (const span of timeline.instants.locks || []) {
    if (!strip.sites?.has(span.site)) continue;
    const from = xOf(span.fromNs);
    const to = Math.max(from + 1, xOf(Math.min(span.toNs, Math.max(log.stats.lastNs, log.now))));
    if (to < 0 || from > axisWidth()) continue;
    if (span.kind === 0) {
      context.fillStyle = token('--bad');
      context.globalAlpha = 0.5;
      context.fillRect(from, y + 3, to - from, 5);
      context.globalAlpha = 1;
    } else {
      context.fillStyle = siteColour(span.site);
      context.fillRect(from, y + 9, to - from, strip.height - 12);
      const text = to - from > 40 ? fitted(context, trackName(span.track), to - from - 8) : '';
      context.fillStyle = labelInk();
      if (text) context.fillText(text, Math.max(0, from) + 4, y + 15.5);
    }
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
}

/** Hatch the times in which a thread lost events, and say how many. @param {CanvasRenderingContext2D} context @param {number} top */
function drawLosses(context, top) {
  for (const loss of timeline.instants.losses || []) {
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
