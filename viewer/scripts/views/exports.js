// SPDX-License-Identifier: MIT
// The view as PNG or SVG, the selection as .ctxt, the link. Nothing is sent anywhere.

/** The canvases of the view with where they are. */
function viewCanvases() {
  return [...byId('main').querySelectorAll('canvas')].map((canvas) => ({ canvas, ...placeInView(canvas) }))
    .filter(({ width, height }) => width > 0 && height > 0);
}

function hasPicture() {
  if (viewCanvases().length) return true;
  showNotice('This view is a table: save it as CSV.');
  return false;
}

/** @param {((context: CanvasRenderingContext2D, ratio: number) => void)|undefined} drawMore what lies beside the canvases */
function savePng(drawMore) {
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
  drawMore?.(context, ratio);
  all.toBlob((blob) => { if (blob) saveFile(fileName('png'), blob); });
}

/** What is on the screen. @param {string[]} parts boxes and texts of the view */
function svgOf(parts) {
  const main = byId('main');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${main.clientWidth}" height="${main.clientHeight}" font-family="system-ui, sans-serif" font-size="11.5" fill="${labelInk()}">`
    + `<rect width="100%" height="100%" fill="${plainColour(token('--surface'))}"/>${parts.join('\n')}</svg>\n`;
}

/** @param {() => string} svg */
function saveSvg(svg) {
  if (hasPicture()) saveFile(fileName('svg'), new Blob([svg()], { type: 'image/svg+xml' }));
}

/** @param {SortedTable} grid */
function saveCsv(grid) {
  saveFile(fileName('csv'), new Blob([grid.csv()], { type: 'text/csv' }));
}

async function saveSelection() {
  const blob = await tryAsk('export');
  if (blob) saveFile(fileName('ctxt').replace(/(\.ctxt)+$/, state.range ? '.part.ctxt' : '.ctxt'), blob);
}

function copyLink() {
  writeUrl();
  copyText(location.href);
}
