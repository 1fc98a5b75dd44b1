// SPDX-License-Identifier: MIT
// Logs that replace others, and logs that lie beside them: the window is theirs, their starts, their clocks or a mark stand together,
// and nothing of two processes is mixed.
import { check, ctxt, done, fileUrl, give, idle, openLog, openPage, same, test } from './page_support.mjs';

const MS = 1000000;

/** A run of `length` ms that begins at `begin` ns, with a mark, a counter and a lock. */
function run(begin, length, mark) {
  const t = (ms) => begin + ms * MS;
  return ctxt([
    [t(0), 'main', 'START', 'f:1', 'work'], [t(0), 'main', 'site', 'q:1', 'counter 1 - - a.c queue'], [t(1), 'main', 'gauge', 'q:1', String(length)],
    [t(1), 'main', 'LOCKA', 'm', 'door'], [t(mark), 'main', 'BMARK', '-', 'ready'], [t(length - 1), 'main', 'LOCKR', 'm', 'door'], [t(length), 'main', 'ENDOK', 'f:1', '']]);
}

async function add(page, text, button, align) {
  await give(page, { name: 'second.ctxt', text });
  await page.waitForSelector('dialog[open]');
  if (align) await page.selectOption('dialog select', align);
  await page.click(`dialog button:text-is("${button}")`);
  await page.waitForFunction((wanted) => log.inputs.length === wanted, button === 'Replace' ? 1 : 2);
  await idle(page);
}

/** Begin and end of each thread, in ms. */
const threads = (page) => page.evaluate(() => log.tracks.map(({ firstNs, lastNs }) => [firstNs / 1e6, lastNs / 1e6]));
const windowIsWhole = (page) => page.evaluate(() => state.window.from <= logSpan().from && state.window.to >= logSpan().to && state.window.to - state.window.from < (logSpan().to - logSpan().from) * 1.1);

await test('the window is that of the opened log, whatever its first records are', async (keep) => {
  const page = keep(await openLog(run(0, 100, 40)));
  check(await windowIsWhole(page), 'after the first');
  await page.evaluate(() => { lookAt({ from: 2e6, to: 3e6 }); setState({ name: 0 }); });
  await add(page, ctxt([[5, 'main', 'run', '-', 'note only'], [9000 * MS, 'main', 'START', 'f:1', 'work'], [9001 * MS, 'main', 'ENDOK', 'f:1', '']]), 'Replace');
  check(await windowIsWhole(page), `after Replace: ${JSON.stringify(await page.evaluate(() => [state.window, logSpan()]))}`);
  same(await page.evaluate(() => [log.tracks.length, state.name, state.scope]), [1, -1, null], 'nothing of the old one');
});

await test('logs added beside start together; their clocks or a mark stand together by choice', async (keep) => {
  for (const [align, begin] of [[undefined, 0], ['clock', 3600000], ['mark ready', 15]]) {
    const page = keep(await openLog(run(0, 100, 40)));
    await add(page, run(3600000 * MS, 50, 25), 'Add beside', align);
    same(await threads(page), [[0, 100], [begin, begin + 50]], `aligned by ${align || 'their starts'}`);
    check(await windowIsWhole(page), 'the window shows both');
    same(await page.evaluate(() => ask('scopeAt', { track: 1, at: log.tracks[1].firstNs + 1e6 }).then((scope) => [scope.startNs / 1e6, scope.durationNs / 1e6])), [begin, 50], 'its scope');
    await page.context().close();
  }
});

await test('counters and locks of two processes are two, even of the same host and pid', async (keep) => {
  const page = keep(await openLog(run(0, 100, 40)));
  await add(page, run(3600000 * MS, 50, 25), 'Add beside');
  await page.waitForFunction(() => beside.counters.length === 2 && beside.locks.length === 2);
  same(await page.evaluate(() => beside.counters.map(({ name, last }) => [name, last])), [['queue · 7', 100], ['queue · 7 (2)', 50]], 'counters');
  same(await page.evaluate(() => beside.locks.map(({ name, holds, heldNs }) => [name, holds, heldNs / 1e6]).sort((a, b) => b[2] - a[2])), [['door · 7', 1, 98], ['door · 7 (2)', 1, 48]], 'locks');
  await page.waitForFunction(() => document.querySelectorAll('.gutter .counter').length === 2 && document.querySelectorAll('.gutter .lock').length === 2);
  same(await page.$$eval('.gutter .counter .value', (all) => all.map((value) => value.textContent)), ['100', '50'], 'the gutter');
});

await test('an empty file and a file of another kind are named, with what to do', async (keep) => {
  const page = keep(await openPage(fileUrl));
  for (const [bytes, wanted] of [[Buffer.alloc(0), /a\.bin: it is empty: .*wick doctor/], [Buffer.from('\x7fELF\x02\x01'), /it is a program\. Record a log of it: .*wick run/],
    [Buffer.from('PK\x03\x04'), /zip archive\. Unpack/], [Buffer.from('what a nice day\n'), /nothing in it can be read as a log.*It opens \.ctxt/]]) {
    await give(page, { name: 'a.bin', bytes });
    await page.waitForFunction((source) => new RegExp(source).test(document.querySelector('.notice')?.textContent || ''), wanted.source);
  }
  check(await page.isVisible('.welcome'), 'the page still says how to open a log');
});

await done();
