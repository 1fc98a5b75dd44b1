// SPDX-License-Identifier: MIT
// The page's worker: it holds the engine (engine.wasm) and answers requests in order, one call at a time. Statistics and files
// are computed and read in slices, so that a request for an image never waits for them.

/**
 * Layouts of engine.h, field for field: u = uint32_t, f = float, d = double, t = struct engine_text.
 * tests/page/test_page_types compares them with the header.
 * @type {Record<string, string>}
 */
const LAYOUTS = {
  stats: 'd:first_ns d:last_ns d:retained_from_ns d:records d:scopes d:scopes_dropped d:marks d:failed d:unfinished d:lost '
    + 'd:problems d:stray_ends d:backwards d:memory_bytes u:tracks u:rows u:depth_max u:sites_version',
  site: 't:name t:location t:file t:category u:line u:colour u:kind',
  track: 't:name t:host t:program u:pid u:process u:depth d:first_ns d:last_ns d:busy_ns',
  lane_item: 'u:lane u:track u:pool u:depth t:pool_name d:lane_busy_ns',
  streak: 'u:line u:x0 u:x1 u:what u:share',
  label: 'u:line f:x0 f:x1 u:site t:text u:flags',
  hit: 'u:count u:row u:index u:site u:discarded u:failed d:share d:from_ns d:to_ns '
    + 'd:longest_ns',
  scope: 'u:row u:index u:track u:depth u:site u:flags u:unfinished u:children u:parent_row u:parent_index '
    + 'u:first_child_row u:first_child_index u:previous_index u:next_index u:sibling_number u:sibling_count t:text '
    + 't:message d:start_ns d:end_ns d:duration_ns d:self_ns d:cpu_ns d:value d:parent_ns u:has_value u:value_low u:value_high u:value_is_whole '
    + 'u:discarded',
  instant: 'd:from_ns d:to_ns d:number u:track u:site t:text',
  lock_row: 'd:holds d:hold_ns d:held_ns d:longest_hold_ns d:waits d:wait_ns d:p99_wait_ns d:longest_wait_ns',
  lock_block: 'u:strip u:holder u:waiter u:times d:ns',
  search: 'd:scopes d:covered_ns d:selected_ns d:total_ns d:marks d:by_name d:texts d:end_texts u:sites',
  sum: 'd:sum u:site',
  row_stats: 'u:site d:count d:total_ns d:self_ns d:mean_ns d:min_ns d:p50_ns d:p90_ns d:p99_ns d:p999_ns '
    + 'd:max_ns d:failed d:unfinished d:open d:cpu_ns d:value u:value_low u:value_high u:value_is_whole',
  frame: 'u:parent u:site u:track u:depth d:offset_ns d:total_ns d:self_ns d:count d:failed d:unfinished d:value',
  bar: 'd:low_ns d:high_ns d:count d:time_ns',
  instance: 'u:row u:index u:track u:flags u:site t:text t:message d:start_ns d:duration_ns d:self_ns',
};
/** @type {Record<string, number>} */
const ROOMS = { input: 0, text: 1, lines: 2, palette: 3, dimmed: 4, tracks: 5, sites: 6 };
const SLICE_MS = 8;
const NONE = 0xffffffff;

/** @typedef {{name: string, kind: string, at: number}} Field */
/** @type {Map<string, {fields: Field[], bytes: number}>} */
const layouts = new Map();
/** @type {any} */
let engine = null;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The offsets of a struct, as a C compiler for wasm32 lays it out. @param {string} name */
function layoutOf(name) {
  const known = layouts.get(name);
  if (known) return known;
  let at = 0;
  let align = 4;
  const fields = LAYOUTS[name].split(' ').map((field) => {
    const [kind, snake] = field.split(':');
    if (kind === 'd') {
      at = (at + 7) & ~7;
      align = 8;
    }
    const place = { kind, at, name: snake.replace(/_(\w)/g, (_, c) => c.toUpperCase()) };
    at += kind === 'd' || kind === 't' ? 8 : 4;
    return place;
  });
  const layout = { fields, bytes: (at + align - 1) & ~(align - 1) };
  layouts.set(name, layout);
  return layout;
}

/** @param {number} at @param {number} bytes */
function textAt(at, bytes) {
  return bytes ? visibleText(decoder.decode(new Uint8Array(engine.memory.buffer, at, bytes))) : '';
}

/** The items of the last list. @param {string} struct @param {number} count @returns {any[]} */
function items(struct, count) {
  const { fields, bytes } = layoutOf(struct);
  const view = new DataView(engine.memory.buffer);
  const base = engine.engine_result();
  const list = new Array(count);
  for (let i = 0; i < count; i++) {
    /** @type {any} */
    const item = {};
    for (const { kind, at, name } of fields) {
      const place = base + i * bytes + at;
      if (kind === 'd') item[name] = view.getFloat64(place, true);
      else if (kind === 'u') item[name] = view.getUint32(place, true);
      else if (kind === 'f') item[name] = view.getFloat32(place, true);
      else item[name] = textAt(view.getUint32(place, true), view.getUint32(place + 4, true));
    }
    list[i] = item;
  }
  return list;
}

function engineError() {
  const at = engine.engine_error();
  const bytes = new Uint8Array(engine.memory.buffer, at);
  return decoder.decode(bytes.subarray(0, bytes.indexOf(0)));
}

/** A call that can fail. @param {string} name @param {...any} args @returns {number} */
function call(name, ...args) {
  if (engine[name]?.length !== args.length) throw new Error(`this engine has no ${name} of ${args.length} arguments`);
  const result = engine[name](...args);
  if (result < 0) throw new Error(engineError() || `${name} failed (${result})`);
  return result;
}

/** A call that gives a list. @param {string} struct @param {string} name @param {...any} args */
function list(struct, name, ...args) {
  return items(struct, call(name, ...args));
}

/** A scope with its named sums; null: there is none. @param {string} name @param {...any} args */
function oneScope(name, ...args) {
  const scope = list('scope', name, ...args)[0];
  return scope ? { ...scope, sums: list('sum', 'engine_sums', scope.row, scope.index) } : null;
}

/** The text of the last result. */
function resultText() {
  return textAt(engine.engine_result(), engine.engine_result_bytes());
}

/** A copy of the last result's bytes. @returns {Uint8Array<ArrayBuffer>} */
function resultBytes() {
  const at = engine.engine_result();
  return new Uint8Array(engine.memory.buffer, at, engine.engine_result_bytes()).slice();
}

/** Put an array into a room. @param {string} room @param {Uint8Array|Uint32Array} array */
function fill(room, array) {
  const at = engine.engine_room(ROOMS[room], array.byteLength);
  if (!at && array.byteLength) throw new Error('out of memory: the browser gives this page no more');
  new Uint8Array(engine.memory.buffer, at, array.byteLength).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}

/** @param {string} text @returns {number} bytes */
function fillText(text) {
  const bytes = encoder.encode(text);
  fill('text', bytes);
  return bytes.length;
}

/* ---- statistics: computed in slices between other requests -------------------------------------- */

let selectionDone = false;
let stepping = false;
/** @type {(() => void)[]} */
let waiting = [];
const turn = new MessageChannel();
turn.port1.onmessage = () => stepSelection();

/** @param {any} selection */
function beginSelection(selection) {
  if (selection.tracks) fill('tracks', selection.tracks);
  if (selection.sites) fill('sites', selection.sites);
  call('engine_select', selection.from, selection.to, selection.tracks ? 1 : 0, selection.sites ? 1 : 0);
  selectionDone = false;
  if (!stepping) {
    stepping = true;
    turn.port2.postMessage(0);
  }
}

function stepSelection() {
  const end = performance.now() + SLICE_MS;
  let done = 0;
  try {
    while (!(done = call('engine_select_step', 20000)) && performance.now() < end);
  } catch (error) {
    postMessage({ event: 'failed', text: String(error) });
    done = 1;
  }
  if (!done) {
    turn.port2.postMessage(0);
    return;
  }
  stepping = false;
  selectionDone = true;
  const ready = waiting;
  waiting = [];
  for (const go of ready) go();
}

/** @returns {Promise<void>|null} null: the statistics are finished */
function statistics() {
  return selectionDone ? null : new Promise((resolve) => { waiting.push(resolve); });
}

/* ---- files ---------------------------------------------------------------------------------------- */

const PIECE_BYTES = 1 << 20;
const PROGRESS_MS = 50;
let goOn = () => {};
const others = new MessageChannel();
others.port1.onmessage = () => goOn();

/** A file from disk, in turns with other requests. @param {{file: Blob, packed: boolean}} a */
async function read({ file, packed }) {
  // Two buffers take turns; new ones would add up to the file's size before they are collected.
  const buffers = [new ArrayBuffer(PIECE_BYTES), new ArrayBuffer(PIECE_BYTES)];
  /** @type {any} */
  const reader = packed ? file.stream().pipeThrough(new DecompressionStream('gzip')).getReader() : file.stream().getReader({ mode: 'byob' });
  const piece = (/** @type {number} */ bytes) => (packed ? reader.read() : reader.read(new Uint8Array(/** @type {any} */ (buffers.pop()), 0, bytes), { min: bytes }));
  let fed = 0;
  let said = 0;
  // The first piece is small, so that something is on the screen at once.
  for (let coming = piece(PIECE_BYTES / 4); ;) {
    const { done, value } = await coming;
    if (!done) coming = piece(PIECE_BYTES);
    if (value?.byteLength) {
      fed += value.byteLength;
      buffers.push(feed(value));
    }
    if (done) return;
    if (performance.now() > said + PROGRESS_MS) {
      said = performance.now();
      postMessage({ event: 'progress', share: packed ? 0 : fed / file.size });
    }
    await new Promise((resolve) => {
      goOn = () => resolve(0);
      others.port2.postMessage(0);
    });
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {ArrayBuffer} theirs */
function feed(bytes) {
  fill('input', bytes);
  call('engine_feed', bytes.byteLength);
  return bytes.buffer;
}

/* ---- requests ------------------------------------------------------------------------------------ */

let ground = 0;
/** Sites, processes and the strips on which they stand, and the keys of these. @typedef {{pairs: Uint32Array, keys: string[]}} Pairs */

/** Counters and locks per pixel, as doubles. @param {any} a of an image, or as large @param {{counters: Pairs, locks: Pairs}} of */
function strips(a, { counters, locks }) {
  const ask = (/** @type {string} */ name, /** @type {Pairs} */ { pairs, keys }) => {
    if (!keys.length) return { keys, values: new Float64Array(0) };
    fill('lines', pairs);
    call(name, a.from, a.nsPerPx, a.width, keys.length, pairs.length / 3);
    return { keys, values: new Float64Array(resultBytes().buffer) };
  };
  const heat = a.heat?.keys.length ? { keys: a.heat.keys, values: activity({ ...a, ...a.heat, search: false }).levels } : null;
  return { counters: ask('engine_counters', counters), locks: ask('engine_locks', locks), heat };
}

/** The image of a window with its flags and labels, and all that lies beside its rows. @param {any} a */
function image(a) {
  const beside = a.strips ? strips({ ...a, heat: a.strips.heat }, a.strips) : null;
  const instants = (/** @type {number} */ which) => list('instant', 'engine_list', which, a.from, a.from + a.width * a.nsPerPx, a.nsPerPx * a.step, NONE);
  const [marks, losses] = a.step ? [instants(0), instants(3)] : [[], []];
  fill('lines', a.pairs);
  const count = a.pairs.length / 2;
  call('engine_image', a.from, a.nsPerPx, a.width, a.lines, count, a.dim);
  const pixels = resultBytes();
  // Background becomes transparent: the ruler's lines show through.
  const words = new Uint32Array(pixels.buffer);
  for (let i = 0; i < words.length; i++) {
    if (words[i] === ground) words[i] = 0;
  }
  const flags = list('streak', 'engine_flags');
  const labels = list('label', 'engine_labels', a.from, a.nsPerPx, a.width, count, a.minPx);
  return { ...a, pairs: null, pixels, flags, labels, beside, marks, losses };
}

/** @param {any} a */
function activity(a) {
  fill('tracks', a.groups);
  call('engine_activity', a.from, a.nsPerPx, a.width, a.count);
  const levels = new Float32Array(resultBytes().buffer);
  let found = null;
  if (a.search) {
    call('engine_search_strip', a.from, a.nsPerPx, a.width);
    found = resultBytes();
  }
  return { ...a, levels, found };
}

function tracks() {
  const all = list('track', 'engine_tracks');
  for (let i = 0; i < all.length; i++) {
    all[i].rows = [];
    if (all[i].depth) {
      const depth = call('engine_rows', i);
      all[i].rows = Array.from(new Uint32Array(engine.memory.buffer, engine.engine_result(), depth));
    }
  }
  return all;
}

function stats() {
  return { ...list('stats', 'engine_stats')[0], originNs: engine.engine_origin_ns(), engineBytes: engine.memory.buffer.byteLength };
}

function exportSelection() {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const pieces = [];
  for (let begin = 1; call('engine_export', begin) > 0; begin = 0) pieces.push(resultBytes());
  return new Blob(pieces, { type: 'text/plain' });
}

/** @param {string} op @param {any} a @returns {any} */
function afterStatistics(op, a) {
  const wait = statistics();
  return wait ? wait.then(() => answers[op](a)) : null;
}

/** Every request of the page by its name. @type {Record<string, (a: any) => any>} */
const answers = {
  async load(bytes) {
    const module = await WebAssembly.instantiate(bytes, {});
    engine = module.instance.exports;
    call('engine_reset');
    isLoaded(0);
  },
  reset: () => { call('engine_reset'); selectionDone = false; },
  begin: (beside) => call('engine_input_begin', beside ? 1 : 0),
  shift: (a) => call('engine_shift', a.track, a.ns),
  feed: (bytes) => { feed(bytes); },
  read,
  finish: () => call('engine_finish'),
  now: (ns) => call('engine_set_now', ns),
  stats,
  problems: () => (call('engine_problems') ? resultText() : ''),
  properties: () => (call('engine_properties') >= 0 ? resultText() : ''),
  leftOut: () => (call('engine_left_out') > 0 ? resultText() : ''),
  sites: (first) => list('site', 'engine_sites', first),
  tracks,
  layout: (flags) => list('lane_item', 'engine_layout', flags),
  palette(a) {
    fill('palette', a.palette);
    fill('dimmed', a.dimmed);
    ground = a.background;
    call('engine_set_colours', a.background, a.hatch, a.other);
  },
  image,
  shown: (a) => call('engine_set_shown', a.least, a.join),
  strips: (a) => strips(a, a),
  locks({ pairs, keys }) {
    fill('lines', pairs);
    return { rows: list('lock_row', 'engine_lock_rows', keys.length, pairs.length / 3), blocks: list('lock_block', 'engine_lock_blocks') };
  },
  activity,
  hit(a) {
    for (const row of a.rows) {
      const hit = list('hit', 'engine_hit', row, a.from, a.nsPerPx)[0];
      if (hit && (hit.count || hit.discarded)) return hit;
    }
    return null;
  },
  /** For a tooltip: the hit, and the scope if it is a single one. */
  hover(a) {
    const hit = answers.hit(a);
    return { place: a.place, hit, scope: hit && hit.count === 1 ? answers.scope(hit) : null };
  },
  scope: (a) => oneScope('engine_scope', a.row, a.index),
  scopeAt: (a) => oneScope('engine_scope_at', a.track, a.at),
  list: (a) => list('instant', 'engine_list', a.list, a.from, a.to, a.step || 0, a.most),
  search(a) {
    if (a.sites) {
      fill('sites', a.sites);
      return list('search', 'engine_search', 1, a.sites.length)[0];
    }
    return list('search', 'engine_search', 0, fillText(a.text))[0];
  },
  searchSites: () => (call('engine_search_sites') ? resultBytes() : new Uint8Array(0)),
  searchNext: (a) => oneScope('engine_search_next', a.at, a.row ?? NONE, a.index ?? NONE, a.direction),
  select: beginSelection,
  table: () => afterStatistics('table', null) || list('row_stats', 'engine_table').map((row, i) => ({ ...row, sums: list('sum', 'engine_sums', NONE, i) })),
  flame: (a) => afterStatistics('flame', a) || list('frame', 'engine_flame', a.kind, a.site, a.minNs, a.weight || 0),
  histogram: (a) => afterStatistics('histogram', a) || {
    bars: list('bar', 'engine_histogram', a.site, a.self),
    quantiles: [500, 900, 990, 999].map((mille) => engine.engine_quantile(mille)),
  },
  instances: (a) => afterStatistics('instances', a) || {
    list: list('instance', 'engine_instances', a.site, a.low, a.high, a.self, a.most),
    total: engine.engine_instances_total(),
  },
  export: () => afterStatistics('export', null) || exportSelection(),
  memory: () => engine.memory.buffer.byteLength,
};

/** @type {(done: number) => void} */
let isLoaded;
const loaded = new Promise((resolve) => { isLoaded = resolve; });

onmessage = async ({ data: { id, op, a } }) => {
  try {
    // A file may be dropped before the engine has been loaded.
    if (op !== 'load' && !engine) await loaded;
    const result = await answers[op](a);
    const transfer = op === 'image' ? [result.pixels.buffer, ...(result.beside ? [result.beside.counters.values.buffer, result.beside.locks.values.buffer] : [])] : [];
    /** @type {any} */ (globalThis).postMessage({ id, result }, transfer);
  } catch (error) {
    postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
};
