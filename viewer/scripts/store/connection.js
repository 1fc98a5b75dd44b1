// SPDX-License-Identifier: MIT
// The connection to a running program: snapshot, stream of events, reconnects, follow mode, ranges from the program's log. Every
// frame reaches the engine once: after an interruption the page resumes from the last sequence number, or from a new snapshot.
// A hidden tab has no connection.

const RETRY_MS = 1000;
const RETRY_MOST_MS = 15000;
/** As much as one request to the engine may bring. */
const WAITING_BYTES = 1 << 20;

const connection = {
  /** address of the program, with its last / */
  base: '',
  token: '',
  /** @type {AbortController|null} of the request that is on its way */
  stream: null,
  /** sequence number of the last frame */
  lastId: '',
  /** identity of the run: another one is another log */
  run: '',
  /** ms until the next attempt */
  retry: RETRY_MS,
  hasSnapshot: false,
  /** whether the window followed when the connection was lost */
  followed: false,
  /** whether the program has said that it ends: then it is only looked whether another one has begun */
  ended: false,
};

/** @param {string} base with its last / @param {string} token */
function connectLive(base, token) {
  connection.base = base;
  connection.token = token;
  live.placed = urlWindow !== null;
  live.close = () => {
    setLive('off');
    connection.stream?.abort();
    document.removeEventListener('visibilitychange', visibilityChanged);
    live.close = null;
  };
  document.addEventListener('visibilitychange', visibilityChanged);
  setState({ following: true });
  return runLive();
}

function visibilityChanged() {
  if (document.hidden) {
    connection.stream?.abort();
  } else if (live.status === 'waiting' || live.status === 'hidden') {
    connection.retry = RETRY_MS;
    runLive();
  }
}

/** @param {string} path @param {AbortController} [controller] */
async function liveFetch(path, controller = connection.stream = new AbortController()) {
  // A page from disk may send no header of its own: the browser would ask for leave, without the token, and get none.
  const own = connection.base.startsWith(`${location.origin}/`);
  const query = own ? '' : `${path.includes('?') ? '&' : '?'}t=${encodeURIComponent(connection.token)}`;
  const response = await fetch(connection.base + path + query, {
    headers: own && connection.token ? { Authorization: `Bearer ${connection.token}` } : {}, signal: controller.signal, cache: 'no-store',
    credentials: own && !connection.token ? 'same-origin' : 'omit',
  });
  if (response.ok && response.body) return response;
  if (response.status === 401 || response.status === 403) throw new LiveRefusal('The server does not know this link: it was cut, or the program was started again. Open the link that it prints now.');
  if (response.status === 503) throw new Error('the server has as many viewers as it allows');
  if (response.status === 410) throw new Error('Neither the program nor a log has this time any more.');
  throw new Error(`the server answered ${response.status}`);
}

/** A refusal after which trying again is of no use. */
class LiveRefusal extends Error {}

/** The reader does not want to wait for the next attempt. */
function retryLive() {
  connection.retry = RETRY_MS;
  runLive();
}

let running = false;
let retryTimer = 0;

/** Read a snapshot if there is none, then events until the stream ends; try again later. */
async function runLive() {
  if (running) return;
  running = true;
  clearTimeout(retryTimer);
  try {
    if (!connection.hasSnapshot) await readSnapshot();
    await readEvents();
    if (live.status === 'live') stopLive('waiting', LOST_TEXT);
  } catch (error) {
    liveFailed(error);
  }
  running = false;
  if ((live.status === 'waiting' || connection.ended) && !document.hidden) {
    retryTimer = setTimeout(runLive, connection.retry);
    connection.retry = Math.min(connection.retry * 1.7, RETRY_MOST_MS);
  }
}

const LOST_TEXT = 'connection lost: crashed, killed or unreachable';

/** Nothing comes any more: what has been received is all that is shown. @param {string} status @param {string} why */
function stopLive(status, why) {
  log.now = live.said;
  tryAsk('now', knownUntil());
  connection.followed ||= state.following;
  setState({ following: false });
  setLive(status, why);
}

/** @param {unknown} error */
function liveFailed(error) {
  if (live.status === 'off' || live.status === 'past' || connection.ended) return;
  if (document.hidden) setLive('hidden');
  else if (error instanceof LiveRefusal) {
    stopLive('ended', 'ended');
    complain(error.message);
  } else {
    const text = reasonOf(error);
    stopLive('waiting', /fetch|network|abort/i.test(text) ? LOST_TEXT : text);
  }
}

async function readSnapshot() {
  setLive('connecting');
  document.body.dataset.log = 'reading';
  const response = await liveFetch('api/snapshot');
  const first = !log.stats || !log.stats.records;
  await readFrom(response, () => { if (first) emit('progress', 0); });
  connection.lastId = response.headers.get('Wick-Sequence') || '';
  connection.hasSnapshot = true;
  await refreshLog();
  const retained = response.headers.get('Wick-Retained-From-Ns') || '0';
  live.retainedFrom = retained === '0' ? -Infinity : Number(BigInt(retained) - log.origin);
  log.inputs = ['live'];
  document.body.classList.remove('empty-page');
  if (first) await finishReading();
  document.body.dataset.log = 'read';
}

/** @type {Promise<void>} */
let lastRead = Promise.resolve();

/** Read this response instead of what is shown, after the read before it. @param {Response} response @param {() => void} progress */
function readFrom(response, progress) {
  lastRead = lastRead.catch(() => {}).then(async () => {
    await feeding;
    await ask('reset');
    Object.assign(log, { version: -1, rows: -1, now: 0 });
    await ask('begin');
    if (response.body) await feedLog(streamPieces(response.body), progress);
  });
  return lastRead;
}

/** Show the window's time from the program's log, until the reader follows again. */
async function readPast() {
  const [from, to] = [state.window.from, state.window.to].map((ns) => log.origin + BigInt(Math.round(ns)));
  const controller = new AbortController();
  let shown = false;
  try {
    if (!connection.base) throw new Error('It was dropped to stay within the memory limit.');
    const response = await liveFetch(`api/range?from_ns=${from}&to_ns=${to}`, controller);
    setLive('past');
    shown = true;
    connection.stream?.abort();
    connection.stream = controller;
    setState({ following: false, frozen: false, scope: null });
    connection.hasSnapshot = false;
    await readFrom(response, () => {});
    if (live.status !== 'past') return;
    live.retainedFrom = -Infinity;
    await refreshLog();
    setState({ window: { from: Number(from - log.origin), to: Number(to - log.origin) } });
    await renewNumbers();
  } catch (error) {
    if (!shown || live.status === 'past') complain(reasonOf(error));
  }
}

async function readEvents() {
  await readMessages(await liveFetch(`events?from=${encodeURIComponent(connection.lastId)}`), tryMessage);
}

/** @typedef {{event: string, id: string, data: string}} Message */

/** Pass the messages of a stream on, until it ends or `take` says false. @param {Response} response @param {(message: Message) => Promise<boolean>} take */
async function readMessages(response, take) {
  if (!response.body) return;
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of streamPieces(response.body)) {
    rest += decoder.decode(piece, { stream: true });
    const messages = rest.split(/\r?\n\r?\n/);
    rest = messages.pop() || '';
    for (const message of messages) {
      if (!await take(parseMessage(message))) return;
    }
  }
}

/** @param {string} text @returns {Message} */
function parseMessage(text) {
  const message = { event: 'message', id: '', data: '' };
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf(':');
    if (at < 1) continue;
    const value = line.slice(at + 1).replace(/^ /, '');
    if (line.startsWith('event:')) message.event = value;
    else if (line.startsWith('id:')) message.id = value;
    else if (line.startsWith('data:')) message.data += value;
  }
  return message;
}

/** Take a message; one that cannot be read gives a notice and does not end the stream. @param {Message} message */
async function tryMessage(message) {
  try {
    return await takeMessage(message);
  } catch (error) {
    complain(`A message of the program could not be read: ${reasonOf(error)}`);
    return true;
  }
}

/** One message of the stream; false ends it. @param {Message} message */
async function takeMessage({ event, id, data }) {
  if (event === 'b') {
    await takeBatch(data);
    if (id) connection.lastId = id;
  } else if (event === 'hello') return hello(JSON.parse(data));
  else if (event === 'stat') takeStat(JSON.parse(data));
  else if (event === 'gap') {
    connection.hasSnapshot = false;
    setLive('waiting', 'catching up');
    connection.retry = 50;
    return false;
  } else if (event === 'bye') {
    connection.ended = true;
    connection.retry = RETRY_MS * 3;
    stopLive('ended', `ended ${formatClock(log.origin, knownUntil(), 1e9)}`);
    connection.followed = false;
    return false;
  }
  return true;
}

/** @type {Uint8Array[]} batches that have come and wait for the engine */
let batches = [];
/** @type {Promise<void>|null} */
let feeding = null;

/** Feed batches to the engine; those that come meanwhile go together, so that a late page catches up. */
async function feedBatches() {
  while (batches.length) {
    const together = new Uint8Array(batches.reduce((sum, batch) => sum + batch.length, 0));
    let at = 0;
    for (const batch of batches) {
      together.set(batch, at);
      at += batch.length;
    }
    batches = [];
    try {
      await ask('feed', together);
    } catch (error) {
      complain(`A batch of the program could not be read: ${reasonOf(error)}`);
    }
    refreshLive();
  }
  feeding = null;
}

/** Take a batch; wait when too many wait for the engine. @param {string} data */
async function takeBatch(data) {
  batches.push(bytesOfBase64(data));
  heard();
  feeding ||= feedBatches();
  if (batches.reduce((sum, batch) => sum + batch.length, 0) > WAITING_BYTES) await feeding;
}

/** The greeting of a stream; false ends it: another run means that the program was started again. @param {any} greeting */
function hello(greeting) {
  const run = `${greeting.host} ${greeting.pid} ${greeting.start_ns}`;
  const other = connection.run && connection.run !== run;
  connection.run = run;
  const program = visibleText(String(greeting.program || 'live').replace(/^.*\//, ''));
  log.title = greeting.fleet ? 'Runs' : greeting.pid ? `${program} · ${greeting.pid}` : program;
  if (other) {
    connection.hasSnapshot = false;
    connection.lastId = '';
    Object.assign(live, { offsets: [], said: 0, placed: false });
    connection.retry = 50;
    setLive('waiting', 'the program was started again');
    return false;
  }
  connection.retry = RETRY_MS;
  connection.ended = false;
  if (connection.followed) setState({ following: true });
  connection.followed = false;
  live.clock = greeting.live !== false;
  if (greeting.fleet) emit('fleet');
  setLive('live');
  takeStat(greeting);
  if (!greeting.fleet) requestAnimationFrame(liveFrame);
  return true;
}

/** @param {any} stat */
function takeStat(stat) {
  if (stat.now_ns) {
    const now = Number(BigInt(stat.now_ns) - log.origin);
    const grew = now > live.said;
    live.growing = grew && live.said > 0;
    live.said = now;
    heard();
    if (live.clock || grew) live.offsets.push(now - performance.now() * 1e6);
    if (live.offsets.length > (live.clock ? 16 : 2)) live.offsets.shift();
    if (!live.clock && !live.growing) log.now = now;
    lookAtTheEnd();
  }
  emit('live');
}

/** A tab opens on the last seconds of a running program, unless its address says otherwise. */
function lookAtTheEnd() {
  if (live.placed || !(live.clock || live.growing) || !log.stats) return;
  live.placed = true;
  const { from } = logSpan();
  const to = knownUntil();
  if (state.following && to - from > LATE_SPAN_NS) setState({ window: { from: to - LATE_SPAN_NS, to } });
}

let refreshedAt = 0;
let refreshTimer = 0;
let refreshCalls = 0;
let numbersAt = 0;
let numbersTook = 0;
let shownLiveAt = 0;

/** Show what has been read: totals ten times a second, numbers as often as they are cheap; later if it is too early. */
async function refreshLive() {
  const now = performance.now();
  const call = ++refreshCalls;
  clearTimeout(refreshTimer);
  if (live.status === 'live') refreshTimer = setTimeout(refreshLive, 100);
  if (now - refreshedAt < 100) return;
  refreshedAt = now;
  await tryAsk('now', Math.min(liveNow(), knownUntil()));
  await refreshLog();
  if (now - numbersAt < Math.max(500, numbersTook * 5) || selecting) return;
  if (call === refreshCalls) clearTimeout(refreshTimer); // else more has come meanwhile
  if (state.frozen) return;
  numbersAt = now;
  await renewNumbers();
  numbersTook = performance.now() - now;
}

/** Runs every frame while live: the window follows now. */
function liveFrame() {
  if (live.status !== 'live' || document.hidden) return;
  const now = liveNow();
  if (state.following && !state.frozen) {
    const shown = state.window.to - state.window.from;
    const span = spanChosen || urlWindow ? shown : Math.max(shown, Math.min(LATE_SPAN_NS, now - logSpan().from));
    const to = now + span * 0.02;
    setState({ window: { from: to - span, to } });
  } else {
    emit('frame');
  }
  if (now - shownLiveAt > 250e6) {
    shownLiveAt = now;
    emit('live');
  }
  requestAnimationFrame(liveFrame);
}

function toggleFollow() {
  if (live.status === 'past') {
    connection.stream?.abort();
    setState({ following: true });
    runLive();
    return;
  }
  if (!isLive()) {
    showNotice('Nothing to follow: this log has ended.');
    return;
  }
  const following = !state.following;
  setState({ following, frozen: following ? false : state.frozen });
}

on('state', (changed) => { if (changed.has('frozen')) refreshLive(); });

/** The program that this page watches: its server, or `?src=`; null: none. The token leaves the address at once; with an empty one (`#t=`) a proxy adds it. */
function liveSource() {
  const source = new URLSearchParams(location.search).get('src');
  const fragment = new URLSearchParams(location.hash.slice(1));
  const base = source ? source.replace(/[#?].*$/, '').replace(/\/?$/, '/') : location.protocol.startsWith('http') ? new URL('.', location.href).href : '';
  const given = fragment.get('t') ?? new URLSearchParams((source || '').split('#')[1] || '').get('t');
  fragment.delete('t');
  if (given !== null) {
    history.replaceState(null, '', `${location.pathname}${location.search}${fragment.size ? `#${fragment}` : ''}`);
    try { sessionStorage.setItem(`wick ${base}`, given); } catch { /* a page from disk may have no storage */ }
  }
  let token = given;
  try { token ??= sessionStorage.getItem(`wick ${base}`); } catch { /* likewise */ }
  return base && (token !== null || source) ? { base, token: token || '' } : null;
}
