// SPDX-License-Identifier: MIT
// The page opens logs from disk, and says what it cannot read.
import { check, ctxt, done, openLog, same, test } from './page_support.mjs';

const SMALL = ctxt([
  [0, 'main', 'BMARK', '-', 'begin'], [1000, 'main', 'START', 'main:3', 'work'], [2000, 'main', 'START', 'inner:9', 'inner'],
  [5000, 'main', 'ENDOK', 'inner:9', ''], [9000, 'main', 'ENDOK', 'main:3', ''], [3000, 'other', 'START', 'f:1', 'side'], [4000, 'other', 'ENDER', 'f:1', 'no'],
]);

await test('a log is shown with its name and counts', async (keep) => {
  const page = keep(await openLog(SMALL, {}, 'small.ctxt'));

  same(await page.textContent('h1'), 'small.ctxt', 'title');
  check((await page.textContent('.brand')).includes('3 scopes'), 'the header counts the scopes');
  same(await page.$$eval('.gutter .lane .name', (names) => names.map((n) => n.textContent)), ['main', 'other'], 'threads');
});

await done();
