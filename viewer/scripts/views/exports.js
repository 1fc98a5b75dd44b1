// SPDX-License-Identifier: MIT
// What can be taken away: the view as PNG or SVG, the table as CSV, the selection as .ctxt.
// Must not send anything anywhere. Invariant: text in an SVG is escaped, never markup.

/** @param {string} ending */
function exportName(ending) {
  return `${(log.title || 'wick').replace(/[^\w.-]+/g, '_').slice(0, 80)}.${ending}`;
}

/** @param {MouseEvent} event */
function showExportMenu(event) {
  showMenu(/** @type {HTMLElement} */ (event.currentTarget), 'Export', [
    ['View as PNG', savePng], ['View as SVG', saveSvg], ['Table as CSV', saveCsv], ['Selection as .ctxt', saveSelection], ['Copy link to this view', copyLink],
  ]);
}

/** The canvases of the view with where they are. */
function viewCanvases() {
  const main = byId('main').getBoundingClientRect();
  return [...byId('main').querySelectorAll('canvas')].map((canvas) => {
    const box = canvas.getBoundingClientRect();
    return { canvas, x: box.left - main.left, y: box.top - main.top, width: box.width, height: box.height };
  }).filter(({ width, height }) => width > 0 && height > 0);
}

function hasPicture() {
  if (viewCanvases().length) return true;
  showNotice('This view is a table: save it as CSV.');
  return false;
}

function savePng() {
  if (!hasPicture()) return;
  const main = byId('main');
  const ratio = devicePixelRatio || 1;
  const all = document.createElement('canvas');
  all.width = Math.round(main.clientWidth * ratio);
  all.height = Math.round(main.clientHeight * ratio);
  const context = /** @type {CanvasRenderingContext2D} */ (all.getContext('2d'));
  context.fillStyle = token('--surface');
  context.fillRect(0, 0, all.width, all.height);
  for (const { canvas, x, y, width, height } of viewCanvases()) context.drawImage(canvas, x * ratio, y * ratio, width * ratio, height * ratio);
  drawGutterNames(context, ratio);
  all.toBlob((blob) => { if (blob) saveFile(exportName('png'), blob); });
}

/** @returns {{text: string, x: number, y: number}[]} */
function gutterTexts() {
  const main = byId('main').getBoundingClientRect();
  return [...document.querySelectorAll('.gutter .name')].map((name) => {
    const box = name.getBoundingClientRect();
    return { text: name.textContent || '', x: box.left - main.left + 8, y: box.top - main.top + 12 };
  });
}

/** @param {CanvasRenderingContext2D} context @param {number} ratio */
function drawGutterNames(context, ratio) {
  if (state.view !== 'timeline') return;
  labelStyle(context, ratio);
  context.fillStyle = token('--text');
  for (const { text, x, y } of gutterTexts()) context.fillText(fitted(context, text, timeline.canvas.offsetLeft - 16), x, y);
}

/** @param {string} text */
function xmlText(text) {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Boxes and texts of what is on the screen. */
function viewSvg() {
  const main = byId('main');
  /** @type {string[]} */
  const parts = [];
  const box = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ w, /** @type {number} */ h, /** @type {string} */ fill, /** @type {string} */ title) => {
    parts.push(`<rect x="${x.toFixed(2)}" y="${y.toFixed(2)}" width="${Math.max(0.3, w).toFixed(2)}" height="${h}" fill="${fill}"><title>${xmlText(title)}</title></rect>`);
    const chars = Math.floor((w - 8) / 6.2);
    if (chars > 2) parts.push(`<text x="${(x + 4).toFixed(2)}" y="${(y + 13).toFixed(2)}">${xmlText(title.length > chars ? `${title.slice(0, chars - 1)}…` : title)}</text>`);
  };
  if (state.view === 'timeline') svgOfTimeline(parts, box);
  else svgOfFlames(box);
  const ink = PALETTES[colourScheme()].text;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${main.clientWidth}" height="${main.clientHeight}" font-family="system-ui, sans-serif" font-size="11.5" fill="${ink}">`
    + `<rect width="100%" height="100%" fill="${cssColour(rgbOf(token('--surface')))}"/>${parts.join('\n')}</svg>\n`;
}

/** The pixels as an image, so that dense rows look as they do here; wide scopes as boxes over it. @param {string[]} parts @param {(x: number, y: number, w: number, h: number, fill: string, title: string) => void} box */
function svgOfTimeline(parts, box) {
  const [data] = viewCanvases().filter(({ canvas }) => canvas === timeline.canvas);
  if (!data) return;
  parts.push(`<image x="${data.x}" y="${data.y}" width="${data.width}" height="${data.height}" href="${data.canvas.toDataURL()}"/>`);
  for (const { text, x, y } of gutterTexts()) parts.push(`<text x="${x}" y="${y + 4}" fill="${cssColour(rgbOf(token('--text')))}">${xmlText(text)}</text>`);
  const picture = timeline.picture;
  const top = timeline.scroller.scrollTop;
  for (const strip of visibleStrips()) {
    if (strip.kind !== 'lane' || !strip.lane || !picture) continue;
    for (const label of picture.labels) {
      const depth = [...Array(laneRows(strip.lane)).keys()].find((d) => picture.lineOf.get(`${strip.key}:${d}`) === label.line);
      if (depth === undefined) continue;
      const x0 = Math.max(0, xOf(picture.from + label.x0 * picture.nsPerPx));
      const x1 = Math.min(axisWidth(), xOf(picture.from + label.x1 * picture.nsPerPx));
      if (x1 > x0) box(data.x + x0, data.y + strip.y - top + LANE_PADDING + depth * ROW_HEIGHT, x1 - x0, ROW_HEIGHT - 1, siteColour(label.site), label.text || siteName(label.site));
    }
  }
}

/** @param {(x: number, y: number, w: number, h: number, fill: string, title: string) => void} box */
function svgOfFlames(box) {
  for (const graph of [flameView.graph, sandwich.callers, sandwich.callees]) {
    const place = viewCanvases().find(({ canvas }) => canvas === graph.canvas);
    if (!place) continue;
    for (const frame of graph.frames) {
      const { x, y, width } = graph.box(frame);
      if (width < 0.3 || y < 0 || y > place.height) continue;
      box(place.x + x, place.y + y, width - 0.5, FLAME_ROW - 1, frame.site === NO_INDEX ? token('--line') : siteColour(frame.site), graph.name(frame));
    }
  }
}

function saveSvg() {
  if (hasPicture()) saveFile(exportName('svg'), new Blob([viewSvg()], { type: 'image/svg+xml' }));
}

function saveCsv() {
  saveFile(exportName('csv'), new Blob([tableCsv()], { type: 'text/csv' }));
}

async function saveSelection() {
  const blob = await tryAsk('export');
  if (blob) saveFile(exportName('ctxt').replace(/(\.ctxt)+$/, state.range ? '.part.ctxt' : '.ctxt'), blob);
}

function copyLink() {
  writeUrl();
  copyText(location.href);
}
