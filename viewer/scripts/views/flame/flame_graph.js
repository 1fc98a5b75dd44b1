// SPDX-License-Identifier: MIT
// A merged tree: icicles, flames, or the two halves of the sandwich. The engine merges, and leaves out frames that are narrower
// than a pixel.

/** @typedef {{parent: number, site: number, track: number, depth: number, offsetNs: number, totalNs: number, selfNs: number, count: number, failed: number, unfinished: number, value: number}} Frame */

const FLAME_MERGED = 0;
const FLAME_THREADS = 1;
const FLAME_INVERTED = 2;
const FLAME_CALLERS = 3;
const FLAME_CALLEES = 4;
/** WK_FLAME_DEEP of the engine */
const CALLERS_MOST = 256;

/** @extends {TreeCanvas<Frame>} */
class FlameGraph extends TreeCanvas {
  told = false;
  /** from a scope to its callers */
  inward = false;
  /** widths as text */
  format = formatTime;

  /** @param {Frame[]} frames */
  show(frames) {
    super.show(frames);
    if (this.inward && this.depths === CALLERS_MOST && !this.told) {
      this.told = true;
      showNotice(`Callers further away than ${CALLERS_MOST} levels are left out.`);
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {{x: number, y: number, width: number}} box @param {string} ink */
  paintFrame(context, frame, box, ink) {
    const { x, y, width } = box;
    const thread = frame.site === NO_INDEX;
    const dim = state.query && !thread && !search.sites[frame.site];
    context.globalAlpha = dim ? 0.28 : 1;
    context.fillStyle = this.colour(frame);
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
    this.paintLabel(context, this.name(frame), box, thread ? token('--text') : ink);
    context.globalAlpha = 1;
  }

  /** @param {Frame} frame */
  colour(frame) {
    return frame.site === NO_INDEX ? token('--line') : siteColour(frame.site);
  }

  /** @param {Frame} frame */
  name(frame) {
    return frame.site === NO_INDEX ? trackName(frame.track) : siteName(frame.site);
  }

  /** @param {Frame} frame */
  facts(frame) {
    const parent = this.frames[frame.parent];
    const facts = [this.format(frame.totalNs), formatShare(frame.totalNs / (this.total || 1)), `self ${this.format(frame.selfNs)}`, `${formatCount(frame.count)}×`];
    const note = [parent ? `${formatShare(frame.totalNs / parent.totalNs)} of ${this.name(parent)}` : '', frame.site === NO_INDEX ? '' : sitePlace(frame.site)];
    return { facts, note: note.filter(Boolean).join(' · ') };
  }

  /** @param {Frame} frame */
  more(frame) {
    return plural(frame.failed, 'error');
  }
}
