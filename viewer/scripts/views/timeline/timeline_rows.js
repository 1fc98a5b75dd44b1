// SPDX-License-Identifier: MIT
// The rows of the timeline: the engine's image, shifted and stretched until the next one comes, with underlines and labels.

/** @param {any} answer @returns {Picture} */
function pictureOf(answer) {
  const canvas = timeline.picture?.canvas || document.createElement('canvas');
  if (canvas.width !== answer.width || canvas.height !== answer.lines) {
    canvas.width = answer.width;
    canvas.height = answer.lines;
  }
  if (answer.lines) {
    const pixels = new ImageData(new Uint8ClampedArray(answer.pixels.buffer), answer.width, answer.lines);
    /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).putImageData(pixels, 0, 0);
  }
  return { ...answer, canvas };
}

/** What the engine is asked for: the image of what can be seen and as much again on both sides, so that a pan shows no gap. */
function imageRequest() {
  const ratio = devicePixelRatio || 1;
  const width = Math.round(axisWidth() * ratio);
  const nsPerPx = (state.window.to - state.window.from) / width;
  const margin = Math.round(width / 2);
  const from = Math.floor((state.window.from - margin * nsPerPx) / nsPerPx) * nsPerPx;
  /** @type {number[]} */
  const pairs = [];
  /** @type {Map<string, number>} */
  const lineOf = new Map();
  for (const strip of visibleStrips()) {
    if (!strip.lane) continue;
    const depths = strip.kind === 'thin' ? 1 : laneRows(strip.lane);
    for (let depth = 0; depth < depths; depth++) {
      const line = lineOf.size;
      lineOf.set(`${strip.key}:${depth}`, line);
      for (const track of strip.lane.tracks) {
        const row = log.tracks[track]?.rows[depth];
        if (row !== undefined) pairs.push(row, line);
      }
    }
  }
  const dim = (state.query ? 1 : 0) | (state.range || state.tracks ? 2 : 0);
  return {
    from, nsPerPx, width: width + 2 * margin, lines: lineOf.size, pairs: new Uint32Array(pairs), dim, minPx: 24 * ratio, lineOf, step: 1.5 * ratio,
  };
}

/** @param {CanvasRenderingContext2D} context @param {number} ratio @param {Strip[]} strips @param {number} top */
function drawRows(context, ratio, strips, top) {
  const picture = /** @type {Picture} */ (timeline.picture);
  const { x, width } = pictureBox(picture, ratio);
  /** @type {Map<number, number>} line: y in CSS pixels */
  const lines = new Map();
  for (const strip of strips) {
    if (!strip.lane) continue;
    const thin = strip.kind === 'thin';
    const depths = thin ? 1 : laneRows(strip.lane);
    for (let depth = 0; depth < depths; depth++) {
      const line = picture.lineOf.get(`${strip.key}:${depth}`);
      if (line === undefined) continue;
      const y = strip.y - top + (thin ? 1 : LANE_PADDING + depth * ROW_HEIGHT);
      const rowHeight = thin ? THIN_HEIGHT - 1 : ROW_HEIGHT - 1;
      context.drawImage(picture.canvas, 0, line, picture.width, 1, x, Math.round(y * ratio), width, Math.round(rowHeight * ratio));
      if (!thin) lines.set(line, y);
    }
  }
  drawFlags(context, picture, ratio, lines);
  drawLabels(context, picture, ratio, lines);
}

/** How strong the line under a streak is, by its share of failed and unfinished scopes. */
const BAD_ALPHA = [0, 0.3, 0.5, 0.75, 1];

/** Failed and unfinished scopes are underlined, never filled; the fewer of a pixel's scopes have failed, the paler and thinner. @param {CanvasRenderingContext2D} context @param {Picture} picture @param {number} ratio @param {Map<number, number>} lines */
function drawFlags(context, picture, ratio, lines) {
  const bad = token('--bad');
  for (const { line, x0, x1, what, share } of picture.flags) {
    const y = lines.get(line);
    if (y === undefined) continue;
    const from = xOf(picture.from + x0 * picture.nsPerPx) * ratio;
    const to = xOf(picture.from + x1 * picture.nsPerPx) * ratio;
    if (what & 4) drawGrowing(context, picture, line, { from: to, y: y * ratio, height: (ROW_HEIGHT - 1) * ratio });
    if (!(what & 3)) continue;
    context.fillStyle = bad;
    context.globalAlpha = BAD_ALPHA[share];
    const thick = share < 3 ? 1 : 2;
    context.fillRect(from, Math.round((y + ROW_HEIGHT - 1 - thick) * ratio), Math.max(1, to - from), Math.round(thick * ratio));
    context.globalAlpha = 1;
  }
}

/** An open scope, from where its image ends to the last time that is known. @param {CanvasRenderingContext2D} context @param {Picture} picture @param {number} line @param {{from: number, y: number, height: number}} box */
function drawGrowing(context, picture, line, box) {
  const ratio = devicePixelRatio || 1;
  const to = xOf(Math.min(liveNow(), knownUntil())) * ratio;
  if (to <= box.from || to - box.from > axisWidth() * ratio) return;
  const label = picture.labels.find((l) => l.line === line && l.flags & 4);
  context.fillStyle = label ? siteColour(label.site) : token('--line-strong');
  context.fillRect(box.from, Math.round(box.y), to - box.from, Math.round(box.height));
}

/** @param {CanvasRenderingContext2D} context @param {Picture} picture @param {number} ratio @param {Map<number, number>} lines */
function drawLabels(context, picture, ratio, lines) {
  labelStyle(context, ratio);
  const right = axisWidth();
  const ink = labelInk();
  for (const label of picture.labels) {
    const y = lines.get(label.line);
    if (y === undefined) continue;
    const from = Math.max(0, xOf(picture.from + label.x0 * picture.nsPerPx));
    const to = Math.min(right, xOf(picture.from + label.x1 * picture.nsPerPx));
    if (to - from < 24) continue;
    const text = fitted(context, label.text || siteName(label.site), to - from - 8);
    if (!text) continue;
    context.fillStyle = ink;
    context.globalAlpha = state.query && !(label.flags & 8) && !(search.sites[label.site] & 1) ? 0.45 : 1;
    context.fillText(text, from + 4, y + ROW_HEIGHT / 2);
  }
  context.globalAlpha = 1;
  context.setTransform(1, 0, 0, 1, 0, 0);
}
