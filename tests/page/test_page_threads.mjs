// SPDX-License-Identifier: MIT
// Which threads the timeline shows, in which order, under which names; and which of their scopes.
import { check, ctxt, done, give, idle, openLog, same, test } from './page_support.mjs';
import { many } from './sample_logs.mjs';

const MS = 1000000;

const shown = (page) => page.$$eval('.gutter .strip', (all) => all.filter((strip) => strip.matches('.lane, .group, .fold'))
  .sort((a, b) => parseFloat(a.style.top) - parseFloat(b.style.top)).map((strip) => strip.querySelector('.name').textContent));

async function showing(page, names, what) {
  try {
    await page.waitForFunction((wanted) => JSON.stringify([...document.querySelectorAll('.gutter .strip')].filter((strip) => strip.matches('.lane, .group, .fold'))
      .sort((a, b) => parseFloat(a.style.top) - parseFloat(b.style.top)).map((strip) => strip.querySelector('.name').textContent)) === wanted, JSON.stringify(names), { timeout: 10000 });
  } catch {
    same(await shown(page), names, what);
  }
}

/** Threads that begin and work for [from, to) ms. */
const working = (threads, pid = 7) => ctxt(Object.entries(threads).flatMap(([name, [from, to]]) => (
  [[from * MS, name, 'START', 'f:1', 'work'], [to * MS, name, 'ENDOK', 'f:1', '']])).sort((a, b) => a[0] - b[0])).replaceAll(' host 7 ', ` host ${pid} `);

await test('threads are sorted by busy time, by name or by start, and filtered', async (keep) => {
  const page = keep(await openLog(working({ net: [0, 10], disk: [5, 95], audio: [2, 40], main: [8, 9] })));
  await showing(page, ['main', 'disk', 'audio', 'net'], 'the main thread, then the busiest');
  await page.selectOption('[aria-label="Order of threads"]', 'name');
  await showing(page, ['audio', 'disk', 'main', 'net'], 'by name');
  await page.selectOption('[aria-label="Order of threads"]', 'start');
  await showing(page, ['net', 'audio', 'disk', 'main'], 'by start');
  await page.fill('[aria-label="Filter threads"]', 'I');
  await showing(page, ['audio', 'disk', 'main'], 'filtered');
  await page.evaluate(() => ask('scopeAt', { track: log.tracks.findIndex(({ name }) => name === 'net'), at: 5e6 }).then(showScopeOf));
  await showing(page, ['net', 'audio', 'disk', 'main'], 'a scope that is shown ends a filter that hides it');
});

await test('threads that follow each other share a row, which has their names', async (keep) => {
  const page = keep(await openLog(working({ 'job-1': [1, 10], 'job-2': [20, 30], 'job-3': [25, 60], main: [0, 99] })));
  await showing(page, ['main', 'job-3', 'job-1, job-2'], 'two rows for three');
});

await test('300 workers are one strip that shows how busy they are, and opens', async (keep) => {
  const page = keep(await openLog(many(300, 10)));
  await showing(page, ['▸ thread ×300'], 'one strip');
  const heat = await page.evaluate(() => {
    const strip = timeline.strips.find(({ kind }) => kind === 'group');
    const { canvas } = stripImages.get(strip.key);
    const { data } = canvas.getContext('2d').getImageData(0, 12, canvas.width, 1);
    const at = (ns) => data[4 * Math.round((ns - timeline.picture.from) / timeline.picture.nsPerPx) + 3];
    return [at(45000), at(95500)];
  });
  check(heat[0] > 240 && heat[1] < 60, `busy and idle: ${heat}`);
  await page.click('.gutter .group .name');
  await page.waitForFunction(() => timeline.strips.filter(({ kind }) => kind === 'lane').length === 300);
  same(await page.getAttribute('.gutter .group .name', 'aria-expanded'), 'true', 'it says that it is open');
  await page.click('.gutter .group .name');
  await page.waitForFunction(() => timeline.strips.every(({ kind }) => kind !== 'lane'));
  await page.evaluate(() => ask('scopeAt', { track: 250, at: 45000 }).then(showScopeOf));
  await page.waitForFunction(() => stripOfTrack(250));
});

await test('the threads of each process stand under its name', async (keep) => {
  const page = keep(await openLog(working({ main: [0, 90], net: [0, 20] })));
  await give(page, { name: 'b.ctxt', text: working({ main: [0, 50] }, 9) });
  await page.click('dialog button:text-is("Add beside")');
  await page.waitForFunction(() => log.inputs.length === 2);
  await idle(page);
  await showing(page, ['▾  7', 'main · 7', 'net · 7', '▾  9', 'main · 9'], 'two processes');
  await page.click('.gutter .fold .name');
  await showing(page, ['▸  7', '▾  9', 'main · 9'], 'the first one is folded');
});

/** How many pixels of the first row are coloured, of all. */
const covered = (page) => page.evaluate(() => {
  const { data } = timeline.picture.canvas.getContext('2d').getImageData(0, 0, timeline.picture.width, 1);
  let count = 0;
  for (let i = 3; i < data.length; i += 4) count += data[i] > 0 ? 1 : 0;
  return count / timeline.picture.width;
});

await test('short scopes can be hidden, and equal neighbours joined under one label', async (keep) => {
  const lines = [];
  for (let i = 0; i < 200; i++) lines.push([i * 100000, 'main', 'START', 'f:1', 'step'], [i * 100000 + 99900, 'main', 'ENDOK', 'f:1', '']);
  lines.push([40 * MS, 'main', 'START', 'g:1', 'long'], [60 * MS, 'main', 'ENDOK', 'g:1', '']);
  const page = keep(await openLog(ctxt(lines)));
  await page.waitForTimeout(200);
  const before = await covered(page);
  const labels = () => page.evaluate(() => timeline.picture.labels.map((label) => siteName(label.site)));
  same(await labels(), ['long'], 'steps are too narrow for labels');
  await page.check('#join');
  await page.waitForFunction(() => timeline.picture.labels.length === 2);
  same(await labels(), ['step', 'long'], 'all steps have one');
  await page.selectOption('[aria-label="Shortest scopes shown"]', '1000000');
  await page.waitForFunction(() => timeline.picture.labels.length === 1);
  const after = await covered(page);
  check(after < before * 0.6 && after > before * 0.4, `the steps are gone: ${before} ${after}`);
});

await done();
