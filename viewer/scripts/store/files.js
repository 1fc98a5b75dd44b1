// SPDX-License-Identifier: MIT
// Reading files that the reader gave, and logs inside a report, one after the other. When a file cannot be read, the page says
// why in one line and keeps what it has read of it.

const KINDS_TEXT = 'It opens .ctxt and .wick logs, Chrome trace JSON, speedscope JSON and folded stacks.';
/** Ends when all files so far have been read. */
let reading = Promise.resolve();

/** @param {() => any} next */
function afterReading(next) {
  reading = reading.then(next).catch((error) => complain(String(error)));
}

/** Where logs lie that are added beside others: their starts stand together, or they keep the clock's times, or a mark of this name
 * stands with theirs. @typedef {'start'|'clock'|`mark ${string}`} Align */

/** @param {File[]} files @param {Align} [beside] instead of what is open, if not given */
async function readInputs(files, beside) {
  document.body.dataset.log = 'reading';
  if (!beside) await forgetLog();
  const tracks = log.tracks.length;
  adding = Boolean(beside);
  // The files of a rotated log are one log: run.1.wick, run.10.wick, run.wick.
  for (const file of files.sort((a, b) => a.name.localeCompare(b.name, [], { numeric: true }))) {
    try {
      await readInput(file, Boolean(beside) && file === files[0]);
    } catch (error) {
      complain(`${visibleText(file.name)}: ${reasonOf(error)}`);
    }
  }
  emit('progress', null);
  if (beside) await alignLogs(tracks, beside);
  adding = false;
  await finishReading();
}

/** Whether logs come beside others: then they are shown when they have their place. */
let adding = false;

/** Move the tracks from `first` on. @param {number} first @param {Align} how */
async function alignLogs(first, how) {
  if (how === 'clock' || first >= log.tracks.length) return;
  let [here, there] = [log.tracks.slice(0, first), log.tracks.slice(first)].map((tracks) => Math.min(...tracks.map(({ firstNs }) => firstNs)));
  if (how !== 'start') {
    const marks = (await ask('list', { list: 0, from: -Infinity, to: Infinity, most: NO_INDEX })).filter((/** @type {any} */ mark) => `mark ${markName(mark)}` === how);
    const [own, other] = [true, false].map((old) => marks.find((/** @type {any} */ mark) => mark.track < first === old));
    if (other) [here, there] = [own.fromNs, other.fromNs];
    else complain(`There is no such ${how.replace(' ', ' “')}” in the log that was added: it starts with the others.`);
  }
  await tryAsk('shift', { track: first, ns: here - there });
}

/** @param {{text: string, site: number}} mark */
function markName(mark) {
  return mark.text || siteName(mark.site);
}

async function forgetLog() {
  live.close?.();
  await ask('reset');
  Object.assign(log, { inputs: [], title: '', version: -1, rows: -1, now: 0, stats: null });
  numbers.table = [];
  emit('forget');
  setState({ range: null, tracks: null, inside: -1, name: -1, scope: null });
}

/** Why a file cannot be read, by its first bytes; '' if it perhaps can. @param {Uint8Array} head */
function unreadableKind(head) {
  const starts = (/** @type {number[]} */ ...bytes) => bytes.every((byte, i) => head[i] === byte);
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return 'it is compressed with zstd, which browsers cannot unpack. Unpack it with zstd -d, or open it with: wick view';
  if (starts(0x50, 0x4b, 3, 4)) return 'it is a zip archive. Unpack it first';
  if (starts(0x7f, 0x45, 0x4c, 0x46)) return 'it is a program. Record a log of it: WICK_LOG=run.ctxt ./program, or wick run -- ./program';
  if (!head.length) return 'it is empty: nothing was recorded. wick doctor, in the place of the program, says what is switched on';
  return '';
}

/** @param {File} file @param {boolean} beside */
async function readInput(file, beside) {
  const head = new Uint8Array(await file.slice(0, 16).arrayBuffer());
  const unreadable = unreadableKind(head);
  if (unreadable) throw new Error(`${unreadable}.`);
  await ask('begin', beside);
  const packed = head[0] === 0x1f && head[1] === 0x8b;
  const before = log.stats ? log.stats.records : 0;
  try {
    await ask('read', { file, packed });
  } finally {
    await ask('finish');
    log.inputs.push(visibleText(file.name));
    log.title = log.inputs.length > 1 ? `${log.inputs[0]} and ${log.inputs.length - 1} more` : log.inputs[0];
    await refreshLog();
  }
  if (log.stats.records === before) {
    log.inputs.pop();
    const why = (await tryAsk('problems') || '').split('\n')[0];
    throw new Error(`nothing in it can be read as a log${why ? ` (${why})` : ''}. ${KINDS_TEXT}`);
  }
}

let painted = 0;

on('progress', (share) => {
  if (share === null || adding || performance.now() - painted < 200) return;
  painted = performance.now();
  showRead();
});

/** Show what was read so far; the window grows with it until the reader moves it. */
async function showRead() {
  await refreshLog();
  if (!log.stats.records) return;
  document.body.classList.remove('empty-page');
  if (!spanChosen && !urlWindow) setState({ window: wholeWindow() });
}

async function finishReading() {
  log.rows = -1; // how busy threads are is known at the end alone
  await showRead();
  const lines = await tryAsk('properties') || '';
  log.properties = lines.split('\n').filter(Boolean).slice(0, 60).map((/** @type {string} */ line) => {
    const at = line.indexOf('=');
    return [line.slice(0, at), line.slice(at + 1)];
  });
  if (log.sites.some(({ name, file }) => /\+0x[0-9a-f]+$/.test(name) && file.includes('#'))) showNotice('Functions are addresses here: wick view and wick flame name them.');
  readUrl();
  await renewNumbers();
  document.body.dataset.log = 'read';
}

/** Read the logs that `wick flame` put into this page. */
async function openEmbedded() {
  const blocks = [...document.querySelectorAll('script#wick-data, script.wick-data')];
  const files = blocks.map((block) => {
    const bytes = bytesOfBase64(block.textContent || '');
    block.textContent = '';
    return new File([bytes], block.getAttribute('data-name') || 'report');
  });
  if (files.length) await readInputs(files);
  return files.length > 0;
}
