// SPDX-License-Identifier: MIT
// Every view shows the one selection; the link to it shows the same again; everything can be taken away.
import { readFileSync } from 'node:fs';
import { check, ctxt, done, fileUrl, give, idle, openLog, openPage, same, test } from './page_support.mjs';
import { everything } from './sample_logs.mjs';

const LOG = everything();
/** FNV-1a of the pixels of all rows: the whole log, a tenth, three thousandths. */
const GOLDEN_ROWS = ['4f4bf1f6', 'da98cf26', '16def2a0'];
const VIEWS = ['timeline', 'flame', 'sandwich', 'table', 'histogram', 'marks', 'failures', 'locks', 'counters'];

async function view(page, name) {
  await page.click(`#tab-${name}`);
  await page.waitForTimeout(120);
  await idle(page);
}

await test('each view shows the log', async (keep) => {
  const page = keep(await openLog(LOG));

  check(await page.evaluate(() => timeline.over.hidden), 'what lies over the rows is not there without a need');
  await page.mouse.move(700, 400);
  await page.waitForFunction(() => !timeline.over.hidden);
  const boxes = await page.evaluate(() => [timeline.canvas, timeline.over].map((c) => { const b = c.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; }));
  same(boxes[1], boxes[0], 'what lies over the rows lies where they are');
  same(await page.$$eval('.gutter .name', (all) => all.map((n) => n.textContent)), ['Marks', 'depth:4', 'main', 'worker-1', 'worker-2', 'idle-1', 'the lock'], 'the timeline\'s strips');
  await view(page, 'flame');
  check(await page.evaluate(() => flameView.graph.frames.some((f) => siteName(f.site) === 'parse_node')), 'the flame graph has frames');
  await view(page, 'sandwich');
  await page.selectOption('.sandwich select', { label: 'parse_text' });
  await idle(page);
  same(await page.evaluate(() => [sandwich.callers.frames, sandwich.callees.frames].map((f) => [...new Set(f.map((x) => siteName(x.site)))].sort())),
    [['parse_node', 'parse_text'], ['decode_frame', 'parse_text', 'read_block']], 'callers and callees');
  await view(page, 'table');
  check((await page.$$('tbody tr[aria-rowindex]')).length >= 5, 'the table has rows');
  await view(page, 'histogram');
  check(await page.evaluate(() => histogram.bars.length > 3 && histogram.instances.length > 10), 'the histogram has bars and instances');
  await view(page, 'marks');
  check((await page.textContent('tbody')).includes('turn 40'), 'the marks are listed');
});

await test('one selection for all views, and for the link', async (keep) => {
  const page = keep(await openLog(LOG));
  const counts = () => page.evaluate(() => numbers.table.reduce((sum, row) => sum + row.count, 0));
  const all = await counts();

  await page.click('.gutter button.name:text-is("worker-1")');
  await page.waitForTimeout(150);
  await idle(page);
  const one = await counts();
  await page.evaluate(() => setState({ range: { from: 0, to: logSpan().to / 2 }, view: 'flame' }));
  await page.waitForTimeout(150);
  await idle(page);
  const half = await counts();
  await page.waitForTimeout(400);
  const link = await page.evaluate(() => location.hash);
  const other = keep(await openLog(LOG, { hash: link }));
  await other.waitForTimeout(150);
  await idle(other);

  check(all > one && one > half && half > 0, `fewer and fewer: ${all}, ${one}, ${half}`);
  same(await other.evaluate(() => numbers.table.reduce((sum, row) => sum + row.count, 0)), half, 'the link shows the same');
  same(await other.evaluate(() => state.view), 'flame', 'the link shows the same view');
  await page.keyboard.press('Escape');
  await page.waitForTimeout(150);
  await idle(page);
  same(await counts(), all, 'Escape selects everything again');
});

await test('search: hits, share of time, from hit to hit', async (keep) => {
  const page = keep(await openLog(LOG));

  await page.keyboard.press('/');
  await page.keyboard.type('decode');
  const hits = await page.evaluate(() => numbers.table.filter((r) => siteName(r.site) === 'decode_frame').reduce((s, r) => s + r.count, 0));
  await page.waitForFunction((n) => new RegExp(`^${n} hits, [\\d.]+% of time$`).test(document.querySelector('.find output').textContent), hits);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => selectedScope && siteName(selectedScope.site) === 'decode_frame');
  const first = await page.evaluate(() => selectedScope.startNs);
  await page.keyboard.press('Enter');
  await page.waitForFunction((before) => selectedScope.startNs > before, first);

  await page.keyboard.press('Escape');
  await page.fill('.find input', '/^parse_(node|text)$/');
  await page.waitForFunction(() => search.answer?.sites === 2);
});

await test('the histogram\'s brush lists the instances and highlights them', async (keep) => {
  const page = keep(await openLog(LOG));
  await view(page, 'histogram');
  await page.selectOption('.histogram select', { label: 'parse_node' });
  await idle(page);
  const whole = await page.evaluate(() => histogram.total);

  await page.focus('input[aria-label="Shortest"]');
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
  await page.waitForTimeout(100);
  await idle(page);
  const part = await page.evaluate(() => ({ total: histogram.total, lit: highlighted.length, least: Math.min(...histogram.instances.map((i) => i.durationNs)), low: histogram.bars[6].lowNs }));

  check(part.total < whole && part.lit === part.total, `${part.lit} of ${part.total} are highlighted, ${whole} in all`);
  check(part.least >= part.low, 'only the brushed durations');
  await page.click('.instances tbody tr');
  await page.waitForFunction(() => state.view === 'timeline' && selectedScope);
});

await test('only inside: numbers of what happens within one name', async (keep) => {
  const page = keep(await openLog(LOG));
  await page.evaluate(() => setState({ name: log.sites.findIndex((s) => s.name === 'read_block') }));
  await page.click('button:text-is("Only inside")');
  await page.waitForTimeout(200);
  await idle(page);

  same(await page.evaluate(() => numbers.table.map((r) => siteName(r.site)).sort()), ['decode_frame', 'read_block'], 'names');
});

await test('a scope is selected by a click, and zoomed to by another', async (keep) => {
  const page = keep(await openLog(LOG));
  await page.evaluate(() => { const s = log.tracks[0]; moveWindow({ from: s.firstNs, to: s.firstNs + 20000 }); });
  await page.waitForTimeout(300);
  await idle(page);
  const place = await page.evaluate(() => {
    const label = timeline.picture.labels.find((l) => xOf(timeline.picture.from + l.x0 * timeline.picture.nsPerPx) > 20);
    const [key, depth] = [...timeline.picture.lineOf].find(([, line]) => line === label.line)[0].split(':');
    const strip = timeline.strips.find((s) => s.key === key);
    const box = timeline.canvas.getBoundingClientRect();
    const x = (xOf(timeline.picture.from + label.x0 * timeline.picture.nsPerPx) + Math.min(axisWidth(), xOf(timeline.picture.from + label.x1 * timeline.picture.nsPerPx))) / 2;
    return { x: box.left + x, y: box.top + strip.y + 3 + Number(depth) * 18 + 9, site: label.site };
  });

  await page.mouse.move(place.x, place.y);
  await page.waitForSelector('.tip:not([hidden])');
  await page.mouse.click(place.x, place.y);
  await page.waitForFunction((site) => selectedScope?.site === site, place.site);
  const before = await page.evaluate(() => state.window.to - state.window.from);
  await page.mouse.click(place.x, place.y);
  await page.waitForFunction((span) => state.window.to - state.window.from < span, before);
});

await test('wheel zooms at the cursor, drag pans, shift-drag selects', async (keep) => {
  const page = keep(await openLog(LOG));
  const box = await page.locator('canvas.data').boundingBox();
  const at = () => page.evaluate((x) => nsOf(x), 400);
  const before = await at();

  await page.mouse.move(box.x + 400, box.y + 100);
  await page.mouse.wheel(0, -400);
  await page.waitForFunction(() => state.window.to - state.window.from < (logSpan().to - logSpan().from) * 0.8);
  check(Math.abs(await at() - before) < 50, 'what is under the cursor stays there');
  await page.mouse.down();
  await page.mouse.move(box.x + 500, box.y + 100, { steps: 4 });
  await page.mouse.up();
  check(await page.evaluate((ns) => Math.abs(nsOf(500) - ns) < 50, before), 'a drag takes the time with it');
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + 200, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + 600, box.y + 100, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  check(await page.evaluate(() => Math.abs(xOf(state.range.from) - 200) < 2 && Math.abs(xOf(state.range.to) - 600) < 2), 'shift-drag selects');
});

async function saved(page, item) {
  const download = page.waitForEvent('download');
  await page.click('button:text-is("Save")');
  await page.click(`[role=menuitem]:text-is("${item}")`);
  const file = await download;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

await test('exports: PNG, SVG and CSV', async (keep) => {
  const page = keep(await openLog(LOG));

  const png = await saved(page, 'View as PNG');
  same(png.bytes.subarray(1, 4).toString(), 'PNG', 'a PNG');
  for (const [name, text] of [['timeline', 'worker-1'], ['flame', 'parse_node']]) {
    await view(page, name);
    const svg = (await saved(page, 'View as SVG')).bytes.toString();
    check(svg.startsWith('<svg') && svg.includes(text), `an SVG of the ${name}`);
  }
  await view(page, 'table');
  const csv = (await saved(page, 'Table as CSV')).bytes.toString().trim().split('\n');
  same(csv[0], 'name,place,count,self_ns,total_ns,mean_ns,p50_ns,p90_ns,p99_ns,p999_ns,max_ns,failed,unfinished,open', 'the CSV\'s head');
});

await test('rows are drawn to the last pixel as they were', async (keep) => {
  const page = keep(await openLog(LOG));
  const hash = await page.evaluate(async () => {
    const palette = Uint32Array.from(log.sites, (_, i) => (0xff000000 | (i * 2654435761 >>> 8)) >>> 0);
    await ask('palette', { palette, dimmed: palette, background: 0xffffffff, hatch: 0xff0000ff, other: 0xff888888 });
    const pairs = new Uint32Array(log.tracks.flatMap((t) => t.rows).flatMap((row, line) => [row, line]));
    const { from, to } = logSpan();
    const all = [];
    for (const share of [1, 0.1, 0.003]) {
      const nsPerPx = (to - from) * share / 800;
      const { pixels } = await ask('image', { from, nsPerPx, width: 800, lines: pairs.length / 2, pairs: pairs.slice(), dim: 0, minPx: 28 });
      let hash = 0x811c9dc5;
      for (const byte of pixels) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
      all.push(hash.toString(16));
    }
    return all;
  });
  same(hash, GOLDEN_ROWS, 'rows; when the change is meant, write the new ones into this test');
});

await test('the selection as .ctxt shows the same again', async (keep) => {
  const page = keep(await openLog(LOG));
  const ctxt = await saved(page, 'Selection as .ctxt');
  const again = keep(await openPage(fileUrl));
  await give(again, { name: ctxt.name, bytes: ctxt.bytes });
  await idle(again);
  const sums = (p) => p.evaluate(() => numbers.table.map((r) => [siteName(r.site), r.count, r.totalNs, r.failed]).sort());
  same((await sums(again)).filter(([n]) => n !== 'left open'), (await sums(page)).filter(([n]) => n !== 'left open'), 'the exported log');
});

await test('two logs: dropped together they share the axis', async (keep) => {
  const page = keep(await openPage(fileUrl));
  await give(page, { name: 'a.ctxt', text: LOG }, { name: 'b.ctxt', text: LOG.replaceAll(' host 7 ', ' other 8 ') });
  await idle(page);

  same(await page.textContent('h1'), 'a.ctxt and 1 more', 'title');
  same(await page.evaluate(() => new Set(log.tracks.map((t) => t.host)).size), 2, 'hosts');
});

await test('widths of the flame graph: calls, values, CPU time', async (keep) => {
  const page = keep(await openLog(ctxt([
    [0, 'main', 'START', 'a:1', 'outer'], ...[1, 2, 3].flatMap((i) => [
      [i * 100, 'main', 'START', 'b:2', 'inner'], [i * 100 + 5, 'main', 'value', '-', String(i * 1000)],
      [i * 100 + 10, 'main', 'cpu', 'b:2', '7'], [i * 100 + 10, 'main', 'ENDOK', 'b:2', '']]),
    [1000, 'main', 'ENDOK', 'a:1', ''], [2000, 'main', 'BMARK', '-', 'end']])));
  await view(page, 'flame');
  const widths = async (what) => {
    await page.selectOption('select[aria-label="Widths"]', { label: what });
    await idle(page);
    return page.evaluate(() => flameView.graph.frames.map((f) => `${siteName(f.site)} ${flameView.graph.facts(f).facts[0]}`.replace('\u202f', ' ')).join(', '));
  };

  same(await widths('calls'), 'outer 4, inner 3', 'by calls');
  same(await widths('values'), 'outer 6,000, inner 6,000', 'by values');
  same(await widths('CPU time'), 'outer 21 ns, inner 21 ns', 'by CPU time');
  same(await widths('time'), 'outer 1.00 µs, inner 30 ns', 'by time');
});

await test('reduced motion: the window jumps where it would glide', async (keep) => {
  for (const [reducedMotion, steps] of [['reduce', 1], ['no-preference', 3]]) {
    const page = keep(await openLog(LOG, { reducedMotion }));
    const seen = await page.evaluate(() => new Promise((resolve) => {
      const widths = new Set();
      on('state', (changed) => { if (changed.has('window')) widths.add(state.window.to - state.window.from); });
      zoomWindow(0.5, (state.window.from + state.window.to) / 2, true);
      setTimeout(() => resolve(widths.size), 600);
    }));
    check(steps === 1 ? seen === 1 : seen >= steps, `${reducedMotion}: ${seen} steps`);
  }
});

await test('dark, small and dense: every view in every size without an error', async (keep) => {
  for (const [colorScheme, width, height] of [['dark', 700, 500], ['light', 1900, 1000], ['dark', 360, 640]]) {
    const page = keep(await openLog(LOG, { colorScheme, viewport: { width, height }, reducedMotion: 'reduce' }));
    for (const name of VIEWS) await view(page, name);
    check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `nothing sticks out at ${width} px`);
  }
});

await done();
