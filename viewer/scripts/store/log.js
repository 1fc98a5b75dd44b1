// SPDX-License-Identifier: MIT
// What is known of the log: totals, sites, tracks, lanes, colours. Lanes are the rows of the timeline: tracks that never overlap
// share one. Indices of sites and tracks are the engine's.

/** @typedef {{name: string, location: string, file: string, category: string, line: number, colour: number, kind: number}} Site */
/** @typedef {{name: string, host: string, program: string, pid: number, process: number, depth: number, firstNs: number, lastNs: number, busyNs: number, rows: number[]}} Track */
/** @typedef {{key: string, name: string, tracks: number[], depth: number, busyNs: number, firstNs: number, pool: number, poolName: string, process: number}} Lane */
/** A counter or a lock: the places of one name in one process, as pairs of site and process. @typedef {{kind: 'counter'|'lock', key: string, name: string, places: number[][]}} Beside */

const SITE_COUNTER = 4;
const SITE_LOCK = 5;
const NO_INDEX = 0xffffffff;
/** Numbers per pixel: engine_counters gives least, largest, last. */
const COUNTER_NUMBERS = 3;
/** engine_locks gives held, waited, longest hold, longest wait, holds, waits, holder. */
const LOCK_NUMBERS = 7;

const log = {
  title: '',
  /** @type {any} */
  stats: null,
  origin: 0n,
  /** @type {Site[]} */
  sites: [],
  /** @type {Track[]} */
  tracks: [],
  /** @type {Lane[]} */
  lanes: [],
  /** @type {string[]} by site; of two sites of one name also the place */
  names: [],
  /** @type {Beside[]} */
  beside: [],
  /** @type {string[]} css colours by site */
  colours: [],
  /** @type {string[]} names of the logs that were opened */
  inputs: [],
  /** what was left out of the logs or lost, in lines */
  leftOut: '',
  /** @type {[string, string][]} what the program wrote about its run */
  properties: [],
  version: -1,
  rows: -1,
  /** ns since the start up to which open scopes grow; the last record's time when nothing is live */
  now: 0,
};

function logSpan() {
  if (!log.stats || !(log.stats.lastNs > log.stats.firstNs)) return { from: log.stats ? log.stats.firstNs : 0, to: (log.stats ? log.stats.firstNs : 0) + 1000 };
  return { from: log.stats.firstNs, to: Math.max(log.stats.lastNs, log.now) };
}

/** The name of a file to keep. @param {string} ending */
function fileName(ending) {
  return `${(log.title || 'wick').replace(/[^\w.-]+/g, '_').slice(0, 80)}.${ending}`;
}

/** @param {number} site */
function siteName(site) {
  return log.names[site] || '(no name)';
}

/** Tell sites of one name apart: by place, else by location. */
function nameSites() {
  log.names = log.sites.map(({ name, location }) => name || location);
  /** @type {Map<string, number[]>} */
  const same = new Map();
  log.sites.forEach(({ kind }, i) => { if (kind !== SITE_COUNTER && kind !== SITE_LOCK) same.has(log.names[i]) ? same.get(log.names[i])?.push(i) : same.set(log.names[i], [i]); });
  for (const [name, sites] of same) {
    if (sites.length < 2) continue;
    const places = new Set(sites.map(sitePlace));
    for (const site of sites) log.names[site] = `${name} · ${places.size < sites.length ? log.sites[site].location : sitePlace(site)}`;
  }
}

/** `main.c:12` of a site, or its location, as far as known. @param {number} site */
function sitePlace(site) {
  const { location = '', file = '', line = 0 } = log.sites[site] || {};
  if (!file) return location;
  const short = file.slice(commonPath.length);
  return line ? `${short}:${line}` : short;
}

/** @param {number} track */
function trackName(track) {
  const { name = '', process = 0 } = log.tracks[track] || {};
  return processNames.size > 1 ? `${name} · ${processNames.get(process)}` : name;
}

/** @param {number} site */
function siteColour(site) {
  return log.colours[site] || 'gray';
}

/** Pids by process; equal ones are numbered. @type {Map<number, string>} */
let processNames = new Map();
/** The directory of all files; places are shown without it. */
let commonPath = '';

/** @param {string[]} files */
function commonDirectory(files) {
  let common = files[0] || '';
  for (const file of files) {
    while (!file.startsWith(common)) common = common.slice(0, -1);
  }
  return common.slice(0, common.lastIndexOf('/') + 1);
}

/** Read the totals again; sites, tracks and lanes, too, when they changed. */
async function refreshLog() {
  const stats = await ask('stats');
  log.leftOut = await ask('leftOut');
  log.stats = stats;
  log.origin = stats.originNs;
  if (stats.sitesVersion !== log.version || stats.rows !== log.rows) {
    log.version = stats.sitesVersion;
    log.rows = stats.rows;
    const [sites, tracks, layout] = await Promise.all([ask('sites', 0), ask('tracks'), ask('layout', 7).catch(() => [])]);
    log.sites = sites;
    log.tracks = tracks;
    commonPath = commonDirectory(log.sites.map((site) => site.file).filter(Boolean));
    nameSites();
    nameProcesses();
    await findBeside();
    log.lanes = lanesOf(layout.length ? layout : tracks.map(laneOfTrack));
    paintPalette();
  }
  emit('log');
}

function nameProcesses() {
  processNames = new Map();
  /** @type {Map<number, number>} */
  const times = new Map();
  for (const { process, pid, depth } of log.tracks) {
    if (processNames.has(process) || !depth) continue;
    times.set(pid, (times.get(pid) || 0) + 1);
    processNames.set(process, times.get(pid) === 1 ? String(pid) : `${pid} (${times.get(pid)})`);
  }
}

/** Find the counters and locks: one per name and process, because a counter may be set in several places. */
async function findBeside() {
  const processes = [...new Set(log.tracks.map(({ process }) => process))];
  /** @type {Map<string, Beside>} */
  const found = new Map();
  log.sites.forEach(({ kind: number }, site) => {
    const kind = number === SITE_COUNTER ? 'counter' : 'lock';
    if (number !== SITE_COUNTER && number !== SITE_LOCK) return;
    for (const process of processes) {
      const name = siteName(site) + (processNames.size > 1 ? ` · ${processNames.get(process)}` : '');
      const key = `${kind} ${name}`;
      const one = found.get(key) || { kind, key, name, places: [] };
      one.places.push([site, process]);
      found.set(key, one);
    }
  });
  log.beside = [...found.values()];
  if (!found.size) return;
  // A process has some of them, and named sums of scopes are none: the others have no value up to the end.
  const { counters, locks } = await ask('strips', { from: logSpan().from, nsPerPx: logSpan().to - logSpan().from + 1, width: 1, counters: placesOf('counter', log.beside), locks: placesOf('lock', log.beside) });
  const empty = new Set([...counters.keys.filter((/** @type {string} */ _, /** @type {number} */ i) => Number.isNaN(counters.values[i * COUNTER_NUMBERS + 2])),
    ...locks.keys.filter((/** @type {string} */ _, /** @type {number} */ i) => locks.values[i * LOCK_NUMBERS + 6] < 0 && !locks.values[i * LOCK_NUMBERS + 1])]);
  log.beside = log.beside.filter(({ key }) => !empty.has(key));
}

/** Those of a kind, as the worker takes them. @param {'counter'|'lock'} kind @param {{kind: string, key: string, places?: number[][]}[]} among */
function placesOf(kind, among) {
  const own = among.filter((one) => one.kind === kind);
  return { pairs: new Uint32Array(own.flatMap(({ places = [] }, i) => places.flatMap(([site, process]) => [site, process, i]))), keys: own.map(({ key }) => key) };
}

/** @param {Track} track @param {number} i */
function laneOfTrack({ depth, busyNs }, i) {
  return { lane: i, track: i, pool: i, poolName: '', depth, laneBusyNs: busyNs };
}

/** Lanes, the main threads first, then the busiest. @param {any[]} layout @returns {Lane[]} */
function lanesOf(layout) {
  /** @type {Lane[]} */
  const lanes = [];
  for (const { lane: at, track, pool, poolName, depth, laneBusyNs } of layout) {
    const { process, firstNs } = log.tracks[track];
    const lane = lanes[at] ||= { key: `${track}`, name: '', tracks: [], depth, busyNs: laneBusyNs, pool, poolName, process, firstNs };
    lane.tracks.push(track);
    lane.name = lane.tracks.map(trackName).join(', ');
    lane.firstNs = Math.min(lane.firstNs, firstNs);
  }
  const isMain = (/** @type {Lane} */ lane) => Number(/^main\b/.test(lane.name));
  return lanes.filter((lane) => lane && lane.depth).sort((a, b) => isMain(b) - isMain(a) || b.busyNs - a.busyNs);
}

/** Send the engine the colours of this scheme. */
function paintPalette() {
  const scheme = colourScheme();
  const ground = rgbOf(token('--surface'));
  const palette = new Uint32Array(log.sites.length);
  const dimmed = new Uint32Array(log.sites.length);
  log.colours = log.sites.map((site, i) => {
    const own = [site.colour >> 16 & 255, site.colour >> 8 & 255, site.colour & 255];
    const rgb = site.colour === NO_INDEX ? colourOf(site.name || site.location, site.category, scheme) : calmed(own, site.name, scheme);
    palette[i] = packColour(rgb);
    dimmed[i] = packColour(rgb.map((c, k) => Math.round(c * 0.22 + ground[k] * 0.78)));
    return cssColour(rgb);
  });
  const hatch = rgbOf(token('--hatch'));
  return tryAsk('palette', {
    palette, dimmed, background: packColour(ground), hatch: packColour(hatch), other: packColour(oklchToRgb(scheme === 'dark' ? 0.44 : 0.8, 0.01, 255)),
  });
}

/** Feed a log to the engine; the pieces are given away. @param {AsyncIterable<Uint8Array>|Iterable<Uint8Array>} pieces @param {(bytes: number) => void} progress */
async function feedLog(pieces, progress) {
  let bytes = 0;
  let under = Promise.resolve();
  for await (const piece of pieces) {
    await under;
    bytes += piece.byteLength;
    // One piece is on its way while the next one is fetched, no more: images would have to wait.
    under = ask('feed', piece, [piece.buffer]);
    progress(bytes);
  }
  await under;
}

/** @param {ReadableStream<Uint8Array>} stream */
async function* streamPieces(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
