// SPDX-License-Identifier: MIT
// Places of two builds as one flame graph: blue took less, vermilion more, hatched is in one of them alone. What colour says,
// text says, too.

/** @typedef {Place & {site: number, offsetNs: number, totalNs: number}} PlaceBox */

const LESS_HUE = 250;
const MORE_HUE = 45;
/** @extends {TreeCanvas<PlaceBox>} */
class ComparisonGraph extends TreeCanvas {
  /** what colours and percents are of */
  what = JUDGED;
  /** names that are searched for, in lower case */
  query = '';
  chosen = -1;

  /** @param {CanvasRenderingContext2D} context @param {PlaceBox} frame @param {{x: number, y: number, width: number}} box @param {string} ink */
  paintFrame(context, frame, box, ink) {
    const { x, y, width } = box;
    const wide = Math.max(0.5, width - (width > 3 ? 1 : 0));
    context.globalAlpha = this.query && !frame.name.toLowerCase().includes(this.query) ? 0.28 : 1;
    context.fillStyle = this.colour(frame);
    context.fillRect(x, y, wide, FLAME_ROW - 1);
    if (frame.match === 'new' || frame.match === 'removed') {
      context.fillStyle = hatchOf(context, token('--line-strong'));
      context.fillRect(x, y, wide, FLAME_ROW - 1);
    }
    if (frame.site === this.chosen) {
      context.strokeStyle = token('--text');
      context.lineWidth = 1.5;
      context.strokeRect(x + 0.75, y + 0.75, Math.max(0.5, wide - 1.5), FLAME_ROW - 2.5);
    }
    this.paintLabel(context, this.name(frame), box, ink);
    context.globalAlpha = 1;
  }

  /** @param {PlaceBox} frame */
  colour(frame) {
    const { lightness } = PALETTES[colourScheme()];
    const strength = strengthOf(frame, this.what) || 0;
    return cssColour(oklchToRgb(lightness, 0.004 + 0.126 * Math.abs(strength), strength < 0 ? LESS_HUE : MORE_HUE));
  }

  /** @param {PlaceBox} frame */
  name(frame) {
    return `${frame.judged?.class === 'worse' ? '! ' : ''}${frame.name} ${changeText(frame, this.what)}`.trimEnd();
  }

  /** @param {PlaceBox} frame */
  facts(frame) {
    const side = (/** @type {number} */ what, /** @type {(n: number) => string} */ format) => (
      `${format(frame.base[what] ?? NaN)} → ${format(frame.candidate[what] ?? NaN)}`);
    const { judged } = frame;
    return {
      facts: [`total ${side(TOTAL, formatTime)}`, `self ${side(SELF, formatTime)}`, `calls ${side(CALLS, formatCount)}`, `a call ${side(P50, formatTime)}`],
      note: [judged ? verdictOf(judged) : 'too small to be judged', frame.match === 'same' ? '' : frame.match, frame.place].filter(Boolean).join(' · '),
    };
  }

  /** @param {PlaceBox} frame */
  more(frame) {
    return this.facts(frame).note;
  }
}

/** What was decided about a place: `! cost worse, calls better`; !: it makes the comparison fail. @param {any} judged */
function verdictOf(judged) {
  const changed = changedMetrics(judged);
  return changed.length ? (judged.class === 'worse' ? '! ' : '') + changed.map((metric) => `${metric} ${judged[metric].outcome}`).join(', ') : judged.class === 'blind' ? 'blind' : 'equal';
}
