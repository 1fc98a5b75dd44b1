// SPDX-License-Identifier: MIT
// The timeline as SVG, and the names and numbers that a PNG needs beside the canvases.

/** The names of the gutter with where they stand in the view. */
function gutterTexts() {
  return [...document.querySelectorAll('.gutter .name, .gutter .value, .gutter .range')].map((name) => {
    const { x, y } = placeInView(name);
    return { text: name.textContent || '', x: x + (name.matches('.name') ? 8 : 0), y: y + 12 };
  });
}

/** @param {CanvasRenderingContext2D} context @param {number} ratio */
function drawGutterNames(context, ratio) {
  labelStyle(context, ratio);
  context.fillStyle = token('--text');
  for (const { text, x, y } of gutterTexts()) context.fillText(fitted(context, text, timeline.canvas.offsetLeft - 16), x, y);
}

/** The pixels as an image, so that dense rows look as they do here; wide scopes as boxes over it. */
function svgOfTimeline() {
  const { x: left, y: above, width, height } = placeInView(timeline.canvas);
  const parts = [`<image x="${left}" y="${above}" width="${width}" height="${height}" href="${timeline.canvas.toDataURL()}"/>`];
  for (const { text, x, y } of gutterTexts()) parts.push(`<text x="${x}" y="${y + 4}" fill="${plainColour(token('--text'))}">${xmlText(text)}</text>`);
  const picture = timeline.picture;
  const top = timeline.scroller.scrollTop;
  for (const strip of visibleStrips()) {
    if (strip.kind !== 'lane' || !strip.lane || !picture) continue;
    for (const label of picture.labels) {
      const depth = [...Array(laneRows(strip.lane)).keys()].find((d) => picture.lineOf.get(`${strip.key}:${d}`) === label.line);
      if (depth === undefined) continue;
      const x0 = Math.max(0, xOf(picture.from + label.x0 * picture.nsPerPx));
      const x1 = Math.min(axisWidth(), xOf(picture.from + label.x1 * picture.nsPerPx));
      const box = { x: left + x0, y: above + strip.y - top + LANE_PADDING + depth * ROW_HEIGHT, width: x1 - x0, height: ROW_HEIGHT - 1 };
      if (x1 > x0) parts.push(svgBox(box, siteColour(label.site), label.text || siteName(label.site)));
    }
  }
  return parts;
}
