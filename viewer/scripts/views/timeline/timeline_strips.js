// SPDX-License-Identifier: MIT
// Counters and locks on the timeline. The engine gives numbers per pixel (engine.h); they become an image when they come, and the
// image is shifted and stretched with the rows until the next one.

/** Space above and below a counter's values. */
const COUNTER_PADDING = 3;
/** The upper part of a lock's strip, which shows waits. */
const WAITS_HEIGHT = 8;

/** @typedef {{canvas: HTMLCanvasElement, pixels: ImageData, words: Uint32Array, width: number, height: number, least: number, most: number}} StripImage */
/** @type {Map<string, StripImage>} of the strips in the picture, by key */
const stripImages = new Map();

/** The numbers of a strip in the picture; null: it is not in it. @param {Strip} strip */
function pixelsOf(strip) {
  const picture = timeline.picture;
  const pixels = picture && picture.beside[strip.kind === 'group' ? 'heat' : strip.kind === 'counter' ? 'counters' : 'locks'];
  const at = pixels ? pixels.keys.indexOf(strip.key) : -1;
  if (!picture || !pixels || at < 0) return null;
  const size = picture.width * (strip.kind === 'group' ? 1 : strip.kind === 'counter' ? COUNTER_NUMBERS : LOCK_NUMBERS);
  return pixels.values.subarray(at * size, (at + 1) * size);
}

/** The pixels of a picture that are in the window and not beyond the data: [first, past). @param {Picture} picture */
function shownPixels(picture) {
  const at = (/** @type {number} */ ns) => Math.min(picture.width, Math.max(0, (ns - picture.from) / picture.nsPerPx));
  return { first: Math.floor(at(state.window.from)), past: Math.ceil(Math.min(at(state.window.to), at(knownUntil()) + 1)) };
}

/** Least and largest value in the window; 0 is between them. @param {Float64Array} values */
function counterRange(values) {
  const { first, past } = shownPixels(/** @type {Picture} */ (timeline.picture));
  let least = 0;
  let most = 0;
  for (let x = first; x < past; x++) {
    if (values[x * COUNTER_NUMBERS] < least) least = values[x * COUNTER_NUMBERS];
    if (values[x * COUNTER_NUMBERS + 1] > most) most = values[x * COUNTER_NUMBERS + 1];
  }
  return { least, most };
}

/** Draw all strips of a new picture. */
function renewStrips() {
  const picture = /** @type {Picture} */ (timeline.picture);
  const ratio = devicePixelRatio || 1;
  const seen = new Set([...picture.beside.counters.keys, ...picture.beside.locks.keys, ...picture.beside.heat?.keys || []]);
  for (const key of stripImages.keys()) if (!seen.has(key)) stripImages.delete(key);
  const past = Math.min(picture.width, Math.max(0, Math.ceil((knownUntil() - picture.from) / picture.nsPerPx) + 1));
  for (const strip of timeline.strips) {
    if (!seen.has(strip.key)) continue;
    const values = /** @type {Float64Array} */ (pixelsOf(strip));
    const height = Math.round((strip.height - 1) * ratio);
    const image = imageOf(strip.key, picture.width, height);
    const colour = packColour(rgbOf(strip.kind === 'group' ? token('--accent') : siteColour(siteOf(strip))));
    const range = strip.kind === 'counter' ? counterRange(values) : { least: 0, most: 1 };
    if (strip.kind === 'counter') fillCounter({ ...image, past, ratio }, values, range, colour);
    else if (strip.kind === 'group') fillHeat({ ...image, past, ratio }, values, strip, colour);
    else fillLock({ ...image, past, ratio }, values, colour);
    /** @type {CanvasRenderingContext2D} */ (image.canvas.getContext('2d')).putImageData(image.pixels, 0, 0);
    Object.assign(image, range);
  }
}

/** The image of a strip, empty. The memory of the last one is used again: new memory costs more than drawing. @param {string} key @param {number} width @param {number} height */
function imageOf(key, width, height) {
  let image = stripImages.get(key);
  if (image?.width !== width || image.height !== height) {
    const canvas = el('canvas', { width, height });
    const pixels = new ImageData(width, height);
    image = { canvas, pixels, words: new Uint32Array(pixels.data.buffer), width, height, least: 0, most: 1 };
    stripImages.set(key, image);
  }
  image.words.fill(0);
  return image;
}

/** @typedef {{words: Uint32Array, width: number, height: number, past: number, ratio: number}} StripPixels */

/** Fill a column from one y to another, at least one pixel. @param {StripPixels} image @param {number} x @param {number} a @param {number} b @param {number} colour */
function fillColumn({ words, width, height }, x, a, b, colour) {
  const from = Math.max(0, Math.min(height - 1, Math.round(Math.min(a, b))));
  const to = Math.max(from + 1, Math.min(height, Math.round(Math.max(a, b))));
  for (let y = from; y < to; y++) words[y * width + x] = colour;
}

/** What all of a pixel's values have in common is solid, from least to largest is pale. @param {StripPixels} image @param {Float64Array} values @param {{least: number, most: number}} range @param {number} colour */
function fillCounter(image, values, { least, most }, colour) {
  const room = image.height - 2 * COUNTER_PADDING * image.ratio;
  const yOf = (/** @type {number} */ value) => COUNTER_PADDING * image.ratio + (most - value) / (most - least || 1) * room;
  const pale = (colour & 0xffffff | 0x80000000) >>> 0;
  let before = NaN;
  for (let x = 0; x < image.past; x++) {
    const at = x * COUNTER_NUMBERS;
    const low = values[at];
    const high = values[at + 1];
    if (low !== low) continue;
    const from = before < low ? before : low;
    const to = before > high ? before : high;
    if (to > from) fillColumn(image, x, yOf(to), yOf(from), pale);
    const edge = from > 0 ? from : to < 0 ? to : 0;
    fillColumn(image, x, yOf(0), yOf(edge), colour);
    before = values[at + 2];
  }
  if (least < 0) {
    const line = packColour(rgbOf(token('--line-strong')));
    for (let x = 0; x < image.width; x++) fillColumn(image, x, yOf(0), yOf(0), line);
  }
}

/** The share of a group's threads that are busy, as a colour: never less than a hint where there is any. @param {StripPixels} image @param {ArrayLike<number>} values @param {Strip} strip @param {number} colour */
function fillHeat(image, values, { lanes = [] }, colour) {
  const threads = lanes.length || 1;
  for (let x = 0; x < image.past; x++) {
    if (values[x] > 0) fillColumn(image, x, 2 * image.ratio, image.height - image.ratio, ((colour & 0xffffff) | Math.round(40 + 215 * Math.min(1, values[x] / threads)) << 24) >>> 0);
  }
}

/** Shares as heights: holds from the bottom, waits from the top. @param {StripPixels} image @param {Float64Array} values @param {number} colour */
function fillLock(image, values, colour) {
  const { height, ratio } = image;
  const top = WAITS_HEIGHT * ratio;
  const bad = packColour(rgbOf(token('--bad')));
  const pale = packColour(rgbOf(token('--bad')), 90);
  for (let x = 0; x < image.past; x++) {
    const at = x * LOCK_NUMBERS;
    const held = values[at];
    const waited = values[at + 1];
    if (held || values[at + 4]) fillColumn(image, x, height - Math.max(1, held * (height - top - ratio)), height, colour);
    if (waited || values[at + 5]) fillColumn(image, x, ratio, ratio + Math.max(1, waited * (top - ratio)), waited < 0.1 ? pale : bad);
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} ratio @param {Strip} strip @param {number} y */
function drawStrip(context, ratio, strip, y) {
  const image = stripImages.get(strip.key);
  if (!timeline.picture || !image) return;
  const { x, width } = pictureBox(timeline.picture, ratio);
  const scale = width / image.width;
  const first = Math.max(0, Math.floor(-x / scale));
  const count = Math.min(image.width - first, Math.ceil(axisWidth() * ratio / scale) + 1);
  if (count > 0) context.drawImage(image.canvas, first, 0, count, image.height, x + first * scale, Math.round(y * ratio), count * scale, image.height);
  if (strip.kind === 'lock') drawHolders(context, ratio, strip, y);
}

/** The threads of long holds. @param {CanvasRenderingContext2D} context @param {number} ratio @param {Strip} strip @param {number} y */
function drawHolders(context, ratio, strip, y) {
  const picture = /** @type {Picture} */ (timeline.picture);
  const values = /** @type {Float64Array} */ (pixelsOf(strip));
  const { first, past } = shownPixels(picture);
  const box = pictureBox(picture, 1);
  const scale = box.width / picture.width;
  const least = Math.ceil(40 / scale);
  labelStyle(context, ratio);
  for (let x = first, from = first; x < past; from = x) {
    const holder = values[x * LOCK_NUMBERS] > 0.999 ? values[x * LOCK_NUMBERS + 6] : -1;
    for (x++; holder >= 0 && x < past && values[x * LOCK_NUMBERS] > 0.999 && values[x * LOCK_NUMBERS + 6] === holder && !values[x * LOCK_NUMBERS + 4];) x++;
    if (holder < 0 || x - from < least) continue;
    const text = fitted(context, trackName(holder), (x - from) * scale - 8);
    if (text) context.fillText(text, Math.max(0, box.x + from * scale) + 4, y + (strip.height + WAITS_HEIGHT) / 2);
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
}

/** The first site of a counter or a lock. @param {{places?: number[][]}} strip */
function siteOf({ places = [] }) {
  return places[0]?.[0] ?? -1;
}

/** A counter's number with its unit. @param {number} number @param {{places?: number[][]}} strip */
function counterText(number, strip) {
  return `${formatCount(number)} ${log.sites[siteOf(strip)]?.category || ''}`.trim();
}

/** The pixel of the picture at a time, if it is in the window; else the last one of the window. @param {number|null} ns */
function pixelAt(ns) {
  const picture = /** @type {Picture} */ (timeline.picture);
  const { first, past } = shownPixels(picture);
  return Math.max(0, Math.min(picture.width - 1, Math.max(first, Math.min(past - 1, ns === null ? past - 1 : Math.floor((ns - picture.from) / picture.nsPerPx)))));
}

/** The numbers in the names' column: at the pointer, or the last ones of the window. */
function sayValues() {
  if (!timeline.picture) return;
  const at = pixelAt(pointer.ns);
  const narrow = timeline.spacer.clientWidth < 150;
  for (const strip of visibleStrips()) {
    const values = strip.kind === 'counter' || strip.kind === 'lock' ? pixelsOf(strip) : null;
    const item = gutterItems.get(strip.key);
    if (values && item) sayStrip(item, strip, strip.kind === 'counter' ? values[at * COUNTER_NUMBERS + 2] : lockShare(values), narrow);
  }
}

/** @param {HTMLElement} item @param {Strip} strip @param {number} number @param {boolean} narrow */
function sayStrip(item, strip, number, narrow) {
  const image = stripImages.get(strip.key);
  const counts = strip.kind === 'counter';
  const say = (/** @type {string} */ name, /** @type {string} */ text) => {
    const place = item.querySelector(name);
    if (place && place.textContent !== text) place.textContent = text;
  };
  const text = counts ? number === number ? counterText(number, strip) : 'no value yet' : `${formatSmallShare(number)} held`;
  say('.value', narrow ? counts && text.length > 9 ? formatShort(number) : text.replace(' held', '') : text);
  if (counts && image) say('.range', `${formatShort(image.least)} – ${formatShort(image.most)}`);
}

/** The share in which a lock is held: at the pointer, or of the window. @param {ArrayLike<number>} values */
function lockShare(values) {
  const { first, past } = shownPixels(/** @type {Picture} */ (timeline.picture));
  if (pointer.ns !== null) return values[pixelAt(pointer.ns) * LOCK_NUMBERS];
  let held = 0;
  for (let x = first; x < past; x++) held += values[x * LOCK_NUMBERS];
  return held / Math.max(1, past - first);
}

/** What the pixel under the pointer has of a counter or a lock. @param {Strip} strip @param {number} ns @returns {[string[], string]|null} facts and a note */
function factsOfPixel(strip, ns) {
  const values = timeline.picture ? pixelsOf(strip) : null;
  if (!values) return null;
  const at = pixelAt(ns);
  if (strip.kind === 'counter') {
    const [low, high, last] = values.subarray(at * COUNTER_NUMBERS, (at + 1) * COUNTER_NUMBERS);
    if (last !== last) return null;
    return [[counterText(last, strip)], low < high ? `${formatCount(low)} … ${formatCount(high)} in this pixel` : ''];
  }
  const [held, waited, longestHold, longestWait, holds, waits, holder] = values.subarray(at * LOCK_NUMBERS, (at + 1) * LOCK_NUMBERS);
  if (!held && !waited && !holds && !waits) return null;
  const facts = [`held ${formatSmallShare(held)}`, `waited for ${formatSmallShare(waited)}`];
  const note = [holds ? plural(holds, 'hold') : '', holder >= 0 ? `longest ${formatTime(longestHold)} by ${trackName(holder)}` : '',
    waits ? plural(waits, 'wait') : '', waited || waits ? `longest wait ${formatTime(longestWait)}` : ''].filter(Boolean).join(' · ');
  return [facts, note];
}
