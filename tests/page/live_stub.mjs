// SPDX-License-Identifier: MIT
// A server that speaks the contract of ours (page, /api/snapshot, /events), with faults on demand.
// Must not be more lenient than ours: a wrong token is refused. Invariant: what it sent can be asked for again
// by sequence number.
import { ctxt, serve } from './page_support.mjs';

export const TOKEN = 'a-token-of-this-test';
const EPOCH = 1700000000n * 1000000000n;

/** Start it; `lines(i)` gives the lines of batch i (from 1). */
export async function startStub(lines, options = {}) {
  const stub = {
    pid: 42, sequence: 0, clients: new Set(), requests: [], refused: 0, snapshots: 0, retainedFrom: '0', gapNext: false, silent: false, dead: false, began: process.hrtime.bigint(),
  };
  const text = (from, to) => {
    let all = '';
    for (let i = from; i <= to; i++) all += ctxt(lines(i));
    return all;
  };
  const now = () => String(EPOCH + process.hrtime.bigint() - stub.began + (options.ahead || 0n));
  const message = (event, data, id) => `event: ${event}\n${id ? `id: ${id}\n` : ''}data: ${data}\n\n`;
  const batch = (i) => message('b', Buffer.from(text(i, i)).toString('base64'), i);

  stub.server = await serve((request, response, url) => {
    if (!url.pathname.startsWith('/api/') && url.pathname !== '/events') return false;
    if (stub.dead) {
      request.socket.destroy();
      return true;
    }
    stub.requests.push({ path: url.pathname, search: url.search, id: request.headers['last-event-id'] });
    if (request.headers.authorization !== `Bearer ${stub.token || TOKEN}`) {
      stub.refused++;
      response.writeHead(403, { 'Content-Type': 'application/json' }).end('{"error":"token"}');
    } else if (url.pathname === '/api/snapshot') {
      stub.snapshots++;
      if (options.young) stub.began = process.hrtime.bigint(); // however long the page took to open
      response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Wick-Sequence': String(stub.sequence), 'Wick-Retained-From-Ns': stub.retainedFrom });
      response.end(text(stub.firstKept || 1, stub.sequence));
    } else {
      events(request, response, Number(request.headers['last-event-id'] || url.searchParams.get('from') || 0));
    }
    return true;
  });

  function events(request, response, from) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('retry: 1000\n\n');
    response.write(message('hello', JSON.stringify({
      protocol: 1, version: '0.1.0', program: 'stub', pid: stub.pid, host: 'here', start_ns: String(EPOCH), now_ns: now(), retained_from_ns: stub.retainedFrom,
    })));
    if (stub.gapNext) {
      stub.gapNext = false;
      response.end(message('gap', JSON.stringify({ from, to: stub.sequence })));
      return;
    }
    for (let i = from + 1; i <= stub.sequence; i++) response.write(batch(i));
    stub.clients.add(response);
    request.on('close', () => stub.clients.delete(response));
  }

  /** The next batch, to everybody. */
  stub.push = () => {
    stub.sequence++;
    for (const client of stub.clients) client.write(batch(stub.sequence));
  };
  stub.stat = (more = {}) => {
    for (const client of stub.clients) client.write(message('stat', JSON.stringify({ now_ns: now(), recorded: '0', clients: stub.clients.size, ...more })));
  };
  const words = setInterval(() => { if (!stub.silent) stub.stat(); }, 300);
  stub.say = (event, data) => {
    for (const client of stub.clients) client.write(message(event, JSON.stringify(data)));
  };
  /** Half of the next batch, then the line is cut. */
  stub.die = () => {
    stub.sequence++;
    const bytes = batch(stub.sequence);
    for (const client of stub.clients) client.write(bytes.slice(0, bytes.length / 2), () => client.destroy());
    stub.clients.clear();
  };
  stub.cut = () => {
    for (const client of stub.clients) client.destroy();
    stub.clients.clear();
  };
  stub.close = () => {
    clearInterval(words);
    stub.cut();
    stub.server.closeAllConnections();
    stub.server.close();
  };
  stub.url = `${stub.server.url}#t=${TOKEN}`;
  return stub;
}

/** Until `what()` is true; fails after a minute, or later where each look takes long. */
export async function until(what, why) {
  for (let i = 0; i < 1200; i++) {
    if (await what()) return;
    await new Promise((done) => { setTimeout(done, 50); });
  }
  throw new Error(`waited in vain: ${why}`);
}
