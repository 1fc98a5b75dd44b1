// SPDX-License-Identifier: MIT
// Numbers, times, shares and sizes as text.

/** @typedef {{ns: number, name: string}} TimeUnit */

/** @type {TimeUnit[]} */
const TIME_UNITS = [
  { ns: 1e9, name: 's' }, { ns: 1e6, name: 'ms' }, { ns: 1e3, name: 'µs' }, { ns: 1, name: 'ns' },
];
const NARROW_SPACE = '\u202f';

/** The unit in which `ns` has one to three digits before its point. @param {number} ns @returns {TimeUnit} */
function timeUnit(ns) {
  const size = Math.abs(ns);
  return TIME_UNITS.find((unit) => size >= unit.ns) || TIME_UNITS[3];
}

/** @param {number} n @param {number} decimals */
function fixed(n, decimals) {
  const text = n.toFixed(decimals);
  const point = text.indexOf('.');
  const whole = point < 0 ? text : text.slice(0, point);
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (point < 0 ? '' : text.slice(point));
}

/** Three digits, rounded once as wick_text_duration does, and the unit: `1.24 ms`. @param {number} ns @returns {string} */
function formatTime(ns) {
  if (!Number.isFinite(ns)) return '–';
  if (ns < 0) return `-${formatTime(-ns)}`;
  let step = 1;
  let decimals = 3;
  while (Math.round(ns / step) >= 1000 && step < 1e9) {
    step *= 10;
    decimals = (decimals || 3) - 1;
  }
  const number = Math.round(ns / step) * step;
  const unit = timeUnit(number);
  return `${(number / unit.ns).toFixed(step > 1 ? decimals : 0)}${NARROW_SPACE}${unit.name}`;
}

/** A duration as it is, for the tip of one with three digits. @param {number} ns */
function exactTime(ns) {
  return Number.isFinite(ns) ? `${fixed(ns, 0)}${NARROW_SPACE}ns` : null;
}

/** Exact to the nanosecond, for tooltips and copies: `1.234567891 s`. @param {number} ns */
function formatExact(ns) {
  const negative = ns < 0 ? '-' : '';
  const whole = Math.floor(Math.abs(ns) / 1e9);
  const rest = String(Math.round(Math.abs(ns) - whole * 1e9)).padStart(9, '0');
  return `${negative}${fixed(whole, 0)}.${rest}${NARROW_SPACE}s`;
}

/** @param {number} n */
function formatCount(n) {
  return Number.isInteger(n) ? fixed(n, 0) : String(Number(n.toPrecision(6)));
}

/** A sum of values, whole ones to all their 64 bits. @param {{value: number, valueLow: number, valueHigh: number, valueIsWhole: number}} item */
function formatValue({ value, valueLow, valueHigh, valueIsWhole }) {
  if (!valueIsWhole) return formatCount(value);
  const bits = BigInt(valueHigh) << 32n | BigInt(valueLow);
  return String(valueIsWhole > 1 ? bits : BigInt.asIntN(64, bits)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** @param {number} share 0..1 */
function formatShare(share) {
  if (!Number.isFinite(share)) return '–';
  const tenths = Math.round(share * 1000);
  return `${share > 0 && !tenths ? '<0.1' : fixed(tenths / 10, 1)}%`;
}

/** The same with as many digits as a share below a thousandth needs. @param {number} share */
function formatSmallShare(share) {
  return share > 0 && share < 0.0005 ? `${Number((share * 100).toPrecision(1))}%` : formatShare(share);
}

/** Three digits and a power of a thousand: `116 M`. @param {number} n */
function formatShort(n) {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.abs(n) * 1.0005) / 3)));
  return n ? `${Number((n / 1000 ** power).toPrecision(3))}${['', 'k', 'M', 'G', 'T'][power]}` : '0';
}

/** @param {number} n */
function formatBytes(n) {
  const names = ['B', 'KiB', 'MiB', 'GiB'];
  let i = 0;
  for (; n >= 1024 && i < 3; i++) n /= 1024;
  return `${fixed(n, i && n < 100 ? 1 : 0)}${NARROW_SPACE}${names[i]}`;
}

/** `2 open`, or nothing. @param {any} row @param {string} word */
function countOf(row, word) {
  return row[word] ? `${formatCount(row[word])} ${word}` : '';
}

/** `one thread`, `3 threads`. @param {number} n @param {string} noun */
function plural(n, noun) {
  return `${formatCount(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** Wall clock time with as many decimals as `step` needs. @param {bigint} originNs @param {number} ns @param {number} step */
function formatClock(originNs, ns, step) {
  const at = originNs + BigInt(Math.round(ns));
  const fraction = (at % 1000000000n + 1000000000n) % 1000000000n; // also before 1970
  const date = new Date(Number((at - fraction) / 1000000n));
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const decimals = step >= 1e9 ? 0 : step >= 1e6 ? 3 : step >= 1e3 ? 6 : 9;
  return decimals ? `${clock}.${String(fraction).padStart(9, '0').slice(0, decimals)}` : clock;
}

/** The distance of ruler marks: 1, 2 or 5 times a power of ten, at least `ns`. @param {number} ns */
function niceStep(ns) {
  const power = 10 ** Math.floor(Math.log10(Math.max(ns, 1)));
  for (const factor of [1, 2, 5]) {
    if (power * factor >= ns) return power * factor;
  }
  return power * 10;
}
