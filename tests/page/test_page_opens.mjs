// SPDX-License-Identifier: MIT
// The page opens logs: from a picker, from disk, and says what it cannot read.
import { check, ctxt, done, fileUrl, give, idle, openLog, openPage, same, test } from './page_support.mjs';

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

await test('what is no log is refused in one line, and the page goes on', async (keep) => {
  const page = keep(await openPage(fileUrl));

  await give(page, { name: 'photo.jpg', bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 1, 2, 3]) });
  await page.waitForSelector('.notice.bad');
  check((await page.textContent('.notice.bad')).includes('photo.jpg: nothing in it can be read as a log'), 'the notice names the file');
  await give(page, { name: 'log.ctxt.zst', bytes: Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]) });
  await page.waitForFunction(() => document.querySelector('.notice.bad')?.textContent.includes('wick view'));
  await give(page, { name: 'small.ctxt', text: SMALL });
  await idle(page);

  same(await page.textContent('h1'), 'small.ctxt', 'title');
});

await test('functions that only have addresses: who names them is said', async (keep) => {
  const page = keep(await openLog(ctxt([[0, 'main', 'site', 'lua+0x30659', 'scope 0 - - /bin/lua#400d98d8 lua+0x30659'],
    [1, 'main', 'START', 'lua+0x30659', 'lua+0x30659'], [9, 'main', 'ENDOK', 'lua+0x30659', '']])));

  same(await page.textContent('.notice span'), 'Functions are addresses here: wick view and wick flame name them.', 'the notice');
});

await test('a file that is given while another is read waits for it', async (keep) => {
  const page = keep(await openPage(fileUrl));

  await page.evaluate((text) => {
    openFiles([new File(['no log'], 'photo.jpg')]);
    openFiles([new File([text], 'small.ctxt')]);
  }, SMALL);
  await idle(page);

  same(await page.textContent('h1'), 'small.ctxt', 'title');
  check((await page.textContent('.notice.bad')).includes('photo.jpg'), 'the first file was read, too');
});

await test('the files of a rotated log are one log, in whatever order they are given', async (keep) => {
  const page = keep(await openPage(fileUrl));
  const texts = [[[0, 'START', 'work'], [10, 'START', 'inner']], [[20, 'ENDOK', ''], [30, 'START', 'inner']], [[40, 'ENDOK', ''], [50, 'ENDOK', '']]]
    .map((lines) => ctxt(lines.map(([ns, word, text]) => [ns, 'main', word, text || '-', text])));

  await page.evaluate(([first, second, third]) => {
    openFiles([new File([third], 'run.ctxt'), new File([second], 'run.10.ctxt'), new File([first], 'run.2.ctxt')]);
  }, texts);
  await idle(page);

  same(await page.evaluate(() => log.stats.scopes), 3, 'scopes');
  check((await page.textContent('.brand')).includes('3 scopes'), 'all three have ended');
  check(!(await page.evaluate(() => log.stats.open)), 'none is open');
});

await done();
