// SPDX-License-Identifier: MIT
// The overview of the whole log: activity by group of threads, bookmarks, matches of the search, and the window, which can be
// dragged.

const MINIMAP_GROUPS = 6;
const minimap = {
  canvas: el('canvas', { 'aria-hidden': 'true' }),
  /** @type {any} */
  answer: null,
  /** `from`: the edge that stays, where a range began, or the grip's place in the window @type {{from: number, grip: 'move'|'edge'|'range', moved: boolean}|null} */
  drag: null,
};

function buildMinimap() {
  const box = byId('minimap');
  box.append(minimap.canvas);
  minimap.canvas.addEventListener('pointerdown', beginMinimapDrag);
  minimap.canvas.addEventListener('pointermove', moveMinimap);
  minimap.canvas.addEventListener('pointerup', endMinimapDrag);
  minimap.canvas.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoomWindow(1.0016 ** event.deltaY, minimapNs(event.offsetX));
  }, { passive: false });
  new ResizeObserver(() => { askMinimap(); drawMinimap(); }).observe(box);
}

/** @param {number} x */
function minimapNs(x) {
  const { from, to } = logSpan();
  return from + x / minimap.canvas.clientWidth * (to - from);
}

/** @param {number} ns */
function minimapX(ns) {
  const { from, to } = logSpan();
  return (ns - from) / (to - from) * minimap.canvas.clientWidth;
}

/** How near to an edge of the window the pointer takes it, in px. */
const EDGE_PX = 6;

/** @param {PointerEvent} event */
function beginMinimapDrag(event) {
  minimap.canvas.setPointerCapture(event.pointerId);
  const at = minimapNs(event.offsetX);
  const { from, to } = state.window;
  const near = (/** @type {number} */ ns) => Math.abs(event.offsetX - Math.min(minimap.canvas.clientWidth, Math.max(0, minimapX(ns)))) <= EDGE_PX;
  if (near(from) !== near(to)) minimap.drag = { from: near(from) ? to : from, grip: 'edge', moved: false };
  else if (at >= from && at <= to && to - from < (logSpan().to - logSpan().from) * 0.98) minimap.drag = { from: at - from, grip: 'move', moved: false };
  else minimap.drag = { from: at, grip: 'range', moved: false };
}

/** @param {PointerEvent} event */
function moveMinimap(event) {
  if (!minimap.drag || !(event.buttons & 1)) return;
  const { from, grip } = minimap.drag;
  const at = minimapNs(event.offsetX);
  if (grip === 'range' && !minimap.drag.moved && Math.abs(minimapX(at) - minimapX(from)) <= 4) return;
  minimap.drag.moved = true;
  if (grip === 'move') lookAt({ from: at - from, to: at - from + state.window.to - state.window.from });
  else lookAt({ from: Math.min(at, from), to: Math.max(at, from) });
}

/** A click looks at what is there. @param {PointerEvent} event */
function endMinimapDrag(event) {
  const drag = minimap.drag;
  minimap.drag = null;
  if (drag && !drag.moved) lookAround(minimapNs(event.offsetX), state.window.to - state.window.from, true);
}

const askForActivity = newest('activity', (answer) => {
  minimap.answer = answer;
  drawMinimap();
});

/** The busiest pools have a colour each; the rest share the last one. */
function askMinimap() {
  if (!log.stats) return;
  const width = Math.max(1, Math.round(minimap.canvas.clientWidth * devicePixelRatio));
  const span = logSpan();
  const pools = [...new Set(log.lanes.map((lane) => lane.pool))].slice(0, MINIMAP_GROUPS - 1);
  const groups = new Uint8Array(log.tracks.length).fill(MINIMAP_GROUPS - 1);
  for (const lane of log.lanes) {
    const group = pools.indexOf(lane.pool);
    if (group >= 0) for (const track of lane.tracks) groups[track] = group;
  }
  askForActivity({
    from: span.from, nsPerPx: (span.to - span.from) / width, width, groups, count: MINIMAP_GROUPS, search: Boolean(state.query),
  });
}

const drawMinimap = onceAFrame(() => {
  if (!log.stats) return;
  const { context, ratio, width, height } = sizeCanvas(minimap.canvas);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  if (minimap.answer) drawActivity(context, minimap.answer, width, height);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const tall = minimap.canvas.clientHeight;
  const wide = minimap.canvas.clientWidth;
  context.fillStyle = token('--flame');
  for (const at of bookmarks) context.fillRect(minimapX(at), 0, 1.5, 8);
  const from = Math.max(0, minimapX(state.window.from));
  const to = Math.min(wide, minimapX(state.window.to));
  context.globalAlpha = 0.62;
  context.fillStyle = token('--ground');
  context.fillRect(0, 0, from, tall);
  context.fillRect(to, 0, wide - to, tall);
  context.globalAlpha = 1;
  context.strokeStyle = token('--line-strong');
  context.lineWidth = 1;
  context.strokeRect(Math.round(from) + 0.5, 0.5, Math.max(2, Math.round(to - from) - 1), tall - 1);
  if (state.range) {
    context.fillStyle = token('--accent');
    context.fillRect(minimapX(state.range.from), tall - 4, Math.max(2, minimapX(state.range.to) - minimapX(state.range.from)), 3);
  }
});

/** Draw the activity of the groups, stacked from the bottom. @param {CanvasRenderingContext2D} context @param {any} answer @param {number} width @param {number} height */
function drawActivity(context, answer, width, height) {
  const { levels, count } = answer;
  let most = 0;
  const sums = new Float32Array(answer.width);
  for (let x = 0; x < answer.width; x++) {
    for (let g = 0; g < count; g++) sums[x] += levels[g * answer.width + x];
    most = Math.max(most, sums[x]);
  }
  const scale = (height - 10) / Math.max(most, 1e-9);
  const scheme = colourScheme();
  const stretch = width / answer.width;
  const floor = new Float32Array(answer.width).fill(height);
  for (let g = 0; g < count; g++) {
    context.fillStyle = cssColour(oklchToRgb(scheme === 'dark' ? 0.5 : 0.74, 0.05, HUES[g]));
    for (let x = 0; x < answer.width; x++) {
      const tall = levels[g * answer.width + x] * scale;
      if (tall <= 0) continue;
      context.fillRect(x * stretch, floor[x] - tall, Math.max(1, stretch), tall);
      floor[x] -= tall;
    }
  }
  if (!answer.found) return;
  context.fillStyle = token('--accent');
  for (let x = 0; x < answer.width; x++) {
    if (answer.found[x]) context.fillRect(x * stretch, 0, Math.max(1.5, stretch), 5 + answer.found[x] / 64);
  }
}

on('log', askMinimap);
on('search', askMinimap);
on('bookmarks', drawMinimap);
on('state', (changed) => { if (['window', 'range', 'tracks', 'scope'].some((key) => changed.has(key))) drawMinimap(); });
