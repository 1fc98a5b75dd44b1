// SPDX-License-Identifier: MIT
// The judge of exports: speedscope's own page, from npm, opens what wick exports and shows the frames and times of wick report.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check, ctxt, done, fileOf, launch, same, scratch, test, tool } from './page_support.mjs';
import { everything } from './sample_logs.mjs';

const speedscope = pathToFileURL(join(dirname(fileOf('speedscope/package.json')), 'dist/release/index.html')).href;
const UNITS = { ns: 1, 'µs': 1e3, ms: 1e6, s: 1e9 };
const MS = 1000000;

/** What speedscope shows of a file: per profile its title and, by frame, total and self as texts: `100.00µs (50%)`. */
async function shown(keep, name, bytes) {
  const path = join(scratch, name);
  writeFileSync(path, bytes);
  const page = await (await launch()).newPage({ viewport: { width: 1440, height: 900 } });
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(`error: ${error.message}`));
  keep(page);
  await page.goto(speedscope);
  await page.setInputFiles('input[type=file]', path);
  await page.waitForFunction(() => document.title !== 'speedscope');
  await page.keyboard.press('3');
  await page.waitForFunction(() => [...document.querySelectorAll('table')].some((table) => table.innerText.startsWith('Total')));
  const profiles = new Map();
  for (;;) {
    const [title, rows] = await page.evaluate(() => [
      /^.*\(tid .*\)/m.exec(document.body.innerText)?.[0] || document.title,
      [...document.querySelectorAll('tr')].map((row) => [...row.children].map((cell) => cell.innerText.trim())).filter(([total]) => /%/.test(total))]);
    if (profiles.has(title)) return profiles;
    profiles.set(title, new Map(rows.map(([total, self, frame]) => [frame, { total, self }])));
    await page.keyboard.press('n');
    await page.waitForTimeout(200);
  }
}

/** Nanoseconds of `100.00µs (50%)`, and how far off the text may be. */
function nsOf(text) {
  const [, number, unit] = /^([\d.,]+)([a-zµ]+) /.exec(text);
  return [Number(number.replace(/,/g, '')) * UNITS[unit], 0.0051 * UNITS[unit]];
}

function report(log, ...more) {
  return JSON.parse(execFileSync(tool, ['report', '--all', '--by', 'name', '--format', 'json', ...more, log]));
}

function compare(profile, rows, what) {
  same([...profile.keys()].map((frame) => frame.replace(/ \{.*/, '')).sort(), rows.map((row) => row.key).sort(), `${what}: frames`);
  for (const row of rows) {
    const [, { total, self }] = [...profile].find(([frame]) => frame.replace(/ \{.*/, '') === row.key);
    for (const [text, ns] of [[total, row.total_ns], [self, row.self_ns]]) {
      const [seen, off] = nsOf(text);
      check(Math.abs(seen - ns) <= off, `${what}: ${row.key}: ${text}, not ${ns} ns`);
    }
  }
}

const threads = ctxt(['one', 'two'].flatMap((thread, i) => [
  [0, thread, 'START', 'a:1', 'outer'], [0, thread, 'START', 'b:1', 'inner; 12'], [3 * MS, thread, 'ENDOK', 'b:1', '42 rows'],
  [3 * MS, thread, 'START', 'b:1', 'inner; 12'], [3 * MS, thread, 'value', '-', '5'], [(5 + i) * MS, thread, 'ENDOK', 'b:1', '43 rows'],
  [(9 + i) * MS, thread, 'ENDOK', 'a:1', ''], [(9 + i) * MS, thread, 'START', 'c:1', 'second'], [20 * MS, thread, 'ENDER', 'c:1', 'no luck'],
]));

await test('a Chrome trace of ours: frames, totals and threads', async (keep) => {
  const log = join(scratch, 'threads.ctxt');
  writeFileSync(log, threads);
  const profiles = await shown(keep, 'threads.json', execFileSync(tool, ['export', '--to', 'chrome', log]));
  same(profiles.size, 2, 'a profile per thread');
  const totals = [...profiles].map(([title, profile]) => {
    const thread = /\b(one|two)\b/.exec(title)?.[1] || 'none';
    compare(profile, report(log, '--thread', thread), thread);
    return profile.size;
  });
  same(totals, [3, 3], 'no frame is two, whatever its calls returned');
  check([...profiles.values()].every((profile) => profile.has('outer') && profile.has('inner; 12')), 'names are as they are in the log');
});

await test('a Chrome trace of a log with everything', async (keep) => {
  const log = join(scratch, 'everything.ctxt');
  writeFileSync(log, everything());
  const profiles = await shown(keep, 'everything.json', execFileSync(tool, ['export', '--to', 'chrome', log]));
  const seen = new Set([...profiles.values()].flatMap((profile) => [...profile.keys()].map((frame) => frame.replace(/ \{.*/, ''))));
  for (const { key } of report(log)) check(seen.has(key), `${key} is there: ${[...seen]}`);
});

await test('folded stacks of ours', async (keep) => {
  const log = join(scratch, 'one.ctxt');
  writeFileSync(log, threads.replace(/^.* two .*\n/gm, ''));
  const profiles = await shown(keep, 'one.ns.folded', execFileSync(tool, ['export', '--to', 'folded', log]));
  const [profile] = profiles.values();
  same([...profile].map(([frame, { self }]) => [frame, self.replace(/ .*/, '')]).sort(),
    [['inner:_12', '5,000,000'], ['one', '0'], ['outer', '4,000,000'], ['second', '11,000,000']], 'frames and their own numbers');
});

await done();
