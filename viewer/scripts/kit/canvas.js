// SPDX-License-Identifier: MIT
// What the views' canvases share: clipped labels, hatching, and the tooltip.
// Must not ask the engine. Invariant: a text never leaves its box.

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

/** The text, or its beginning and an ellipsis, that fits into `room` px; '' when nothing does. @param {CanvasRenderingContext2D} context @param {string} text @param {number} room */
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
