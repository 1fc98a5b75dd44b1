// SPDX-License-Identifier: MIT
// What others write must not harm: names that are markup, files that are torn, foreign or absurd. The page
// says what it left out, and what it could read stays usable.
import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeFileSync } from 'node:fs';
import { check, ctxt, done, fileUrl, give, idle, openLog, openPage, same, scratch, test, tool } from './page_support.mjs';
import { startStub, until } from './live_stub.mjs';
import { everything, many } from './sample_logs.mjs';

const EVIL = [
  '<img src=x onerror=alert(1)>', '</script><script>alert(2)</script>', '"><svg/onload=alert(3)>', "';alert(4)//", '--><!--', ']]>', '${alert(5)}',
  'javascript:alert(6)', '\u202eevil\u2066', '=cmd|calc!A1', '{{7*7}}', '\\u003cscript>', 'a'.repeat(30000),
];

function evilLog(host = 'host') {
  const lines = EVIL.flatMap((name, i) => [
    [i * 1000 + 1, 'main', 'START', `f:${i}`, name], [i * 1000 + 500, 'main', i % 2 ? 'ENDOK' : 'ENDER', `f:${i}`, name], [i * 1000 + 501, 'main', 'BMARK', 'm', name],
    [i * 1000 + 510, `t${name.replace(/\s/g, '\u00b7').slice(0, 60)}`, 'BMARK', 'm', name], [i * 1000 + 520, 'main', 'gauge', `g${name.replace(/\s/g, '').slice(0, 40)}`, '1'],
  ]);
  return ctxt(lines).replaceAll(' host ', ` ${host} `);
}

/** Fails if anything of a log has become markup or code. */
async function unharmed(page) {
  const found = await page.evaluate(() => ({
    elements: [...document.querySelectorAll('img, svg[onload], iframe, object, [onerror], [onload]')].map((e) => e.outerHTML),
    scripts: document.querySelectorAll('script').length,
    links: [...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href')).filter((h) => !/^(#|blob:)/.test(h)),
  }));
  same(found.elements, [], 'elements out of names');
  same(found.links, [], 'links out of names');
  return found.scripts;
}

async function walk(page) {
  const alerts = [];
  page.on('dialog', (dialog) => { alerts.push(dialog.message()); dialog.dismiss(); });
  const scripts = await unharmed(page);
  for (let i = 1; i <= 6; i++) {
    await page.keyboard.press(String(i));
    await page.waitForTimeout(80);
    await idle(page);
    await unharmed(page);
  }
  await page.keyboard.press('1');
  await page.keyboard.press('t');
  await page.waitForFunction(() => selectedScope);
  await page.evaluate(() => setState({ name: 0 }));
  await page.evaluate(() => { setState({ scope: null }); header.losses.hidden = false; });
  await page.evaluate(() => showProblems());
  await page.waitForSelector('dialog[open]');
  same(await unharmed(page), scripts, 'scripts in the document');
  same(alerts, [], 'scripts that ran');
}

await test('names that are markup stay names, from a file', async (keep) => {
  const page = keep(await openLog(evilLog(), {}, '<img src=x onerror=alert(9)>.ctxt'));
  await walk(page);
  same(await page.textContent('h1'), '<img src=x onerror=alert(9)>.ctxt', 'title');
});

await test('controls and changes of the direction of text are escapes', async (keep) => {
  const page = keep(await openLog(ctxt([
    [1, 'ma\u202ein', 'START', 'f:1', 'a\u202eb\u2066c\u200fd\u009be'], [2, 'ma\u202ein', 'ENDER', 'f:1', 'wrong\u202e'], [3, 'ma\u202ein', 'BMARK', 'm', 'mark\u061c'],
  ]), {}, 'file\u202e.ctxt'));
  const names = await page.evaluate(async () => [siteName(0), trackName(0), ...(await ask('list', { list: 0, from: -Infinity, to: Infinity, most: 9 })).map((mark) => mark.text || siteName(mark.site))]);
  same(await page.textContent('h1'), 'file\\u202e.ctxt', 'title');
  same(names, ['a\\u202eb\\u2066c\\u200fd\\u009be', 'ma\\u202ein', 'mark\\u061c'], 'texts of the log');
  const found = await page.evaluate(() => document.body.innerHTML.match(/[\u0080-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/));
  same(found, null, 'in the document');
});

await test('names that are markup stay names, in SVG and CSV', async (keep) => {
  const page = keep(await openLog(evilLog()));
  await page.keyboard.press('2');
  await idle(page);
  const svg = await page.evaluate(() => viewSvg());
  const csv = await page.evaluate(() => table.grid.csv());
  const parsed = await page.evaluate((text) => {
    const doc = new DOMParser().parseFromString(text, 'image/svg+xml');
    return [...new Set([...doc.querySelectorAll('*')].map((e) => e.localName))].sort();
  }, svg);

  same(parsed.filter((name) => !['image', 'rect', 'svg', 'text', 'title'].includes(name)), [], 'elements of the SVG');
  check(!/(^|,)"?[=+@]/m.test(csv), 'no cell of the CSV is a formula');
});

await test('names that are markup stay names, in a stream', async (keep) => {
  const stub = await startStub((i) => [[i * 100, 'main', 'START', 'f:1', EVIL[i % EVIL.length]], [i * 100 + 50, 'main', 'ENDOK', 'f:1', '\nevent: bye\ndata: {}\n'.replaceAll('\n', ' ')]]);
  for (let i = 0; i < EVIL.length; i++) stub.push();
  const page = keep(await openPage(stub.url));
  await until(() => page.evaluate((n) => log.stats?.scopes === n && live.status === 'live', EVIL.length), 'all are read');
  await until(() => stub.clients.size === 1, 'the stream is open');
  stub.say('bye', { reason: '<img src=x onerror=alert(8)>' });
  page.expected = /./;
  await until(async () => (await page.textContent('.live')).includes('ended '), 'the end is taken');
  await unharmed(page);
  stub.close();
});

await test('a report: from disk, without network, hostile names and all', async (keep) => {
  const log = join(scratch, 'a&"<b>.ctxt');
  writeFileSync(log, evilLog());
  const report = join(scratch, 'report.html');
  execFileSync(tool, ['flame', log, '-o', report]);
  const html = readFileSync(report, 'utf8');
  const page = keep(await openPage(pathToFileURL(report).href, { offline: true }));
  await idle(page);

  same(await page.textContent('h1'), 'a&"<b>.ctxt', 'title');
  same(await page.evaluate(() => log.stats.scopes), EVIL.length, 'scopes');
  check(!html.includes('alert(2)'), 'no name of the log is in the report as it is');
  await walk(page);
});

await test('a report shows what the log shows', async (keep) => {
  const log = join(scratch, 'all.ctxt');
  writeFileSync(log, everything());
  const report = join(scratch, 'all.html');
  execFileSync(tool, ['flame', log, '-o', report]);
  const page = keep(await openPage(pathToFileURL(report).href, { offline: true }));
  await idle(page);
  const direct = keep(await openLog(everything()));
  const facts = (p) => p.evaluate(async () => ({
    rows: numbers.table.map((r) => [siteName(r.site), r.count, r.totalNs, r.selfNs, r.p99Ns, r.failed]).sort(), marks: log.stats.marks, threads: log.tracks.map((t) => t.name).sort(),
    locks: (await ask('list', { list: 2, from: -Infinity, to: Infinity })).length, counters: (await ask('list', { list: 1, from: -Infinity, to: Infinity })).map((c) => c.number),
  }));

  same(await facts(page), await facts(direct), 'the report');
});

await test('truncated: everything up to the cut, and how much was cut', async (keep) => {
  const text = everything();
  const page = keep(await openLog(text.slice(0, text.length - 20)));
  check(await page.evaluate(() => log.stats.scopes > 1000), 'what was read stays');
  await page.click('.badge.bad');
  await page.waitForSelector('dialog[open] li');
});

await test('foreign and empty files are refused in words', async (keep) => {
  const page = keep(await openPage(fileUrl));
  const cases = [
    ['empty.ctxt', Buffer.alloc(0), /empty.ctxt: /], ['noise.bin', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)), /noise.bin: .*can be read as a log/],
    ['a.zip', Buffer.from('PK\x03\x04...'), /zip archive/], ['a.zst', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2]), /zstd/],
    ['a.json', Buffer.from('{"no": "trace"}'), /a.json: /], ['a.gz', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]), /a.gz: /],
    ['wick.wick', Buffer.concat([Buffer.from([0x89]), Buffer.from('wick\r\n'), Buffer.from([99, 1, 2, 3, 4, 5, 6, 7, 8, 9])]), /wick.wick: /],
  ];
  for (const [name, bytes, words] of cases) {
    await page.evaluate(() => document.querySelector('.notice')?.remove());
    await give(page, { name, bytes });
    await page.waitForSelector('.notice.bad');
    const text = await page.textContent('.notice.bad');
    check(words.test(text), `${name}: ${text}`);
    await idle(page);
    await page.evaluate(() => { log.inputs.length = 0; });
  }
  await give(page, { name: 'fine.ctxt', text: everything() });
  await idle(page);
  check(await page.evaluate(() => log.stats.scopes > 1000), 'the page goes on');
});

await test('300 levels, 1,800 threads, no duration at all', async (keep) => {
  const deep = keep(await openLog(many(1, 3, 300)));
  same(await deep.evaluate(() => [log.stats.depthMax, log.stats.scopes]), [300, 900], '300 levels');
  await deep.click('button:text-is("276 levels more")');
  await deep.waitForFunction(() => timeline.strips[0].height > 300 * 18);
  await deep.click('button:text-is("Fewer levels")');
  await deep.evaluate(() => scrollToTrack(0, 299));
  await deep.waitForFunction(() => timeline.strips[0].height > 300 * 18 && timeline.scroller.scrollTop > 100 * 18);
  await deep.keyboard.press('2');
  await idle(deep);
  same(await deep.evaluate(() => flameView.graph.depths), 300, 'levels of the flame graph');
  await deep.selectOption('select[aria-label="Form"]', 'inverted');
  await deep.waitForFunction(() => /further away than 256 levels are left out/.test(document.querySelector('.notice')?.textContent || ''));

  const wide = keep(await openLog(many(1800, 2)));
  same(await wide.evaluate(() => [log.tracks.length, log.stats.scopes]), [1800, 3600], '1,800 threads');
  check((await wide.$$('.gutter .strip')).length < 120, 'only what can be seen is in the document');
  for (let i = 2; i <= 6; i++) await wide.keyboard.press(String(i));
  await idle(wide);

  const none = keep(await openLog(ctxt([[5, 'main', 'START', 'f:1', 'nothing'], [5, 'main', 'ENDOK', 'f:1', ''], [5, 'main', 'START', 'f:1', 'nothing'], [5, 'main', 'ENDOK', 'f:1', '']])));
  same(await none.evaluate(() => [log.stats.scopes, numbers.table[0].count]), [2, 2], 'no duration');
  for (let i = 1; i <= 6; i++) await none.keyboard.press(String(i));
  await none.keyboard.press('0');
  await idle(none);
});

await test('times near 2^53 ns stay exact', async (keep) => {
  const far = 2n ** 53n - 2000n;
  const line = (ns, word, text) => `${1700000000n + ns / 1000000000n}.${String(ns % 1000000000n).padStart(9, '0')} host 7 main ${word} f:1 ${text}\n`;
  const page = keep(await openLog(line(0n, 'BMARK', 'begin') + line(far, 'START', 'late') + line(far + 1n, 'ENDOK', '') + line(far + 7n, 'START', 'later') + line(far + 1007n, 'ENDOK', '')));
  const scopes = await page.evaluate(async () => {
    const list = (await ask('instances', { site: log.sites.findIndex((s) => s.name.startsWith('late')), low: 0, high: 1e18, self: 0, most: 10 })).list;
    return list.map((i) => [i.startNs, i.durationNs]);
  });

  check(scopes.some(([at, took]) => at === Number(far) && took === 1), `exact: ${JSON.stringify(scopes)}`);
  await page.evaluate((at) => moveWindow({ from: at - 20, to: at + 30 }), Number(far));
  await idle(page);
  check(await page.evaluate(() => timeline.picture.labels.length > 0), 'it is drawn');
});

await test('memory stays below its ceiling', async (keep) => {
  const text = many(8, 5000, 2);
  const page = keep(await openLog(text));
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const engine = await page.evaluate(() => ask('memory'));
  const heap = await page.evaluate(() => performance.memory.usedJSHeapSize);
  check(engine < 48 << 20 && heap < 64 << 20, `80,000 scopes take ${engine} bytes in the engine and ${heap} outside`);
});

await done();
