// SPDX-License-Identifier: MIT
// Pieces of an SVG as text. All text in it is escaped.

/** @param {string} text */
function xmlText(text) {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** A box with a title, and as much of it as text as fits. @param {{x: number, y: number, width: number, height: number}} box @param {string} fill @param {string} title */
function svgBox({ x, y, width, height }, fill, title) {
  const rect = `<rect x="${x.toFixed(2)}" y="${y.toFixed(2)}" width="${Math.max(0.3, width).toFixed(2)}" height="${height}" fill="${fill}"><title>${xmlText(title)}</title></rect>`;
  const chars = Math.floor((width - 8) / 6.2);
  if (chars <= 2) return rect;
  const text = title.length > chars ? `${title.slice(0, chars - 1)}…` : title;
  return `${rect}\n<text x="${(x + 4).toFixed(2)}" y="${(y + 13).toFixed(2)}">${xmlText(text)}</text>`;
}

/** Where an element lies in the view. @param {Element} element */
function placeInView(element) {
  const main = byId('main').getBoundingClientRect();
  const box = element.getBoundingClientRect();
  return { x: box.left - main.left, y: box.top - main.top, width: box.width, height: box.height };
}
