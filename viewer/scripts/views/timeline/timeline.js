// SPDX-License-Identifier: MIT
// The timeline: all threads over time. This file asks the engine for the image of the window, one request at a time, and draws the
// parts in order.

function buildTimeline() {
  timeline.spacer.append(timeline.gutter);
  timeline.stage.append(timeline.canvas, timeline.over);
  timeline.scroller.append(timeline.stage, timeline.spacer);
  const button = (/** @type {string} */ text, /** @type {string} */ title, /** @type {() => void} */ go) => el('button', { class: 'plain', text, title, 'aria-label': title, onclick: go });
  const zoom = el('div', { class: 'zoom', role: 'group', 'aria-label': 'Zoom' }, button('−', 'Zoom out (s)', () => zoomWindow(1 / 0.6, windowMiddle(), true)),
    button('+', 'Zoom in (w)', () => zoomWindow(0.6, windowMiddle(), true)), button('fit', 'fit: show the whole log (0)', fitWindow));
  timeline.root.append(threadBar(), timeline.ruler, timeline.scroller, zoom);
  timeline.scroller.addEventListener('scroll', () => { drawTimeline(); askImage(); });
  new ResizeObserver(() => { drawTimeline(); askImage(); }).observe(timeline.root);
  buildTreeProxy();
  listenToTimeline();
  return timeline.root;
}

const askForImage = newest('image', (answer) => {
  timeline.picture = pictureOf(answer);
  renewStrips();
  drawTimeline();
});

/** Ask for the image of the rows and for what lies beside them. */
function askImage() {
  if (!log.stats || state.view !== 'timeline' || !timeline.root.isConnected) return;
  askForImage(pictureRequest());
}

/** The rows, counters and locks that can be seen, all of the same times. */
function pictureRequest() {
  return { ...imageRequest(), strips: { counters: placesOf('counter', visibleStrips()), locks: placesOf('lock', visibleStrips()), heat: heatRequest() } };
}

/** The groups of threads that can be seen, by track. */
function heatRequest() {
  const strips = visibleStrips().filter(({ kind }) => kind === 'group');
  const groups = new Uint8Array(log.tracks.length).fill(255);
  strips.forEach(({ lanes = [] }, i) => { for (const { tracks } of lanes) for (const track of tracks) groups[track] = i; });
  return { groups, count: strips.length, keys: strips.map(({ key }) => key) };
}

function relayout() {
  timeline.strips = buildStrips();
  timeline.spacer.style.height = `${stripsHeight(timeline.strips)}px`;
  drawGutter();
  drawTimeline();
  askImage();
}

const drawTimeline = onceAFrame(() => {
  if (state.view !== 'timeline' || !log.stats) return;
  timeline.stage.style.height = `${timeline.scroller.clientHeight}px`;
  const { context, ratio, width, height } = sizeCanvas(timeline.canvas);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = token('--surface');
  context.fillRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  const top = timeline.scroller.scrollTop;
  const strips = visibleStrips();
  drawRulerLines(context, ratio, height);
  for (const strip of strips) drawStripGround(context, ratio, strip, top, width);
  if (timeline.picture) drawRows(context, ratio, strips, top);
  for (const strip of strips) {
    if (strip.kind === 'marks') drawMarks(context, ratio, strip.y - top);
    else if (/counter|lock|group/.test(strip.kind)) drawStrip(context, ratio, strip, strip.y - top);
  }
  labelStyle(context, ratio);
  drawLosses(context, top);
  drawDropped(context, timeline.scroller.clientHeight);
  drawRuler();
  sayValues();
  drawOver();
});

/** @param {CanvasRenderingContext2D} context @param {number} ratio @param {Strip} strip @param {number} top @param {number} width */
function drawStripGround(context, ratio, strip, top, width) {
  if (strip.kind === 'thin') return;
  context.fillStyle = token('--line');
  context.fillRect(0, Math.round((strip.y + strip.height - top) * ratio) - 1, width, 1);
}

/** Scroll to a row; a lane that is folded, or does not show that level, opens. @param {number} track @param {number} depth */
function scrollToTrack(track, depth) {
  const lane = log.lanes.find(({ tracks }) => tracks.includes(track));
  if (lane && !stripOfTrack(track)) setOpen(true, poolKey(lane), `process ${lane.process}`);
  let strip = stripOfTrack(track);
  if (strip?.lane && (strip.kind === 'thin' || depth >= laneRows(strip.lane))) {
    setOpen(true, strip.key, ...(depth >= DEPTH_SHOWN ? [`deep ${strip.key}`] : []));
    strip = stripOfTrack(track);
  }
  if (!strip) return;
  const y = strip.y + depth * ROW_HEIGHT;
  const { scrollTop, clientHeight } = timeline.scroller;
  if (y < scrollTop || y + ROW_HEIGHT > scrollTop + clientHeight) timeline.scroller.scrollTop = Math.max(0, y - clientHeight / 3);
}

/** Scroll to a counter or a lock. @param {string} key */
function scrollToKey(key) {
  setOpen(true, `${key.split(' ')[0]}s`);
  timeline.scroller.scrollTop = Math.max(0, (timeline.strips.find((strip) => strip.key === key)?.y || 0) - 60);
}

on('log', relayout);
on('folds', relayout);
on('selection', askImage);
on('search', askImage);
on('reveal', ({ track, depth, key }) => (key ? scrollToKey(key) : scrollToTrack(track, depth)));
on('forget', () => { timeline.picture = null; });
on('state', (changed) => {
  const has = (/** @type {string[]} */ ...keys) => keys.some((key) => changed.has(key));
  if (has('window', 'range', 'tracks', 'scope', 'name')) drawTimeline();
  if (has('window')) askImage();
  if (has('range', 'tracks', 'scope')) drawGutter();
});
