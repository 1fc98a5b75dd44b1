// SPDX-License-Identifier: MIT
// Counters, locks and failures in a pixel: nothing is cut, nothing is exaggerated, and what is written beside them is what is drawn.
import { check, ctxt, done, idle, openLog, same, saved, test } from './page_support.mjs';

const S = 1000000000;

/** Two counters that are sampled in turn, 15,000 times each, in one second. */
function counters() {
  const lines = [[0, 'main', 'BMARK', '-', 'start'], [0, 'main', 'site', 'q:1', 'counter 1 - - a.c queue'], [0, 'main', 'site', 'r:2', 'counter 2 - - a.c done'],
    [0, 'main', 'site', 'n:3', 'counter 3 - - a.c below'], [1, 'main', 'START', 'f:1', 'work'], [10, 'main', 'gauge', 'n:3', '-7']];
  for (let i = 0; i < 15000; i++) lines.push([1000 + i * 66000, 'main', 'gauge', 'q:1', String(i % 100)], [31000 + i * 66000, 'main', 'sum', 'r:2', '1']);
  return ctxt([...lines, [S, 'main', 'ENDOK', 'f:1', '']]);
}

/** A lock that two threads hold in turn, 100 ns of each millisecond; once somebody waits for 0.4 ms. */
function locks() {
  const lines = [[0, 'main', 'BMARK', '-', 'start'], [1, 'main', 'START', 'f:1', 'work']];
  for (let i = 0; i < 2000; i++) lines.push([1000 + i * 1000000, `t${i % 2}`, 'LOCKA', 'm', 'm'], [1100 + i * 1000000, `t${i % 2}`, 'LOCKR', 'm', 'm']);
  lines.push([500500000, 'main', 'LOCKW', 'm', 'm'], [500900000, 'main', 'LOCKA', 'm', 'm'], [500900100, 'main', 'LOCKR', 'm', 'm'], [2 * S, 'main', 'ENDOK', 'f:1', '']);
  return ctxt(lines.sort((a, b) => a[0] - b[0]));
}

const gutter = (page) => page.$$eval('.gutter .counter, .gutter .lock', (all) => Object.fromEntries(all.map((strip) => [
  strip.querySelector('.name').textContent, [...strip.querySelectorAll('.value, .range')].map((part) => part.textContent)])));

async function look(page, from, to) {
  await page.evaluate(([a, b]) => moveWindow({ from: a, to: b }), [from, to]);
  await page.waitForTimeout(150);
  await idle(page);
}

/** How many of a strip's pixels are coloured, of all. */
const filled = (page, key) => page.evaluate((strip) => {
  const { canvas } = stripImages.get(strip);
  const first = Math.round((state.window.from - timeline.picture.from) / timeline.picture.nsPerPx);
  const { data } = canvas.getContext('2d').getImageData(first, 0, axisWidth(), canvas.height);
  let count = 0;
  for (let i = 3; i < data.length; i += 4) count += data[i] > 0 ? 1 : 0;
  return count / (data.length / 4);
}, key);

await test('a counter has all of its samples, at any width and zoom', async (keep) => {
  for (const width of [1440, 390]) {
    const page = keep(await openLog(counters(), { viewport: { width, height: 900 } }));
    await page.waitForTimeout(200);
    same(await gutter(page), { queue: ['99', '0 – 99'], done: ['15,000', '0 – 15k'], below: ['-7', '-7 – 0'] }, `${width} px`);
    await look(page, S / 2, S / 2 + 66000);
    const [value] = (await gutter(page)).done;
    same(value, String((Math.floor((S / 2 + 66000 - 31000) / 66000) + 1).toLocaleString('en')), 'a sum in the middle');
  }
});

await test('a counter without a sample in the window shows the value that still holds', async (keep) => {
  const page = keep(await openLog(ctxt([
    [0, 'main', 'BMARK', '-', 'start'], [0, 'main', 'site', 'q:1', 'counter 1 - - a.c queue'], [1, 'main', 'gauge', 'q:1', '5'], [S / 5, 'main', 'START', 'f:1', 'work'],
    [S / 5 + 1000, 'main', 'ENDOK', 'f:1', ''], [S, 'main', 'gauge', 'q:1', '1'], [S + 5, 'main', 'BMARK', '-', 'end']])));
  await look(page, S / 5, S / 5 + 1000);
  same(await gutter(page), { queue: ['5', '0 – 5'] }, 'the gutter');
  check(await filled(page, 'counter queue') > 0.7, 'the strip is filled');
});

await test('the value at the pointer is written while it is there', async (keep) => {
  const page = keep(await openLog(counters()));
  await page.waitForTimeout(200);
  const box = await page.locator('canvas.data').boundingBox();
  const middle = await page.evaluate(() => xOf(500000000));
  await page.mouse.move(box.x + middle, box.y + 200);
  await page.waitForTimeout(100);
  const at = Number((await gutter(page)).done[0].replace(',', ''));
  check(Math.abs(at - 7576) < 25, `in the middle: ${at}`);
  const y = await page.evaluate(() => timeline.strips.find((strip) => strip.name === 'queue').y + 10);
  await page.mouse.move(box.x + middle, box.y + y);
  check(/^\d+$/.test(await page.textContent('.tip .facts')) && /^\d+ … \d+ in this pixel$/.test(await page.textContent('.tip .quiet')), `the tip: ${await page.textContent('.tip')}`);
  await page.mouse.move(box.x + middle, 4);
  same((await gutter(page)).done[0], '15,000', 'the last of the window again');
});

await test('values below 0 hang from a line', async (keep) => {
  const page = keep(await openLog(counters()));
  await page.waitForTimeout(200);
  const first = await page.evaluate(() => {
    const { canvas } = stripImages.get('counter below');
    const { data } = canvas.getContext('2d').getImageData(canvas.width / 2, 0, 1, canvas.height);
    return [...Array(canvas.height).keys()].findIndex((i) => data[4 * i + 3] > 0);
  });
  check(first <= 4, `the zero line is at the top: ${first}`);
});

await test('a lock that is held for 0.01 % of the time fills next to nothing; its waits are seen', async (keep) => {
  const page = keep(await openLog(locks()));
  await page.waitForTimeout(200);
  same(await gutter(page), { m: ['0.01% held'] }, 'the gutter');
  check(await filled(page, 'lock m') < 0.1, `it fills ${await filled(page, 'lock m')}`);
  const box = await page.locator('canvas.data').boundingBox();
  const at = await page.evaluate(() => ({ x: xOf(500700000), y: timeline.strips.find((strip) => strip.key === 'lock m').y + 12 }));
  await page.mouse.move(box.x + at.x, box.y + at.y);
  const tip = (await page.textContent('.tip')).replaceAll('\u202f', ' ');
  check(/held 0\.0\d%waited for [\d.]+%\d holds · longest 100 ns by \w+ · 1 wait · longest wait 400 µs/.test(tip), `the tip: ${tip}`);
});

await test('exports have the numbers of the screen', async (keep) => {
  const page = keep(await openLog(counters()));
  await page.waitForTimeout(200);
  const svg = await saved(page, 'View as SVG');
  for (const text of ['queue', '15,000', '0 – 15k', '-7']) check(svg.includes(`>${text}<`), `the SVG has no ${text}`);
  await page.click('#tab-counters');
  await idle(page);
  same((await saved(page, 'Table as CSV')).split('\n').slice(0, 4), ['counter,min,max,last,unit,place', 'below,-7,-7,-7,,a.c:3', 'done,1,15000,15000,,a.c:2', 'queue,0,99,99,,a.c:1'], 'CSV');
});

/** Of 50,000 calls one in 500 fails; the last ten all fail. */
function failing() {
  const lines = [[0, 'main', 'BMARK', '-', 'start']];
  for (let i = 0; i < 50000; i++) {
    const bad = i % 500 === 0 || i >= 49990;
    lines.push([1000 + i * 2000, 'main', 'START', 'f:1', 'call'], [2500 + i * 2000, 'main', bad ? 'ENDER' : 'ENDOK', 'f:1', bad ? `no ${i}` : '']);
  }
  return ctxt(lines);
}

await test('one failure of many is no red row; the tip counts, the list has all of them, n goes from one to the next', async (keep) => {
  const page = keep(await openLog(failing()));
  await page.waitForTimeout(200);
  const red = () => page.evaluate(() => {
    const [, r, g, b] = [0, ...rgbOf(token('--bad'))];
    const strip = timeline.strips.find(({ kind }) => kind === 'lane');
    const { data } = timeline.canvas.getContext('2d').getImageData(0, strip.y + LANE_PADDING, axisWidth(), ROW_HEIGHT);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) count += data[i] === r && data[i + 1] === g && data[i + 2] === b ? 1 : 0;
    return count;
  });
  const seen = await red();
  check(seen < 20, `${seen} red pixels`);
  const box = await page.locator('canvas.data').boundingBox();
  const y = await page.evaluate(() => timeline.strips.find(({ kind }) => kind === 'lane').y + LANE_PADDING + 9);
  await page.mouse.move(box.x + Math.floor(await page.evaluate(() => xOf(50001500))) + 0.5, box.y + y);
  await page.waitForFunction(() => /\d of \d+ failed/.test(document.querySelector('.tip')?.textContent || ''));
  await page.keyboard.press('n');
  await page.waitForFunction(() => selectedScope && selectedScope.message === 'no 0' && state.window.to - state.window.from < 1e6);
  await page.keyboard.press('n');
  await page.waitForFunction(() => selectedScope.message === 'no 500');
  await page.keyboard.press('N');
  await page.waitForFunction(() => selectedScope.message === 'no 0');
  await page.click('#tab-failures');
  await page.waitForFunction(() => document.querySelectorAll('#panel tbody tr[aria-rowindex]').length > 5);
  same(await page.textContent('#panel .controls .quiet'), '110 failures', 'how many');
  await page.evaluate(() => setState({ range: { from: 99981000, to: 99999999 } }));
  await page.waitForFunction(() => document.querySelector('#panel .controls .quiet').textContent === '10 failures');
});

await done();
