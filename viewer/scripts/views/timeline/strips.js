// SPDX-License-Identifier: MIT
// What stands where in the timeline, from top to bottom: marks, counters, lanes, locks. Strips are sorted by y and do not
// overlap; they do not depend on the window.

/**
 * @typedef {object} Strip
 * @property {'marks'|'counter'|'lane'|'thin'|'fold'|'group'|'lock'} kind
 * @property {string} key
 * @property {string} name
 * @property {number} y
 * @property {number} height
 * @property {Lane} [lane]
 * @property {Lane[]} [lanes]   of a group
 * @property {number[][]} [places]  of a counter or a lock
 * @property {string} [fold]    which group a fold opens
 * @property {boolean} [open]   a fold: whether it is
 */

const ROW_HEIGHT = 18;
const LANE_PADDING = 3;
const THIN_HEIGHT = 6;
const BUTTON_HEIGHT = 24;
const COUNTER_HEIGHT = 40;
/** So many counters and so many locks are shown at first. */
const STRIPS_SHOWN = 4;
/** Up to so many lanes all are open; with more, idle ones are thin. */
const OPEN_LANES = 12;
/** Levels of a lane that are shown at first. */
const DEPTH_SHOWN = 24;

const folds = {
  /** @type {Map<string, boolean>} what the reader opened and closed */
  choice: new Map(),
  /** @type {string[]} keys of lanes that the reader pinned */
  pinned: [],
  /** threads are shown whose name has this */
  filter: '',
  /** busy, name or start */
  order: 'busy',
};

/** @param {string} key @param {boolean} otherwise */
function isOpen(key, otherwise) {
  return folds.choice.get(key) ?? otherwise;
}

/** The reader opens or closes parts of the timeline. @param {boolean} open @param {...string} keys */
function setOpen(open, ...keys) {
  for (const key of keys) folds.choice.set(key, open);
  emit('folds');
}

/** @param {string[]} keys of lanes */
function setPinned(keys) {
  folds.pinned = keys;
  emit('folds');
}

/** Whether a lane does next to nothing, compared with the busiest one. @param {Lane} lane @param {number} busiest */
function isIdle(lane, busiest) {
  return lane.busyNs < busiest * 0.002;
}

/** Rows of a lane: one per level. @param {Lane} lane */
function laneRows(lane) {
  const all = isOpen(`deep ${lane.key}`, false);
  return all ? lane.depth : Math.min(lane.depth, DEPTH_SHOWN);
}

/** @returns {Strip[]} */
function buildStrips() {
  /** @type {Strip[]} */
  const strips = [];
  let y = 0;
  const add = (/** @type {any} */ strip) => {
    strips.push({ ...strip, y });
    y += strip.height;
  };
  if (log.stats && log.stats.marks > 0) add({ kind: 'marks', key: 'marks', name: 'Marks', height: BUTTON_HEIGHT });
  addSites(add, 'counter');
  addLanes(add);
  addSites(add, 'lock');
  return strips;
}

/** Add counters or locks: the first few, the others behind a fold. @param {(strip: any) => void} add @param {'counter'|'lock'} kind */
function addSites(add, kind) {
  const all = log.beside.filter((one) => one.kind === kind).map((one) => ({ ...one, height: kind === 'counter' ? COUNTER_HEIGHT : BUTTON_HEIGHT }));
  const noun = `${kind}s`;
  const open = isOpen(noun, false);
  for (const strip of open ? all : all.slice(0, STRIPS_SHOWN)) add(strip);
  if (all.length > STRIPS_SHOWN) {
    add({ kind: 'fold', key: noun, fold: noun, open, name: open ? `Fewer ${noun}` : `${all.length - STRIPS_SHOWN} more ${noun}`, height: BUTTON_HEIGHT });
  }
}

/** The lanes that the filter lets pass, in the chosen order. */
function chosenLanes() {
  const filter = folds.filter.toLowerCase();
  const lanes = log.lanes.filter(({ name }) => name.toLowerCase().includes(filter));
  if (folds.order === 'name') lanes.sort((a, b) => a.name.localeCompare(b.name, [], { numeric: true }));
  if (folds.order === 'start') lanes.sort((a, b) => a.firstNs - b.firstNs);
  return lanes;
}

/** @param {Lane} lane */
function poolKey({ process, poolName }) {
  return `pool ${process} ${poolName}`;
}

/** Add the lanes, those of each process under its name. @param {(strip: any) => void} add */
function addLanes(add) {
  const lanes = chosenLanes();
  const pinned = lanes.filter((lane) => folds.pinned.includes(lane.key));
  const rest = lanes.filter((lane) => !pinned.includes(lane));
  for (const lane of pinned) addLane(add, lane);
  if (processNames.size < 2) return addPools(add, rest);
  for (const process of new Set(rest.map((lane) => lane.process))) {
    const key = `process ${process}`;
    const open = isOpen(key, true);
    const { program } = log.tracks[rest.find((lane) => lane.process === process)?.tracks[0] || 0];
    add({ kind: 'fold', key, fold: key, open, name: `${open ? '▾' : '▸'} ${program.replace(/^.*\//, '')} ${processNames.get(process)}`, height: BUTTON_HEIGHT });
    if (open) addPools(add, rest.filter((lane) => lane.process === process));
  }
}

/** @param {(strip: any) => void} add @param {Lane} lane */
function addLane(add, lane) {
  add({ kind: 'lane', key: lane.key, name: lane.name, lane, height: laneHeight(lane) });
}

/** Add lanes: large pools as one strip that opens, idle threads thin when there are many. @param {(strip: any) => void} add @param {Lane[]} lanes */
function addPools(add, lanes) {
  /** @type {Map<string, Lane[]>} */
  const pools = new Map();
  for (const lane of lanes) pools.set(poolKey(lane), [...pools.get(poolKey(lane)) || [], lane]);
  const busiest = lanes.reduce((most, lane) => Math.max(most, lane.busyNs), 0);
  const many = lanes.length > OPEN_LANES;
  /** @type {Lane[]} */
  const thin = [];
  for (const [key, pool] of pools) {
    const group = pool.length > OPEN_LANES && !folds.filter;
    const open = isOpen(key, false);
    if (group) add({ kind: 'group', key, fold: key, open, name: `${open ? '▾' : '▸'} ${pool[0].poolName} ×${pool.reduce((sum, { tracks }) => sum + tracks.length, 0)}`, lanes: pool, height: BUTTON_HEIGHT });
    for (const lane of group && !open ? [] : pool) {
      if (group || isOpen(lane.key, !many || !isIdle(lane, busiest))) addLane(add, lane);
      else thin.push(lane);
    }
  }
  if (!thin.length) return;
  add({ kind: 'fold', key: 'idle', fold: 'idle', open: false, name: `${plural(thin.length, 'thread')} with little work`, height: BUTTON_HEIGHT });
  for (const lane of thin) add({ kind: 'thin', key: lane.key, name: lane.name, lane, height: THIN_HEIGHT });
}

/** @param {Lane} lane */
function laneHeight(lane) {
  return Math.max(BUTTON_HEIGHT, laneRows(lane) * ROW_HEIGHT + 2 * LANE_PADDING);
}

/** @param {Strip} strip @param {number} y inside the strip @returns {number} depth, or -1 */
function depthAt(strip, y) {
  if (strip.kind === 'thin') return 0;
  if (strip.kind !== 'lane' || !strip.lane) return -1;
  const depth = Math.floor((y - LANE_PADDING) / ROW_HEIGHT);
  return depth >= 0 && depth < laneRows(strip.lane) ? depth : -1;
}

/** @param {Strip[]} strips @param {number} y */
function stripAt(strips, y) {
  let low = 0;
  let high = strips.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const strip = strips[middle];
    if (y < strip.y) high = middle - 1;
    else if (y >= strip.y + strip.height) low = middle + 1;
    else return strip;
  }
  return null;
}

/** @param {Strip[]} strips */
function stripsHeight(strips) {
  const last = strips[strips.length - 1];
  return last ? last.y + last.height : 0;
}
