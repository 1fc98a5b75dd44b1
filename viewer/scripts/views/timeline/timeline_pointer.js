// SPDX-License-Identifier: MIT
// The pointer on the timeline: drag pans, shift-drag or a drag in the ruler selects a range, the wheel and two fingers zoom, a click
// selects a scope, a second one or a double click zooms to it.

/** @type {{x: number, y: number, scroll: number, window: Span, range: boolean, moved: boolean}|null} */
let timelineDrag = null;
/** whether the fingers on the timeline zoom, until all of them have left it */
let pinched = false;

function listenToTimeline() {
  const { canvas, scroller } = timeline;
  canvas.addEventListener('pointerdown', beginTimelineDrag);
  canvas.addEventListener('pointermove', moveOverTimeline);
  canvas.addEventListener('pointerup', endTimelineDrag);
  canvas.addEventListener('pointercancel', (event) => {
    timelineDrag = null;
    fingers.delete(event.pointerId);
    pinched = pinched && fingers.size > 0;
  });
  canvas.addEventListener('pointerleave', () => {
    pointer.ns = null;
    hideTip();
    sayValues();
    drawOver();
  });
  canvas.addEventListener('dblclick', zoomToPointed);
  timeline.ruler.addEventListener('pointerdown', (event) => {
    timeline.ruler.setPointerCapture(event.pointerId);
    rulerFrom = rulerNs(event);
  });
  timeline.ruler.addEventListener('pointermove', (event) => { if (rulerFrom !== null && event.buttons & 1) selectBetween(rulerFrom, rulerNs(event)); });
  timeline.ruler.addEventListener('pointerup', () => { rulerFrom = null; });
  scroller.addEventListener('wheel', wheelOnTimeline, { passive: false });
}

/** @param {WheelEvent} event */
function wheelOnTimeline(event) {
  if (event.target instanceof Element && event.target.closest('.gutter')) return;
  event.preventDefault();
  const pixels = event.deltaMode === 1 ? 18 : 1;
  if (event.shiftKey) {
    // Some systems turn the wheel sideways while shift is held.
    timeline.scroller.scrollTop += (event.deltaY || event.deltaX) * pixels;
    return;
  }
  if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    panWindow(event.deltaX * pixels / axisWidth());
    return;
  }
  const box = timeline.canvas.getBoundingClientRect();
  // A pinch on a trackpad comes as ctrl and the wheel: 2 % of the span for each unit.
  zoomWindow((event.ctrlKey ? 1.02 : 1.0016) ** (event.deltaY * pixels), nsOf(event.clientX - box.left));
}

/** Where a selection in the ruler began. @type {number|null} */
let rulerFrom = null;

/** @param {PointerEvent} event */
function rulerNs(event) {
  return nsOf(event.clientX - timeline.canvas.getBoundingClientRect().left);
}

/** Zoom to what is under the pointer; the click before may not have been answered yet. @param {MouseEvent} event */
async function zoomToPointed(event) {
  const place = placeOf(event);
  const hit = place && place.rows.length ? await tryAsk('hit', { rows: place.rows, from: place.from, nsPerPx: place.nsPerPx }) : null;
  if (hit && hit.count) showRange(hit.fromNs, hit.toNs);
}

/** Fingers on the timeline, by pointer: x. @type {Map<number, number>} */
const fingers = new Map();

/** Two fingers: what is under each stays under it. @param {PointerEvent} event */
function pinch(event) {
  const before = [...fingers.values()];
  fingers.set(event.pointerId, event.offsetX);
  const after = [...fingers.values()];
  const [a, b] = before.map(nsOf);
  const span = (b - a) / (after[1] - after[0] || 1) * axisWidth();
  if (span > 0) lookAt({ from: a - after[0] / axisWidth() * span, to: a - after[0] / axisWidth() * span + span });
}

/** @param {PointerEvent} event */
function beginTimelineDrag(event) {
  if (event.button !== 0) return;
  if (event.pointerType === 'touch') fingers.set(event.pointerId, event.offsetX);
  pinched = fingers.size === 2;
  if (pinched) {
    timelineDrag = null;
    return;
  }
  timeline.canvas.setPointerCapture(event.pointerId);
  timelineDrag = {
    x: event.offsetX, y: event.clientY, scroll: timeline.scroller.scrollTop, window: { ...state.window }, range: event.shiftKey, moved: false,
  };
}

/** @param {PointerEvent} event */
function moveOverTimeline(event) {
  if (pinched) {
    if (fingers.size === 2 && fingers.has(event.pointerId)) pinch(event);
    return;
  }
  pointer.ns = nsOf(event.offsetX);
  const drag = timelineDrag;
  if (drag && (drag.moved || Math.hypot(event.offsetX - drag.x, event.clientY - drag.y) > 4)) {
    drag.moved = true;
    hideTip();
    const by = (event.offsetX - drag.x) / axisWidth() * (drag.window.to - drag.window.from);
    if (drag.range) selectBetween(nsOf(drag.x), nsOf(event.offsetX));
    else {
      lookAt({ from: drag.window.from - by, to: drag.window.to - by });
      timeline.scroller.scrollTop = drag.scroll + drag.y - event.clientY;
    }
  } else if (!drag) {
    hoverTimeline(event);
  }
  sayValues();
  drawOver();
}

/** @param {number} a @param {number} b */
function selectBetween(a, b) {
  setState({ range: { from: Math.min(a, b), to: Math.max(a, b) } });
}

/** @param {PointerEvent} event */
function endTimelineDrag(event) {
  const drag = timelineDrag;
  timelineDrag = null;
  fingers.delete(event.pointerId);
  pinched = pinched && fingers.size > 0;
  if (drag && !drag.moved) clickTimeline(event);
}

/** The strip and the engine's rows under the pointer. @param {MouseEvent} event */
function placeOf(event) {
  const strip = stripAt(timeline.strips, event.offsetY + timeline.scroller.scrollTop);
  const nsPerPx = (state.window.to - state.window.from) / axisWidth();
  const from = nsOf(Math.floor(event.offsetX));
  if (!strip) return null;
  const depth = depthAt(strip, event.offsetY + timeline.scroller.scrollTop - strip.y);
  const rows = depth < 0 || !strip.lane ? [] : strip.lane.tracks.map((track) => log.tracks[track]?.rows[depth]).filter((row) => row !== undefined);
  return { strip, depth, rows, from, nsPerPx, x: event.clientX, y: event.clientY };
}

const askForHover = newest('hover', ({ place, hit, scope }) => {
  if (pointer.ns === null || timelineDrag) return;
  tipOfHit(place, hit, scope);
});

/** @param {PointerEvent} event */
function hoverTimeline(event) {
  const place = placeOf(event);
  if (!place) {
    hideTip();
    return;
  }
  if (place.strip.kind === 'marks' || place.strip.kind === 'lock' || place.strip.kind === 'counter') {
    tipOfInstant(place);
    return;
  }
  if (!place.rows.length) {
    if (place.strip.kind === 'thin') showTip(place.x, place.y, place.strip.name, []);
    else hideTip();
    return;
  }
  askForHover({ rows: place.rows, from: place.from, nsPerPx: place.nsPerPx, place: { x: place.x, y: place.y, name: place.strip.name } });
}

/** @param {any} place @param {any} hit @param {any} scope */
function tipOfHit(place, hit, scope) {
  if (!hit) {
    hideTip();
  } else if (hit.discarded && !hit.count) {
    showTip(place.x, place.y, siteName(hit.site), [], 'its detail was dropped');
  } else if (hit.count === 1 && scope) {
    showTip(place.x, place.y, scope.text || siteName(scope.site), [formatTime(scope.durationNs), `self ${formatTime(scope.selfNs)}`],
      [stateOfScope(scope), scope.message, place.name, sitePlace(scope.site)].filter(Boolean).join(' · '));
  } else {
    showTip(place.x, place.y, `${plural(hit.count, 'scope')} in this pixel`,
      [`${formatShare(hit.share)} ${siteName(hit.site)}`, `longest ${formatTime(hit.longestNs)}`, hit.failed ? `${formatCount(hit.failed)} of ${formatCount(hit.count)} failed` : ''].filter(Boolean), 'click to zoom in');
  }
}

/** @param {any} place */
function tipOfInstant({ strip, from, nsPerPx, x, y }) {
  if (strip.kind !== 'marks') {
    const facts = factsOfPixel(strip, from);
    if (facts) showTip(x, y, strip.name, ...facts);
    else hideTip();
    return;
  }
  const near = 5 * nsPerPx;
  const hit = timeline.picture?.marks.find((mark) => mark.fromNs - near <= from && mark.toNs + near >= from);
  if (!hit) hideTip();
  else showTip(x, y, hit.text || siteName(hit.site), [formatExact(hit.fromNs)], hit.number > 1 ? `the first of ${plural(hit.number, 'mark')} here` : trackName(hit.track));
}

/** @param {PointerEvent} event */
async function clickTimeline(event) {
  const place = placeOf(event);
  if (place && place.strip.kind === 'thin') {
    setOpen(true, place.strip.key);
    return;
  }
  if (nsOf(event.offsetX) < droppedUntil()) {
    readPast();
    return;
  }
  const hit = place && place.rows.length ? await tryAsk('hit', { rows: place.rows, from: place.from, nsPerPx: place.nsPerPx }) : null;
  if (!hit || !hit.count) {
    setState({ scope: null });
    return;
  }
  if (hit.count > 1) {
    showRange(hit.fromNs, hit.toNs);
    return;
  }
  const again = selectedScope && selectedScope.row === hit.row && selectedScope.index === hit.index;
  if (again) zoomToScope();
  else await selectScope(hit.row, hit.index);
}
