// SPDX-License-Identifier: MIT
// A merged tree on a canvas: icicles, flames, or the two halves of the sandwich. The engine merges, and leaves out frames that
// are narrower than a pixel.

/** @typedef {{parent: number, site: number, track: number, depth: number, offsetNs: number, totalNs: number, selfNs: number, count: number, failed: number, unfinished: number, value: number}} Frame */

const FLAME_MERGED = 0;
const FLAME_THREADS = 1;
const FLAME_INVERTED = 2;
const FLAME_CALLERS = 3;
const FLAME_CALLEES = 4;
const FLAME_ROW = 20;
/** WK_FLAME_DEEP of the engine */
const CALLERS_MOST = 256;

/** One canvas with a tree on it. */
class FlameGraph {
  /** @param {string} label @param {(frame: Frame) => void} choose */
  constructor(label, choose) {
    this.label = label;
    this.choose = choose;
    /** @type {Frame[]} */
    this.frames = [];
    /** @type {number[]} sites from the root to the frame that fills the width */
    this.path = [];
    this.focus = -1;
    this.at = -1;
    this.upward = false;
    this.told = false;
    /** widths as text */
    this.format = formatTime;
    /** @type {(() => void)|null} */
    this.onzoom = null;
    this.canvas = el('canvas', { tabindex: '0', role: 'application', 'aria-roledescription': 'flame graph', 'aria-label': label, 'data-own-keys': 'arrows' });
    this.spacer = el('div');
    this.root = el('div', { class: 'flame' }, this.canvas, this.spacer);
    this.draw = onceAFrame(() => this.paint());
    this.root.addEventListener('scroll', this.draw);
    this.canvas.addEventListener('pointermove', (event) => this.hover(event));
    this.canvas.addEventListener('pointerleave', () => { hideTip(); });
    this.canvas.addEventListener('click', (event) => this.click(event));
    this.canvas.addEventListener('keydown', (event) => this.key(event));
    this.canvas.addEventListener('focus', this.draw);
    new ResizeObserver(this.draw).observe(this.root);
  }

  /** @param {Frame[]} frames @param {boolean} inward from a scope to its callers: so many levels of them */
  show(frames, inward = false) {
    this.frames = frames;
    this.depths = frames.reduce((most, frame) => Math.max(most, frame.depth + 1), 0);
    if (inward && this.depths === CALLERS_MOST && !this.told) {
      this.told = true;
      showNotice(`Callers further away than ${CALLERS_MOST} levels are left out.`);
    }
    this.total = frames.reduce((end, frame) => (frame.parent === NO_INDEX ? Math.max(end, frame.offsetNs + frame.totalNs) : end), 0);
    this.focus = this.find(this.path);
    this.at = frames.length ? Math.max(0, this.focus) : -1;
    this.spacer.style.height = `${(this.depths || 0) * FLAME_ROW + 8}px`;
    this.draw();
  }

  /** The frame that a path of sites leads to. @param {number[]} path */
  find(path) {
    let parent = NO_INDEX;
    for (const site of path) {
      const next = this.frames.findIndex((frame) => frame.parent === parent && frame.site === site);
      if (next < 0) return -1;
      parent = next;
    }
    return path.length ? parent : -1;
  }

  get scope() {
    const frame = this.frames[this.focus];
    return frame ? { from: frame.offsetNs, to: frame.offsetNs + frame.totalNs } : { from: 0, to: this.total || 1 };
  }

  /** @param {Frame} frame */
  box(frame) {
    const { from, to } = this.scope;
    const width = this.canvas.clientWidth;
    const x0 = Math.max(0, (frame.offsetNs - from) / (to - from) * width);
    const x1 = Math.min(width, (frame.offsetNs + frame.totalNs - from) / (to - from) * width);
    const tall = this.canvas.clientHeight;
    const row = frame.depth * FLAME_ROW + 4 - (this.upward ? 0 : this.root.scrollTop);
    const rise = Math.max(tall, (this.depths || 0) * FLAME_ROW + 8);
    const y = this.upward ? rise - row - FLAME_ROW - this.root.scrollTop : row;
    return { x: x0, y, width: x1 - x0 };
  }

  paint() {
    if (!this.root.isConnected) return;
    this.canvas.style.height = `${this.root.clientHeight}px`;
    const { context } = clearCanvas(this.canvas);
    const ink = labelInk();
    this.frames.forEach((frame, i) => {
      const { x, y, width: wide } = this.box(frame);
      if (wide < 0.4 || y < -FLAME_ROW || y > this.canvas.clientHeight) return;
      this.paintFrame(context, frame, { x, y, width: wide }, ink);
      if (i === this.at && document.activeElement === this.canvas) {
        context.strokeStyle = token('--text');
        context.lineWidth = 2;
        context.strokeRect(x + 1, y + 1, Math.max(1, wide - 2), FLAME_ROW - 3);
      }
    });
  }

  /** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {{x: number, y: number, width: number}} box @param {string} ink */
  paintFrame(context, frame, { x, y, width }, ink) {
    const thread = frame.site === NO_INDEX;
    const dim = state.query && !thread && !search.sites[frame.site];
    context.globalAlpha = dim ? 0.28 : 1;
    context.fillStyle = thread ? token('--line') : siteColour(frame.site);
    const gap = width > 3 ? 1 : 0;
    context.fillRect(x, y, Math.max(0.5, width - gap), FLAME_ROW - 1);
    if (frame.failed) {
      context.fillStyle = token('--bad');
      // Its length is the share of calls that failed.
      context.fillRect(x, y + FLAME_ROW - 3, Math.max(1, (width - gap) * Math.min(1, frame.failed / (frame.count || 1))), 2);
    }
    if (frame.site === state.name && !thread) {
      context.strokeStyle = token('--text');
      context.lineWidth = 1.5;
      context.strokeRect(x + 0.75, y + 0.75, Math.max(0.5, width - gap - 1.5), FLAME_ROW - 2.5);
    }
    const text = width > 26 ? fitted(context, this.name(frame), width - 10) : '';
    context.fillStyle = thread ? token('--text') : ink;
    if (text) context.fillText(text, x + 5, y + FLAME_ROW / 2);
    context.globalAlpha = 1;
  }

  /** Frames that can be seen, as boxes of an SVG. */
  svg() {
    const place = placeInView(this.canvas);
    const boxes = [];
    for (const frame of this.frames) {
      const { x, y, width } = this.box(frame);
      if (width < 0.3 || y < 0 || y > place.height) continue;
      const box = { x: place.x + x, y: place.y + y, width: width - 0.5, height: FLAME_ROW - 1 };
      boxes.push(svgBox(box, frame.site === NO_INDEX ? token('--line') : siteColour(frame.site), this.name(frame)));
    }
    return boxes;
  }

  /** @param {Frame} frame */
  name(frame) {
    return frame.site === NO_INDEX ? trackName(frame.track) : siteName(frame.site);
  }

  /** @param {MouseEvent} event */
  hit(event) {
    for (let i = this.frames.length - 1; i >= 0; i--) {
      const { x, y, width } = this.box(this.frames[i]);
      if (event.offsetX >= x && event.offsetX < x + width && event.offsetY >= y && event.offsetY < y + FLAME_ROW) return i;
    }
    return -1;
  }

  /** @param {number} i */
  facts(i) {
    const frame = this.frames[i];
    const parent = this.frames[frame.parent];
    const facts = [this.format(frame.totalNs), formatShare(frame.totalNs / (this.total || 1)), `self ${this.format(frame.selfNs)}`, `${formatCount(frame.count)}×`];
    const note = [parent ? `${formatShare(frame.totalNs / parent.totalNs)} of ${this.name(parent)}` : '', frame.site === NO_INDEX ? '' : sitePlace(frame.site)];
    return { facts, note: note.filter(Boolean).join(' · ') };
  }

  /** @param {PointerEvent} event */
  hover(event) {
    const i = this.hit(event);
    this.canvas.style.cursor = i < 0 ? 'default' : 'pointer';
    if (i < 0) {
      hideTip();
      return;
    }
    const { facts, note } = this.facts(i);
    showTip(event.clientX, event.clientY, this.name(this.frames[i]), facts, note);
  }

  /** @param {MouseEvent} event */
  click(event) {
    const i = this.hit(event);
    if (i >= 0) this.take(i);
    else this.zoomTo(-1);
  }

  /** @param {number} i */
  take(i) {
    this.at = i;
    this.zoomTo(i === this.focus ? this.parentOf(i) : i);
    this.choose(this.frames[i]);
  }

  /** @param {number} i */
  parentOf(i) {
    const { parent } = this.frames[i];
    return parent === NO_INDEX ? -1 : parent;
  }

  /** @param {number} i */
  zoomTo(i) {
    this.focus = i;
    this.path = [];
    for (let at = i; at >= 0; at = this.parentOf(at)) this.path.unshift(this.frames[at].site);
    this.draw();
    this.onzoom?.();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const frame = this.frames[this.at];
    if (!frame) return;
    const inward = this.upward ? 'ArrowUp' : 'ArrowDown';
    const outward = this.upward ? 'ArrowDown' : 'ArrowUp';
    const siblings = this.frames.map((f, i) => ({ f, i })).filter(({ f }) => f.parent === frame.parent).map(({ i }) => i);
    let next = -1;
    if (event.key === inward) next = this.frames.findIndex((f) => f.parent === this.at);
    else if (event.key === outward) next = this.parentOf(this.at);
    else if (event.key === 'ArrowRight') next = siblings[siblings.indexOf(this.at) + 1] ?? -1;
    else if (event.key === 'ArrowLeft') next = siblings[siblings.indexOf(this.at) - 1] ?? -1;
    else if (event.key === 'Enter' || event.key === ' ') this.take(this.at);
    else if (event.key === 'Escape' && this.focus >= 0) this.zoomTo(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (next < 0) return;
    this.at = next;
    const { facts } = this.facts(next);
    announce(`${this.name(this.frames[next])}, ${facts.join(', ')}, depth ${this.frames[next].depth + 1}, ${plural(this.frames[next].failed, 'error')}`);
    this.draw();
  }
}
