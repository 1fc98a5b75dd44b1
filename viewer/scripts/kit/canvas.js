// SPDX-License-Identifier: MIT
// Drawing on canvases: sizes in device pixels, labels that are cut to their box, hatching.

const LABEL_FONT = '11.5px system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif';
/** @type {Map<string, number>} */
const textWidths = new Map();

/** @param {CanvasRenderingContext2D} context @param {string} text */
function widthOf(context, text) {
  let width = textWidths.get(text);
  if (width === undefined) {
    if (textWidths.size > 20000) textWidths.clear();
    width = context.measureText(text).width;
    textWidths.set(text, width);
  }
  return width;
}

/** The text if it fits into `room` px, else its beginning with an ellipsis, else ''. @param {CanvasRenderingContext2D} context @param {string} text @param {number} room */
function fitted(context, text, room) {
  const width = widthOf(context, text);
  if (width <= room) return text;
  const chars = Math.floor(text.length * (room - 9) / width);
  return chars >= 2 ? `${text.slice(0, chars)}…` : '';
}

/** @param {CanvasRenderingContext2D} context @param {number} ratio */
function labelStyle(context, ratio) {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = LABEL_FONT;
  context.textBaseline = 'middle';
  context.fillStyle = labelInk();
}

/** A canvas of the size of its box in device pixels, and its context. @param {HTMLCanvasElement} canvas */
function sizeCanvas(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
  const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  return { context, ratio, width, height };
}

/** The same, empty, ready for labels. @param {HTMLCanvasElement} canvas */
function clearCanvas(canvas) {
  const sized = sizeCanvas(canvas);
  sized.context.setTransform(1, 0, 0, 1, 0, 0);
  sized.context.clearRect(0, 0, sized.width, sized.height);
  labelStyle(sized.context, sized.ratio);
  return sized;
}

/** @type {Map<string, CanvasPattern>} */
const hatches = new Map();

/** Diagonal lines in a colour. @param {CanvasRenderingContext2D} context @param {string} colour */
function hatchOf(context, colour) {
  const known = hatches.get(colour);
  if (known) return known;
  const tile = document.createElement('canvas');
  tile.width = tile.height = 8;
  const lines = /** @type {CanvasRenderingContext2D} */ (tile.getContext('2d'));
  lines.strokeStyle = colour;
  lines.lineWidth = 1.6;
  for (const shift of [-8, 0, 8]) {
    lines.moveTo(shift, 8);
    lines.lineTo(shift + 8, 0);
  }
  lines.stroke();
  const pattern = /** @type {CanvasPattern} */ (context.createPattern(tile, 'repeat'));
  hatches.set(colour, pattern);
  return pattern;
}
