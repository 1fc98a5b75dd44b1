// SPDX-License-Identifier: MIT
// The page on a running program: what it does with tokens, streams that break, gaps, restarts, hidden tabs.
import { check, done, openPage, same, test } from './page_support.mjs';
import { startStub, until } from './live_stub.mjs';

/** Batch i: one scope of 0.8 ms in its own millisecond, and one scope of the whole run that stays open. */
function lines(i) {
  const at = i * 1000000;
  return [...(i === 1 ? [[1000, 'main', 'START', 'main:1', 'the run']] : []), [at, 'work', 'START', 'f:2', `turn`], [at + 800000, 'work', 'ENDOK', 'f:2', '']];
}

const scopes = (page) => page.evaluate(() => log.stats?.scopes || 0);
const status = (page) => page.textContent('.live .badge');

async function begin(keep, batches = 3, options = {}) {
  const stub = await startStub(lines, options);
  for (let i = 0; i < batches; i++) stub.push();
  const page = keep(await openPage(stub.url, options));
  page.expected = /ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY|403|Failed to load resource/;
  await until(() => stub.clients.size === 1, 'the page connects');
  return { stub, page };
}

await test('snapshot, then what comes; the token leaves the address', async (keep) => {
  const { stub, page } = await begin(keep);

  await until(async () => await scopes(page) === 4, 'the snapshot is shown');
  stub.push();
  await until(async () => await scopes(page) === 5, 'a batch is shown');

  check(!page.url().includes('token'), `the token is in the address: ${page.url()}`);
  check(stub.requests.every(({ search }) => !search.includes('token')), 'the token is in a request line');
  same(await page.textContent('h1'), 'stub · 42', 'title');
  same(stub.snapshots, 1, 'snapshots');
  stub.close();
});

await test('follow: the window moves with now, open scopes grow; a pan detaches, L attaches', async (keep) => {
  const { stub, page } = await begin(keep);
  await until(async () => await status(page) === 'live', 'live');
  const edge = () => page.evaluate(() => state.window.to);
  const first = await edge();
  stub.stat();

  await until(async () => await edge() > first, 'the window moves');
  await page.keyboard.press('a');
  await until(() => page.evaluate(() => !state.following), 'a pan detaches');
  await until(async () => /live · \+[\d.]+ s/.test(await status(page)), 'the badge says how far behind');
  await page.keyboard.press('l');
  await until(async () => await status(page) === 'live', 'attached again');
  stub.close();
});

await test('a young program is shown from its beginning, until the reader chooses how much', async (keep) => {
  const { stub, page } = await begin(keep, 3, { young: true });
  await until(async () => await status(page) === 'live', 'live');
  const look = () => page.evaluate(() => ({ span: state.window.to - state.window.from, to: state.window.to, before: state.window.from - logSpan().from }));
  await until(async () => {
    const { span, before } = await look();
    check(before < 1e8, `its beginning is still there: the window begins ${before} ns behind it`);
    return span > 1e9;
  }, 'the window grows with the program');
  await page.keyboard.press('w');
  let seen = await look(); // until nothing moves any more but the program's own time
  await until(async () => {
    await page.waitForTimeout(500);
    const before = seen;
    seen = await look();
    return seen.span === before.span && seen.to > before.to;
  }, 'what was chosen stays, and the window goes on');
  stub.close();
});

await test('freeze stops the view, not the reading', async (keep) => {
  const { stub, page } = await begin(keep);
  await until(async () => await status(page) === 'live', 'live');
  await page.keyboard.press(' ');
  const frozen = await page.evaluate(() => state.window.to);

  stub.push();
  stub.stat();
  await until(async () => await scopes(page) === 5, 'reading goes on');

  same(await page.evaluate(() => state.window.to), frozen, 'window');
  check((await status(page)).includes('frozen'), 'the badge says so');
  stub.close();
});

await test('a broken stream is resumed where it ended; nothing comes twice', async (keep) => {
  const { stub, page } = await begin(keep);
  await until(async () => await status(page) === 'live', 'live');

  stub.die();
  await until(() => stub.clients.size === 1, 'the page comes back');
  await until(async () => await scopes(page) === 5, 'the torn batch is read once');

  same(stub.requests.at(-1), { path: '/events', search: '?from=3' }, 'resumed from');
  same(stub.snapshots, 1, 'snapshots');
  stub.close();
});

await test('after a gap the snapshot is read again, and what is gone is drawn as such', async (keep) => {
  const { stub, page } = await begin(keep);
  await until(async () => await status(page) === 'live', 'live');

  stub.firstKept = 3;
  stub.retainedFrom = String(1700000000n * 1000000000n + 3000000n);
  stub.gapNext = true;
  stub.cut();
  await until(() => stub.snapshots === 2 && stub.clients.size === 1, 'a second snapshot');
  stub.push();
  await until(async () => await scopes(page) >= 2 && await status(page) === 'live', 'going on');

  check(await page.evaluate(() => Number.isFinite(live.retainedFrom)), 'the page knows what is gone');
  stub.close();
});

await test('a server that was started again is another log', async (keep) => {
  const { stub, page } = await begin(keep);
  await until(async () => await status(page) === 'live', 'live');

  stub.pid = 43;
  stub.sequence = 1;
  stub.cut();
  await until(() => stub.snapshots === 2, 'a new snapshot');
  await until(async () => await page.textContent('h1') === 'stub · 43', 'the new title');
  await until(async () => await scopes(page) === 2, 'only the new run');
  stub.close();
});

await test('a link of an earlier run is refused in words', async (keep) => {
  const { stub, page } = await begin(keep);
  await until(async () => await status(page) === 'live', 'live');

  stub.token = 'another';
  stub.cut();
  await page.waitForSelector('.notice.bad');

  check((await page.textContent('.notice.bad')).includes('Open the link that it prints now'), 'says what to do');
  same(await scopes(page), 4, 'what was read stays');
  stub.close();
});

await test('a program that says nothing is waited for: no scope is drawn beyond its last word', async (keep) => {
  const { stub, page } = await begin(keep);
  await until(async () => await status(page) === 'live', 'live');
  await page.waitForTimeout(1500);
  await until(() => page.evaluate(() => header.live.dataset.state === 'live'), 'the words of an idle program suffice');

  stub.silent = true;
  await until(() => page.evaluate(() => header.live.dataset.state === 'silent'), 'the dot turns amber');
  await until(async () => /^waiting for data, [1-9][\d.]* s$/.test(await status(page)), 'says how long');
  const { end, known, now } = await page.evaluate(async () => {
    await ask('now', Math.min(liveNow(), knownUntil()));
    const track = log.tracks.findIndex(({ name }) => name === 'main');
    return { end: (await ask('scopeAt', { track, at: 5e5 })).endNs, known: knownUntil(), now: liveNow() };
  });
  check(end <= known && known < now - 0.9e9, `the open scope ends at ${end}, known is ${known}, now ${now}`);
  if (process.env.WICK_TEST_SHOTS) await page.screenshot({ path: `${process.env.WICK_TEST_SHOTS}/silent.png` });
  stub.silent = false;
  await until(async () => await status(page) === 'live', 'it is back');
  stub.close();
});

await test('a connection that is lost is called that; Retry tries again at once, and the page follows again', async (keep) => {
  const { stub, page } = await begin(keep);
  await until(async () => await status(page) === 'live', 'live');
  stub.dead = true;
  stub.cut();
  await until(async () => await status(page) === 'connection lost: crashed, killed or unreachable', 'lost');
  same(await page.evaluate(() => [state.following, header.live.dataset.state]), [false, 'lost'], 'the page follows no longer');
  await until(() => page.evaluate(() => {
    clearTimeout(retryTimer);
    return !running;
  }), 'no attempt is on its way');
  stub.dead = false;
  await page.click('.live button:text-is("Retry")');
  await until(async () => await status(page) === 'live' && await page.evaluate(() => state.following), 'live again');
  stub.close();
});

await test('a late tab opens on the last ten seconds', async (keep) => {
  const { stub, page } = await begin(keep, 3, { ahead: 60000000000n });
  await until(async () => await status(page) === 'live', 'live');
  await until(async () => {
    const { from, to } = await page.evaluate(() => state.window);
    return Math.abs(to - from - 10e9) < 1e6 && to > 59e9;
  }, 'the window is ten seconds long');
  stub.close();
});

await test('a program that ends says goodbye; what was read stays usable', async (keep) => {
  const { stub, page } = await begin(keep);
  await until(async () => await status(page) === 'live', 'live');

  stub.say('bye', { reason: 'the program ended' });
  await until(async () => /^ended \d\d:\d\d:\d\d$/.test(await status(page)), 'goodbye');
  same(await page.evaluate(() => [state.following, header.retry.hidden, header.live.dataset.state]), [false, true, 'still'], 'the page follows no longer');
  await page.keyboard.press('4');
  await page.waitForSelector('table tbody tr[aria-rowindex]');

  check((await page.textContent('tbody')).includes('turn'), 'the table shows what was read');
  stub.close();
});

await test('a hidden tab closes its stream and resumes; seven tabs work', async (keep) => {
  const stub = await startStub(lines);
  stub.push();
  const first = keep(await openPage(stub.url));
  const context = first.context();
  const pages = [first];
  const hide = (page, hidden) => page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

  for (let i = 1; i <= 7; i++) {
    await until(() => stub.clients.size === 1, `tab ${i} is connected`);
    await until(async () => await scopes(pages.at(-1)) === 2, `tab ${i} shows the log`);
    await hide(pages.at(-1), true);
    await until(() => stub.clients.size === 0, `tab ${i} has closed its stream`);
    if (i < 7) {
      const page = await context.newPage();
      await page.goto(stub.url);
      pages.push(page);
    }
  }
  stub.push();
  await hide(first, false);
  await until(async () => await scopes(first) === 3, 'the first tab has caught up');

  same(stub.requests.at(-1).search, '?from=1', 'resumed from');
  stub.close();
});

await test('bytes that are no log do not end the page', async (keep) => {
  const { stub, page } = await begin(keep);
  await until(async () => await status(page) === 'live', 'live');

  for (const client of stub.clients) client.write(`event: b\nid: 4\ndata: ${Buffer.from('\0\xff broken \n').toString('base64')}\n\nevent: stat\ndata: {"now_ns":"x"}\n\nevent: b\nid: 5\ndata: !!!\n\n`);
  stub.sequence = 5;
  stub.push();
  await until(async () => await scopes(page) === 5, 'what follows is read');
  stub.close();
});

await done();
