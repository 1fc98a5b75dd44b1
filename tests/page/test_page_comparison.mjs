// SPDX-License-Identifier: MIT
// A page with a comparison in it (`wick compare -o diff.html`): its numbers are the tool's, a build against itself is all zero,
// swapped builds negate; what colour says, text says.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check, ctxt, done, openPage, same, scratch, test, tool, violations } from './page_support.mjs';

/** Runs of a build: ten calls each of scopes inside `outer`, costs in ns; runs differ by fractions of a percent. */
function runs(build, places, count = 5) {
  return Array.from({ length: count }, (_, run) => {
    const lines = [];
    let now = (2 * run + (build === 'b' ? 1 : 0)) * 100e9;
    const say = (...words) => lines.push([Math.round(now), 'main', ...words]);
    say('BMARK', '-', 'wick 0.1.0 start');
    say('run', '-', `start 1700000000.${build.charCodeAt(0) * 100 + run}`);
    say('START', 'f:1', 'outer');
    Object.entries(places).forEach(([name, cost], line) => {
      for (let call = 0; call < 10; call++) {
        say('START', `f:${line + 2}`, name);
        now += cost * (1 + ((run * 7 + line * 3) % 5) / 1000);
        say('ENDOK', `f:${line + 2}`, '');
      }
    });
    now += 1000;
    say('ENDOK', 'f:1', '');
    say('stat', '-', `scopes ${Object.keys(places).length * 10 + 1}`);
    say('BMARK', '-', 'wick end');
    const path = join(scratch, `${build}${run}.ctxt`);
    writeFileSync(path, ctxt(lines));
    return path;
  });
}

const SAME = Object.fromEntries([...'abcdefghi'].map((letter, i) => [`place_${letter}`, 20000 + 1000 * i]));
const A = runs('a', { ...SAME, tiny: 1, hot: 50000, '</script><b>old': 15000 });
const B = runs('b', { ...SAME, tiny: 1, hot: 60000, '"fresh\u202e': 12000 });

/** The page of a comparison, and what the tool says as JSON. */
async function compare(keep, base, candidate, options = {}) {
  const html = join(scratch, 'diff.html');
  const { stdout, stderr } = spawnSync(tool, ['compare', '-o', html, ...base, '--', ...candidate], { encoding: 'utf8' });
  check(/^wick: verdict=/.test(stdout), `the last line: ${stdout}${stderr}`);
  const { stdout: json } = spawnSync(tool, ['compare', '--format', 'json', ...base, '--', ...candidate], { encoding: 'utf8' });
  const page = keep(await openPage(pathToFileURL(html).href, options));
  await page.waitForFunction(() => document.body.dataset.log === 'read');
  return { page, result: JSON.parse(json) };
}

/** Rows of the table by name: a cell's text by its column's title. */
async function rowsOf(page) {
  await page.waitForFunction(() => document.querySelectorAll('.comparison tbody tr:not(.space)').length === comparison.places.length);
  return page.evaluate(() => {
    const titles = [...document.querySelectorAll('.comparison th')].map((th) => th.textContent.replace(/ (s|ms|µs|ns)$/, ''));
    return Object.fromEntries([...document.querySelectorAll('.comparison tbody tr:not(.space)')].map((row) => (
      [row.children[0].textContent, Object.fromEntries([...row.children].map((cell, i) => [titles[i], cell.textContent]))])));
  });
}

await test('the verdict, its numbers, and what is in one build alone', async (keep) => {
  const { page, result } = await compare(keep, A, B);
  same(result.verdict, 'regression', 'the tool');
  check((await page.textContent('#header')).includes('regression') && (await page.textContent('#header')).includes(result.reason), 'the header says so');
  const rows = await rowsOf(page);
  same(Object.keys(rows).length, 14, 'all places');
  const { cost } = result.nodes.find(({ path }) => path.at(-1) === 'hot');
  const { hot } = rows;
  same(hot.Verdict, '! cost worse', 'verdict of hot');
  same(hot['Cost of a call'], `+${((cost.ratio - 1) * 100).toFixed(1)}%`, 'its change');
  same(hot['99 % interval'], `+${((cost.low - 1) * 100).toFixed(1)}% to +${((cost.high - 1) * 100).toFixed(1)}%`, 'its interval');
  same(hot.p, cost.p_adj.toPrecision(2), 'its p');
  same(hot.Finds, `${(Math.round(cost.mde * 1000) / 10).toFixed(1)}%`, 'its least change');
  same(hot['Δ self %'], '+20.0%', 'time of a run');
  same([hot['Calls A'], hot['Calls B'], hot['Δ calls']], ['10', '10', '0'], 'calls');
  same(rows['</script><b>old'].Match, 'removed', 'gone');
  same(rows['"fresh\\u202e'].Match, 'new', 'new');
  const texts = await page.evaluate(() => comparisonView.graph.frames.map((frame) => comparisonView.graph.name(frame)));
  check(texts.includes(`! hot ${hot['Cost of a call']}`) && texts.includes('</script><b>old gone') && texts.includes('"fresh\\u202e new') && texts.includes('place_d'), `texts: ${texts}`);
  check((await page.textContent('.controls')).includes('1 place of less than 0.001% left out.'), 'what is too narrow is counted');
  same(page.complaints, [], 'complaints');
});

await test('widths: both, the base, the candidate; a parent is never narrower than its children', async (keep) => {
  const { page } = await compare(keep, A, B);
  const boxes = async (widths) => {
    await page.selectOption('select[aria-label="Widths"]', widths);
    return page.evaluate(() => Object.fromEntries(comparisonView.graph.frames.map(({ name, totalNs, offsetNs, parent }) => [name, { totalNs, offsetNs, parent }])));
  };
  const base = await boxes('base');
  const candidate = await boxes('candidate');
  const larger = await boxes('larger');
  same([base['"fresh\\u202e'].totalNs, candidate['</script><b>old'].totalNs], [0, 0], 'what is not there has no width');
  check(larger['"fresh\\u202e'].totalNs > 0 && larger['</script><b>old'].totalNs > 0, 'both can be seen together');
  check(Math.abs(candidate.hot.totalNs / base.hot.totalNs - 1.2) < 0.001, 'hot');
  for (const all of [base, candidate, larger]) {
    const list = Object.values(all);
    list.forEach((box, i) => {
      const children = list.filter(({ parent }) => parent === i);
      check(children.reduce((sum, child) => sum + child.totalNs, 0) <= box.totalNs + 1e-6, `children of ${i}`);
      for (const child of children) check(child.offsetNs >= box.offsetNs && child.offsetNs + child.totalNs <= box.offsetNs + box.totalNs + 1e-6, 'inside');
    });
  }
});

await test('a build against itself is all zero', async (keep) => {
  const { page } = await compare(keep, A, A);
  const found = await page.evaluate(() => comparison.places.flatMap((place) => [SELF, TOTAL, CALLS, P50].flatMap((what) => [deltaOf(place, what), strengthOf(place, what), changeOf(place, what)])));
  check(found.length > 100 && found.every((n) => n === 0), `${found.filter((n) => n !== 0)}`);
  const rows = await rowsOf(page);
  check(Object.values(rows).every((row) => row['Δ self %'] === '0.0%' && parseFloat(row['Δ total']) === 0), 'the table');
  same(await page.evaluate(() => [formatTime(-1234567), formatTime(-999), formatTime(1234567)].map((text) => text.replace('\u202f', ' '))), ['-1.23 ms', '-999 ns', '1.23 ms'], 'differences have three digits, too');
});

await test('swapped builds negate', async (keep) => {
  const numbers = (page) => page.evaluate(() => Object.fromEntries(comparison.places.map((place) => (
    [place.path, [SELF, TOTAL, CALLS].flatMap((what) => [deltaOf(place, what), strengthOf(place, what)])]))));
  const there = await numbers((await compare(keep, A, B)).page);
  const back = await numbers((await compare(keep, B, A)).page);
  same(Object.keys(there).sort(), Object.keys(back).sort(), 'places');
  for (const [path, values] of Object.entries(there)) same(back[path], values.map((n) => 0 - n), path);
});

await test('keys, choosing, finding, CSV', async (keep) => {
  const { page } = await compare(keep, A, B);
  await rowsOf(page);
  await page.focus('.comparison canvas');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  check(/^\S+.*, total .* → .*, depth 3/.test(await page.textContent('#live-region')), await page.textContent('#live-region'));
  await page.evaluate(() => choosePlace(comparison.places.findIndex(({ name }) => name === 'hot')));
  await page.waitForFunction(() => /^hot/.test(document.querySelector('.comparison tr[aria-selected="true"]')?.textContent || ''));
  await page.fill('input[type=search]', 'place');
  await page.waitForFunction(() => document.querySelectorAll('.comparison tbody tr').length === 9);
  await page.fill('input[type=search]', '');
  const csv = await page.evaluate(() => comparisonView.grid.csv());
  const line = csv.split('\n').find((text) => /^hot,/.test(text)).split(',');
  const head = csv.split('\n')[0].split(',');
  same([line[head.indexOf('calls_base')], line[head.indexOf('match')]], ['10', ''], 'CSV');
  check(Math.abs(line[head.indexOf('self_delta_ns')] - 100000) < 1000, `self_delta_ns ${line[head.indexOf('self_delta_ns')]}`);
});

for (const colorScheme of ['light', 'dark']) {
  await test(`axe finds nothing, ${colorScheme}; a phone`, async (keep) => {
    same(await violations((await compare(keep, A, B, { colorScheme })).page), [], 'desktop');
    const { page } = await compare(keep, A, B, { colorScheme, viewport: { width: 390, height: 844 } });
    same(await violations(page), [], 'phone');
  });
}

await test('nothing is written where it cannot be', async () => {
  const run = (...args) => spawnSync(tool, ['compare', ...args, ...A, '--', ...B], { encoding: 'utf8' });
  const nowhere = run('-o', join(scratch, 'none', 'diff.html'));
  same([nowhere.status, nowhere.stdout], [2, ''], 'a directory that is not there');
  check(/none\/diff\.html/.test(nowhere.stderr), nowhere.stderr);
  const full = run('--format', 'html', '-o', '/dev/full');
  same(full.status, 2, 'a full disk');
  check(/No space left/.test(full.stderr), full.stderr);
  const out = execFileSync('sh', ['-c', `"$0" compare --exit-zero --format html "$@" | tail -c 8`, tool, ...A, '--', ...B], { encoding: 'utf8' });
  same(out, '</html>\n', 'to standard output, without a line behind it');
  check(readFileSync(join(scratch, 'diff.html')).length > 100000, 'the page is whole');
});

await done();
