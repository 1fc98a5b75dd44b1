// SPDX-License-Identifier: MIT
// Other tools' files in the page: Chrome traces, speedscope, folded stacks; dropped, picked and pasted.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { check, done, fileUrl, give, idle, openLog, openPage, same, scratch, test, tool } from './page_support.mjs';
import { everything } from './sample_logs.mjs';

const rows = (page) => page.evaluate(() => numbers.table.map((r) => [siteName(r.site), r.count, r.totalNs]).sort());

await test('a Chrome trace of our own export shows the scopes of the log', async (keep) => {
  const log = join(scratch, 'all.ctxt');
  writeFileSync(log, everything().replace(/^.*left open.*\n/gm, ''));
  const trace = execFileSync(tool, ['export', '--to', 'chrome', log]);
  const page = keep(await openLog(trace, {}, 'trace.json'));
  const direct = keep(await openLog(execFileSync('cat', [log])));

  // A name is two there, when some of its scopes failed: what failed is of another category.
  const counts = (all) => Object.entries(all.reduce((sums, [name, count]) => ({ ...sums, [name]: (sums[name] || 0) + count }), {})).sort();
  same(counts(await rows(page)), counts(await rows(direct)), 'names and counts');
});

await test('a Chrome trace with B, E, X, i, C and M events', async (keep) => {
  const events = [
    { ph: 'M', name: 'thread_name', pid: 1, tid: 2, args: { name: 'painter' } }, { ph: 'B', name: 'outer', pid: 1, tid: 2, ts: 10 },
    { ph: 'X', name: 'inner <b>', pid: 1, tid: 2, ts: 11, dur: 2.5 }, { ph: 'E', pid: 1, tid: 2, ts: 20 }, { ph: 'i', name: 'here', pid: 1, tid: 2, ts: 15 },
    { ph: 'C', name: 'load', pid: 1, tid: 2, ts: 12, args: { value: 3 } },
  ];
  const page = keep(await openLog(JSON.stringify({ traceEvents: events }), {}, 'trace.json'));

  same(await rows(page), [['inner <b>', 1, 2500], ['outer', 1, 10000]], 'scopes');
  check((await page.textContent('.gutter')).includes('painter'), 'the thread has its name');
});

await test('speedscope and folded stacks', async (keep) => {
  const speedscope = {
    $schema: 'https://www.speedscope.app/file-format-schema.json', shared: { frames: [{ name: 'a' }, { name: 'b' }] },
    profiles: [{ type: 'evented', name: 'one', unit: 'microseconds', startValue: 0, endValue: 10, events: [
      { type: 'O', frame: 0, at: 0 }, { type: 'O', frame: 1, at: 2 }, { type: 'C', frame: 1, at: 5 }, { type: 'C', frame: 0, at: 10 }] }],
  };
  const page = keep(await openLog(JSON.stringify(speedscope), {}, 'a.speedscope.json'));
  same(await rows(page), [['a', 1, 10000], ['b', 1, 3000]], 'speedscope');

  const folded = keep(await openLog('main;parse;read 30\nmain;parse 10\nmain;draw 60\n', {}, 'stacks.folded'));
  const shares = await folded.evaluate(() => numbers.table.map((r) => [siteName(r.site), Math.round(r.totalNs / Math.max(...numbers.table.map((x) => x.totalNs)) * 100)]).sort());
  same(shares, [['draw', 60], ['main', 100], ['parse', 40], ['read', 30]], 'folded');
});

await test('the log in the form of the wire, and what is cut of it', async (keep) => {
  const log = join(scratch, 'wire.ctxt');
  writeFileSync(log, everything());
  const wire = execFileSync(tool, ['export', '--to', 'wick', log], { maxBuffer: 1 << 26 });
  const page = keep(await openPage(fileUrl));
  await give(page, { name: 'all.wick', bytes: wire });
  await idle(page);
  const direct = keep(await openLog(everything()));
  same(await rows(page), await rows(direct), 'rows');

  const torn = keep(await openPage(fileUrl));
  await give(torn, { name: 'torn.wick', bytes: wire.subarray(0, wire.length - 300) });
  await idle(torn);
  check(await torn.evaluate(() => log.stats.problems > 0), 'it says that something is missing');
});

await test('packed with gzip, dropped, pasted', async (keep) => {
  const page = keep(await openPage(fileUrl));
  await give(page, { name: 'all.ctxt.gz', bytes: gzipSync(everything()) });
  await idle(page);
  const scopes = await page.evaluate(() => log.stats.scopes);

  const other = keep(await openPage(fileUrl));
  await other.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'dropped.ctxt'));
    document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, everything());
  await idle(other);
  const third = keep(await openPage(fileUrl));
  await third.evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  }, everything());
  await idle(third);

  same([await other.evaluate(() => log.stats.scopes), await third.evaluate(() => log.stats.scopes)], [scopes, scopes], 'scopes');
});

await done();
