// SPDX-License-Identifier: MIT
// A tree of boxes on a canvas, in which one can walk and zoom with the pointer and by keys. What a box is called, what it looks like
// and what is said of it is its view's.

/** A box: `parent` is an index, and of a root no box's. @typedef {{parent: number, site: number, depth: number, offsetNs: number, totalNs: number}} Box */

const FLAME_ROW = 20;

/** @template {Box} Frame */
class TreeCanvas {
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
    this.depths = 0;
    this.total = 0;
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

  /** @param {Frame} _frame */
  name(_frame) { return ''; }

  /** @param {Frame} _frame */
  colour(_frame) { return ''; }

  /** Lines of the tip. @param {Frame} _frame @returns {{facts: string[], note: string}} */
  facts(_frame) { return { facts: [], note: '' }; }

  /** What a screen reader says beside them. @param {Frame} _frame */
  more(_frame) { return ''; }

  /** @param {CanvasRenderingContext2D} _context @param {Frame} _frame @param {{x: number, y: number, width: number}} _box @param {string} _ink */
  paintFrame(_context, _frame, _box, _ink) {}

  /** @param {Frame[]} frames */
  show(frames) {
    this.frames = frames;
    this.depths = frames.reduce((most, frame) => Math.max(most, frame.depth + 1), 0);
    this.total = frames.reduce((end, frame) => (this.isRoot(frame) ? Math.max(end, frame.offsetNs + frame.totalNs) : end), 0);
    this.focus = this.find(this.path);
    this.at = frames.length ? Math.max(0, this.focus) : -1;
    this.spacer.style.height = `${this.depths * FLAME_ROW + 8}px`;
    this.draw();
  }

  /** @param {Frame} frame */
  isRoot(frame) {
    return !this.frames[frame.parent];
  }

  /** The frame that a path of sites leads to. @param {number[]} path */
  find(path) {
    let parent = -1;
    for (const site of path) {
      const next = this.frames.findIndex((frame) => frame.site === site && this.parentOf(frame) === parent);
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
    const rise = Math.max(tall, this.depths * FLAME_ROW + 8);
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

  /** @param {CanvasRenderingContext2D} context @param {string} name @param {{x: number, y: number, width: number}} box @param {string} ink */
  paintLabel(context, name, { x, y, width }, ink) {
    const text = width > 26 ? fitted(context, name, width - 10) : '';
    context.fillStyle = ink;
    if (text) context.fillText(text, x + 5, y + FLAME_ROW / 2);
  }

  /** Frames that can be seen, as boxes of an SVG. */
  svg() {
    const place = placeInView(this.canvas);
    const boxes = [];
    for (const frame of this.frames) {
      const { x, y, width } = this.box(frame);
      if (width < 0.3 || y < 0 || y > place.height) continue;
      const box = { x: place.x + x, y: place.y + y, width: width - 0.5, height: FLAME_ROW - 1 };
      boxes.push(svgBox(box, this.colour(frame), this.name(frame)));
    }
    return boxes;
  }

  /** @param {MouseEvent} event */
  hit(event) {
    for (let i = this.frames.length - 1; i >= 0; i--) {
      const { x, y, width } = this.box(this.frames[i]);
      if (event.offsetX >= x && event.offsetX < x + width && event.offsetY >= y && event.offsetY < y + FLAME_ROW) return i;
    }
    return -1;
  }

  /** @param {PointerEvent} event */
  hover(event) {
    const i = this.hit(event);
    this.canvas.style.cursor = i < 0 ? 'default' : 'pointer';
    if (i < 0) {
      hideTip();
      return;
    }
    const { facts, note } = this.facts(this.frames[i]);
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
    this.zoomTo(i === this.focus ? this.parentOf(this.frames[i]) : i);
    this.choose(this.frames[i]);
  }

  /** @param {Frame} frame */
  parentOf(frame) {
    return this.isRoot(frame) ? -1 : frame.parent;
  }

  /** @param {number} i */
  zoomTo(i) {
    this.focus = i;
    this.path = [];
    for (let at = i; at >= 0; at = this.parentOf(this.frames[at])) this.path.unshift(this.frames[at].site);
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
    else if (event.key === outward) next = this.parentOf(frame);
    else if (event.key === 'ArrowRight') next = siblings[siblings.indexOf(this.at) + 1] ?? -1;
    else if (event.key === 'ArrowLeft') next = siblings[siblings.indexOf(this.at) - 1] ?? -1;
    else if (event.key === 'Enter' || event.key === ' ') this.take(this.at);
    else if (event.key === 'Escape' && this.focus >= 0) this.zoomTo(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (next < 0) return;
    this.at = next;
    const there = this.frames[next];
    announce([this.name(there), ...this.facts(there).facts, `depth ${there.depth + 1}`, this.more(there)].filter(Boolean).join(', '));
    this.draw();
  }
}
