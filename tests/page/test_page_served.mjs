// SPDX-License-Identifier: MIT
// The page as our own programs serve it: a recording program, wick run --live with the pack example, and
// wick view on a finished log. usage: ... PACK MODULE_DIR SOURCE SERVED
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { check, done, fileUrl, idle, launch, openLog, openPage, rest, same, scratch, skip, test, tool } from './page_support.mjs';
import { until } from './live_stub.mjs';

const [pack, modules, source, served] = rest;
if (!pack) skip('the http module or the pack example was not built');

/** Start a program; resolves with its link. */
function start(command, args, environment = {}) {
  const child = spawn(command, args, { env: { ...process.env, WICK_MODULE_DIR: modules, ...environment }, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  child.said = '';
  child.ended = new Promise((resolve) => { child.on('exit', resolve); });
  const link = new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes) => {
        child.said += bytes;
        child.answers = (child.said.match(/^ok$/gm) || []).length;
        const match = /http:\/\/\S+/.exec(child.said);
        if (match) resolve(match[0]);
      });
    }
    child.on('exit', () => reject(new Error(`${command} ended: ${child.said}`)));
  });
  return { child, link };
}

const names = (page) => page.evaluate(() => log.sites.map((s) => s.name));

await launch();
await test('the pack example, live from the tool', async (keep) => {
  // The page must have come before the program ends: without a terminal nobody is waited for.
  const { child, link } = start(tool, ['run', '--live', '--no-browser', '--log', join(scratch, 'pack.ctxt'), '--',
    'sh', '-c', '"$0" "$1" "$2"; sleep 60', pack, source, join(scratch, 'out.tar.gz')]);
  const page = keep(await openPage(await link));
  page.expected = /ERR_|Failed to load/;
  await until(async () => (await names(page)).includes('deflate'), 'scopes of pack are shown');
  await until(async () => /at its end|growing|live/.test(await page.textContent('.live .badge')), 'connected');
  await page.keyboard.press('4');
  await until(async () => (await page.textContent('main')).includes('deflate'), 'the table shows them');

  same(await page.evaluate(() => log.stats.problems), 0, 'frames that could not be read');
  check(/^pack · \d+$/.test(await page.textContent('h1')), 'the title names the program');
  // The group: the shell within, and the tool, which would wait for the page to be closed.
  process.kill(-child.pid, 'SIGKILL');
  await child.ended;
});

await test('wick view on a finished log: all of it, standing still; it ends and the page keeps what it has', async (keep) => {
  const { child, link } = start(tool, ['view', '--no-browser', join(scratch, 'pack.ctxt')]);
  const page = keep(await openPage(await link));
  page.expected = /ERR_|Failed to load/;
  await until(async () => (await names(page)).includes('deflate') && await page.evaluate(() => live.status === 'live'), 'the log is shown');
  await until(async () => await page.textContent('.live .badge') === 'at its end', 'the page says that nothing comes');
  const before = await page.evaluate(() => state.window);
  await page.waitForTimeout(700);

  same(await page.evaluate(() => state.window), before, 'the window stands still');
  child.kill('SIGTERM');
  await child.ended;
  await until(async () => /ended|connection/.test(await page.textContent('.live .badge')), 'the page says so');
  await page.keyboard.press('2');
  await idle(page);
  check(await page.evaluate(() => flameView.graph.frames.length > 3), 'what was read stays usable');
});

await test('a page from disk attaches to a program by ?src=', async (keep) => {
  const { child, link } = start(tool, ['view', '--no-browser', join(scratch, 'pack.ctxt')]);
  const [base, token] = (await link).split('#');
  const page = keep(await openPage('about:blank'));
  page.allowed = new RegExp(`^(file:|${base})`);
  page.expected = /ERR_|Failed to load/;
  await page.goto(`${fileUrl}?src=${encodeURIComponent(base)}#${token}`);
  await until(() => page.evaluate(() => live.status === 'live' && numbers.table.length > 3), 'the log is shown');

  check(!page.url().includes(token), 'the token has left the address');
  child.kill('SIGTERM');
  await child.ended;
});

await test('the finished log from disk shows the same numbers', async (keep) => {
  const { child, link } = start(tool, ['view', '--no-browser', join(scratch, 'pack.ctxt')]);
  const served = keep(await openPage(await link));
  served.expected = /ERR_|Failed to load/;
  await until(() => served.evaluate(() => numbers.table.length > 3 && live.status === 'live'), 'the log is shown');
  const direct = keep(await openLog(readFileSync(join(scratch, 'pack.ctxt'))));
  const rows = (page) => page.evaluate(() => numbers.table.map((r) => [siteName(r.site), r.count, r.totalNs, r.p99Ns]).sort());

  same(await rows(served), await rows(direct), 'rows');
  child.kill('SIGTERM');
  await child.ended;
});

await test('detail that was dropped comes from the log on disk, and back to now', async (keep) => {
  const { child, link } = start(served, [], { WICK_SERVE: '127.0.0.1:0', WICK_SERVE_RETAIN: '1M', WICK_FULL: 'wait', WICK_LOG: join(scratch, 'long.ctxt') });
  child.stdin.write('mark early bird\nscopes 150000\n');
  await until(() => child.answers >= 2, 'it has recorded');
  const page = keep(await openPage(await link));
  page.expected = /ERR_|Failed to load/;
  const marks = () => page.evaluate(async () => (await ask('list', { list: 0, from: -Infinity, to: Infinity, most: 9 })).map((mark) => mark.text));
  await until(() => page.evaluate(() => live.status === 'live' && Number.isFinite(live.retainedFrom)), 'the page has come too late');
  check(!(await marks()).includes('early bird'), 'nothing is dropped: this test tests nothing');

  await page.keyboard.press('4');
  await page.check('#table-run');
  const count = () => page.evaluate(() => table.grid.rows.find((row) => row.name === 'item %ld')?.count);
  await until(async () => await count() === 150000, 'the table has the numbers of the whole run');
  const paths = () => page.$$eval('#panel tbody tr', (rows) => rows.filter((row) => row.cells[0].textContent.includes('item')).map((row) => row.cells[1].textContent));
  await until(async () => String(await paths()) === 'work', 'the path');
  await page.keyboard.press('1');

  await page.evaluate(() => setState({ following: false, window: { from: live.retainedFrom - 2e9, to: live.retainedFrom + 1e6 } }));
  const before = await page.evaluate(() => Number(log.origin / 1000n) + state.window.from / 1000);
  await page.mouse.click(400, 300);
  await until(async () => (await marks()).includes('early bird'), 'the past is read');
  check(Math.abs(await page.evaluate(() => Number(log.origin / 1000n) + state.window.from / 1000) - before) < 1, 'the window shows another time');
  same(await page.textContent('.live .badge'), 'from the log · L: back to now', 'what it says');
  child.stdin.write('mark late bird\n');
  await page.keyboard.press('l');
  await until(async () => (await marks()).includes('late bird') && !(await marks()).includes('early bird'), 'now is shown again');
  same(await page.evaluate(() => [live.status, log.stats.problems]), ['live', 0], 'in the end');
  child.stdin.end();
  await child.ended;
});

await test('a page that does not read: the others see all that comes, and it catches up over a gap', async (keep) => {
  const { child, link } = start(served, [], { WICK_SERVE: '127.0.0.1:0', WICK_SERVE_RETAIN: '1M', WICK_FULL: 'wait' });
  const stuck = keep(await openPage(await link));
  const other = keep(await openPage(await link));
  stuck.expected = other.expected = /ERR_|Failed to load/; // when the program ends
  child.stdin.write('scopes 1000\n');
  const scopes = (page) => page.evaluate(() => (log.stats ? log.stats.scopes : 0));
  const newest = (page) => page.evaluate(() => Number(log.origin / 1000n) + log.stats.lastNs / 1000); // us: a gap begins anew
  for (const page of [stuck, other]) await until(async () => await scopes(page) === 2000, 'both pages follow');
  await stuck.evaluate(() => {
    const before = setLive;
    globalThis.gaps = 0;
    globalThis.setLive = (status, why) => {
      if (why === 'catching up') globalThis.gaps++;
      before(status, why);
    };
  });

  // A page that a debugger holds: it reads again when it is told to, however fast or slow this machine is.
  const debug = await stuck.context().newCDPSession(stuck);
  const held = new Promise((resolve) => { debug.once('Debugger.paused', resolve); });
  await debug.send('Debugger.enable');
  const asleep = stuck.evaluate(() => { debugger; });
  await held;
  child.stdin.write('scopes 1500000\nmark the flood is over\n');
  for (let i = 0, before = await newest(other); i < 2; i++) {
    await until(async () => await newest(other) > before, 'the other page goes on');
    before = await newest(other);
  }
  await until(() => child.answers === 3, 'all is recorded while the first page does not read');
  await debug.send('Debugger.resume');
  await asleep;
  const atEnd = (page) => page.evaluate(async () => (await ask('list', { list: 0, from: -Infinity, to: Infinity, most: 10 })).some((mark) => mark.text === 'the flood is over'));
  for (const page of [stuck, other]) await until(() => atEnd(page), 'both come to the end');

  check(await stuck.evaluate(() => globalThis.gaps) > 0, 'it was never behind: this test tests nothing');
  same(await stuck.evaluate(() => log.stats.problems), 0, 'frames that could not be read');
  child.stdin.end();
  await child.ended;
});

rmSync(join(scratch, 'out.tar.gz'), { force: true });
await done();
