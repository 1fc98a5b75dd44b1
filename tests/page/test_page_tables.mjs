// SPDX-License-Identifier: MIT
// Tables, lists and the inspector: they show the selection, with three digits and the exact value in the tip; names are told apart.
import { check, ctxt, done, fileUrl, give, idle, openLog, openPage, same, saved, test } from './page_support.mjs';

const MS = 1000000;
const plain = (text) => text.replaceAll('\u202f', ' ');

/** What a table of the shown view says: a list of cells per row. */
const cells = (page, table = '#panel table') => page.$$eval(`${table} tbody tr[aria-rowindex]`, (rows) => rows.map((row) => (
  [...row.cells].map((cell) => cell.textContent.replaceAll('\u202f', ' ')))));

async function view(page, name) {
  await page.click(`#tab-${name}`);
  await page.waitForSelector(`#panel[aria-labelledby=tab-${name}]`);
  await idle(page);
  await page.waitForSelector('#panel tbody tr[aria-rowindex]');
}

/** Durations uniform between 1 and 9 us. */
function uniform() {
  const lines = [];
  for (let i = 0; i < 20000; i++) lines.push([i * 20000, 'main', 'START', 'f:1', 'call'], [i * 20000 + 1000 + (i * 7919) % 8000, 'main', 'ENDOK', 'f:1', '']);
  return ctxt(lines);
}

await test('the histogram shows density: equally frequent durations have no steps', async (keep) => {
  const page = keep(await openLog(uniform()));
  await page.click('#tab-histogram');
  await page.waitForFunction(() => histogram.bars.length > 10);
  const heights = await page.evaluate(() => {
    const { pieces } = histogramParts(histogram.canvas.getContext('2d'));
    return pieces.slice(1, histogram.bars.length - 1).map(({ height }) => height);
  });
  const steps = heights.slice(1).map((height, i) => height / heights[i]);
  check(Math.max(...steps) < 1.3 && Math.min(...steps) > 0.8, `neighbours differ by ${steps.map((step) => step.toFixed(2))}`);
  const svg = await saved(page, 'View as SVG');
  check((svg.match(/<rect/g) || []).length > heights.length && svg.includes('>scopes per octave<') && svg.includes('>p50 '), 'the SVG has the bars and their texts');
});

await test('times have three digits and a unit, and the exact value in the tip and in CSV', async (keep) => {
  const page = keep(await openLog(ctxt([[0, 'main', 'START', 'f:1', 'call'], [1234567, 'main', 'ENDOK', 'f:1', ''], [2 * MS, 'main', 'START', 'g:1', 'other'], [2 * MS + 45, 'main', 'START', 'h:1', 'left']])));
  await view(page, 'table');
  same((await cells(page)).map((row) => [row[0], row[3], row[12], row[13], row[14]]), [['call', '1.23 ms', '', '', ''], ['other', '45 ns', '', '', '1 open'], ['left', '0 ns', '', '', '1 open']], 'the table');
  same(plain(await page.getAttribute('#panel tbody tr[aria-rowindex="2"] td:nth-child(4)', 'title')), '1,234,567 ns', 'the tip');
  check((await saved(page, 'Table as CSV')).includes('call,f:1,1,1234567,'), 'CSV');
  same(await page.$$eval('#panel th', (all) => all.map((th) => th.textContent).filter((text) => /p99|Unf/.test(text))), ['p99', 'p99.9', 'Unfinished'], 'the columns');
});

await test('two places of one name are told apart in the table, in selects and in links', async (keep) => {
  const lines = [];
  for (let i = 0; i < 10; i++) {
    lines.push([i * MS, 'main', 'START', 'a.c:1', 'lock'], [i * MS + 1000, 'main', 'ENDOK', 'a.c:1', ''], [i * MS + 5000, 'main', 'START', 'b.c:2', 'lock'], [i * MS + 90000, 'main', 'ENDOK', 'b.c:2', '']);
  }
  const text = ctxt(lines);
  const page = keep(await openLog(text));
  await view(page, 'table');
  same((await cells(page)).map(([name]) => name), ['lock · b.c:2', 'lock · a.c:1'], 'the table');
  await page.click('#panel tbody tr[aria-rowindex="3"]');
  await page.click('#tab-histogram');
  await page.waitForFunction(() => histogram.name.selectedOptions[0]?.text === 'lock · a.c:1');
  await page.waitForFunction(() => location.hash.includes('a.c'));
  const linked = keep(await openPage(await page.evaluate(() => location.href)));
  await give(linked, { name: 'test.ctxt', text });
  await idle(linked);
  same(await linked.evaluate(() => [siteName(state.name), log.sites[state.name].location]), ['lock · a.c:1', 'a.c:1'], 'the link');
});

/** A writer holds a lock for 3 ms, a reader waits for it for 2 ms; another one waits for nobody. A scope fails, a mark ends it. */
function waiting() {
  return ctxt([
    [0, 'writer', 'START', 'w:1', 'write'], [0, 'writer', 'LOCKA', 'm', 'door'], [0, 'writer', 'site', 'q:1', 'counter 1 - jobs a.c queue'], [1, 'writer', 'gauge', 'q:1', '7'],
    [MS, 'reader', 'START', 'r:1', 'read'], [MS, 'reader', 'LOCKW', 'm', 'door'], [3 * MS, 'writer', 'LOCKR', 'm', 'door'], [3 * MS, 'reader', 'LOCKA', 'm', 'door'],
    [3 * MS + 500, 'reader', 'LOCKR', 'm', 'door'], [4 * MS, 'reader', 'ENDER', 'r:1', 'no'], [4 * MS, 'writer', 'gauge', 'q:1', '-2'], [5 * MS, 'writer', 'ENDOK', 'w:1', ''],
    [6 * MS, 'writer', 'LOCKW', 'n', 'gate'], [6 * MS + 10, 'writer', 'LOCKA', 'n', 'gate'], [6 * MS + 20, 'writer', 'LOCKR', 'n', 'gate'], [10 * MS, 'writer', 'BMARK', '-', 'end']]);
}

await test('locks: who holds, who waits, who kept whom waiting, of the selection; a row leads to its strip by keyboard', async (keep) => {
  const page = keep(await openLog(waiting()));
  await view(page, 'locks');
  same((await cells(page)).map((row) => row.slice(0, 9)), [['door', '2', '30.0%', '3.00 ms', '3.00 ms', '1', '2.00 ms', '2.00 ms', '2.00 ms'],
    ['gate', '1', '0.0001%', '10 ns', '10 ns', '1', '10 ns', '10 ns', '10 ns'], ['door', 'writer', 'reader', '1', '2.00 ms']], 'both tables');
  await page.evaluate(() => setState({ range: { from: 2e6, to: 4e6 } }));
  await page.waitForFunction(() => beside.blocks[0]?.ns === 1e6);
  same((await cells(page))[0].slice(0, 9), ['door', '2', '50.0%', '1.00 ms', '1.00 ms', '1', '1.00 ms', '1.00 ms', '1.00 ms'], 'in the range');
  await page.focus('#panel tbody tr[tabindex="0"]');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => state.view === 'timeline');
});

await test('counters: least, largest, last, unit', async (keep) => {
  const page = keep(await openLog(waiting()));
  await view(page, 'counters');
  same(await cells(page), [['queue', '-2', '7', '-2', 'jobs', 'a.c:1']], 'the table');
});

await test('the first screen says what failed and who waited; its numbers are those of the selection', async (keep) => {
  const page = keep(await openLog(waiting()));
  await page.waitForFunction(() => beside.locks.length === 2);
  const facts = async () => plain(await page.$eval('.facts-of', (box) => [box.querySelector('h2').textContent, ...[...box.querySelectorAll('dt')].map((dt) => `${dt.textContent}: ${dt.nextSibling.textContent}`)].join('|')));
  const whole = await facts();
  for (const part of ['test.ctxt', 'Length: 10.0 ms', 'Scopes: 2', 'Failed: 1', 'Waited: 2.00 ms, most for door: 2.00 ms, held by writer', 'Lost: nothing']) check(whole.includes(part), `${part} in ${whole}`);
  await page.click('.facts-of .link:text-is("1")');
  await page.waitForSelector('#panel[aria-labelledby=tab-failures]');
  await page.evaluate(() => setState({ range: { from: 4100000, to: 6000000 } }));
  await page.waitForFunction(() => document.querySelector('.facts-of').textContent.includes('Failednone'));
  const part = await facts();
  for (const text of ['1.90 ms|', 'Length: 1.90 ms', 'Scopes: 1', 'Failed: none']) check(part.includes(text), `${text} in ${part}`);
  check(!part.includes('Waited'), `nobody waits then: ${part}`);
  await page.click('button:text-is("About this log")');
  check((await page.textContent('dialog')).includes('Memory'), 'about the log');
});

await test('find groups what it has found, with counts; labels are dimmed by what matches in the instance', async (keep) => {
  const lines = [[0, 'door-thread', 'site', 'q:1', 'counter 1 - - a.c doors'], [1, 'door-thread', 'gauge', 'q:1', '7'], [0, 'main', 'LOCKA', 'm', 'door'], [9, 'main', 'LOCKR', 'm', 'door'],
    [0, 'main', 'site', 'f:1', 'format 1 - - a.c step %s']];
  for (let i = 0; i < 10; i++) lines.push([10 + i * MS, 'main', 'START', 'f:1', i === 3 ? 'step door' : `step ${i}`], [10 + i * MS + 900000, 'main', i === 5 || i === 6 ? 'ENDER' : 'ENDOK', 'f:1', i === 5 || i === 6 ? 'Door shut' : '']);
  lines.push([20 * MS, 'door-thread', 'START', 'd:1', 'open door'], [21 * MS, 'door-thread', 'ENDOK', 'd:1', ''], [22 * MS, 'main', 'BMARK', 'b:1', 'at the door'], [23 * MS, 'main', 'BMARK', 'c:1', 'away']);
  const page = keep(await openLog(ctxt(lines.sort((a, b) => a[0] - b[0]))));
  await page.fill('[aria-label="Search names, places and texts"]', 'door');
  const groups = () => page.$$eval('.find .groups > div', (all) => Object.fromEntries(all.map((group) => [group.querySelector('b').firstChild.textContent.trim(), Number(group.querySelector('b span').textContent)])));
  await page.waitForFunction(() => document.querySelectorAll('.find .groups > div').length === 8);
  same(await groups(), { Names: 1, 'Scopes by name': 1, Texts: 1, 'End texts': 2, Threads: 1, Locks: 1, Counters: 1, Marks: 1 }, 'the groups');
  const bright = await page.evaluate(() => timeline.picture.labels.filter((label) => label.flags & 8 || search.sites[label.site] & 1).map((label) => label.text || siteName(label.site)));
  same(bright, ['step door', 'step 5', 'step 6', 'open door'], 'the labels that match');
  await page.click('.find .groups button:text-is("doors")');
  await page.focus('[aria-label="Search names, places and texts"]');
  await page.click('.find .groups button:text-is("open door (1)")');
  await page.waitForFunction(() => siteName(state.name) === 'open door');
});

await done();
