// SPDX-License-Identifier: MIT
// The page for everybody: axe-core finds nothing in any view, light and dark; all of it works by keyboard
// alone; what is drawn can be read out.
import { check, done, fileUrl, idle, openLog, openPage, same, test, violations } from './page_support.mjs';
import { everything } from './sample_logs.mjs';

const LOG = everything();

/** Controls that are smaller than 24 px, or have no name; a checkbox counts with its label. */
const small = (page) => page.$$eval('button, input, select, [tabindex="0"]', (all) => all
  .filter((e) => e.getClientRects().length && !e.matches('.unseen, [type=file], [role=separator]'))
  .map((e) => ({ name: e.getAttribute('aria-label') || e.textContent || e.closest('label')?.textContent || '', box: (e.closest('label') || e).getBoundingClientRect() }))
  .filter(({ name, box }) => !name.trim() && box.width < 100 || box.height < 23.5 || box.width < 23.5).map(({ name, box }) => `${name} ${box.width}x${box.height}`));

for (const [colorScheme, width, height] of [['light', 1440, 900], ['dark', 1440, 900], ['dark', 1920, 1080], ['light', 1024, 700], ['dark', 390, 844], ['light', 390, 844]]) {
  await test(`axe finds nothing, ${colorScheme}, ${width}x${height}`, async (keep) => {
    const options = { colorScheme, viewport: { width, height } };
    const empty = keep(await openPage(fileUrl, options));
    same(await violations(empty), [], 'the empty page');
    const page = keep(await openLog(LOG, options));

    for (let i = 1; i <= 9; i++) {
      await page.keyboard.press(String(i));
      await page.waitForTimeout(200);
      await idle(page);
      same(await violations(page), [], `view ${i}`);
      same(await small(page), [], `view ${i}: too small or without a name`);
    }
    await page.fill('[aria-label="Search names, places and texts"]', 'a');
    await page.waitForSelector('.find .groups button');
    same(await violations(page), [], 'what was found');
    same(await small(page), [], 'what was found: too small or without a name');
    await page.fill('[aria-label="Search names, places and texts"]', '');
    await page.keyboard.press('Escape');
    await page.keyboard.press('1');
    await page.keyboard.press('t');
    await page.waitForFunction(() => selectedScope);
    await idle(page);
    same(await violations(page), [], 'a selected scope');
    await page.keyboard.press('?');
    same(await violations(page), [], 'the help');
  });
}

await test('keyboard alone: from the empty page to a scope, a range, a name, and back', async (keep) => {
  const page = keep(await openLog(LOG));
  const span = () => page.evaluate(() => state.window.to - state.window.from);
  const whole = await span();

  await page.keyboard.press('w');
  await page.waitForFunction((before) => state.window.to - state.window.from < before * 0.7, whole);
  const left = await page.evaluate(() => state.window.from);
  await page.keyboard.press('d');
  await page.waitForFunction((before) => state.window.from > before, left);
  await page.keyboard.press('r');
  check(await page.evaluate(() => state.range), 'R selects the window');
  await page.keyboard.press('0');
  await page.waitForFunction((before) => state.window.to - state.window.from >= before * 0.99, whole);
  await page.keyboard.press('t');
  await page.waitForFunction(() => selectedScope);
  for (let depth = await page.evaluate(() => selectedScope.depth); depth > 0; depth--) {
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction((now) => selectedScope.depth === now, depth - 1);
  }
  const outer = await page.evaluate(() => selectedScope);
  await page.keyboard.press('ArrowUp');
  await page.waitForFunction((at) => selectedScope.startNs < at, outer.startNs);
  const said = await page.textContent('#live-region');
  check(/^\w+, [\d.,]+.(ns|µs|ms).*, depth \d+, main, \d+ of \d+/.test(said), `what is said: ${said}`);
  await page.keyboard.press('PageDown');
  await page.waitForFunction(() => selectedScope.track !== 0 && trackName(selectedScope.track) !== 'main');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => state.window.to - state.window.from < selectedScope.durationNs * 1.3 + 10);
  await page.keyboard.press('Shift+F10');
  await page.waitForSelector('dialog[open]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
  await page.keyboard.press('m');
  await page.keyboard.press('4');
  await page.focus('tbody tr[tabindex="0"]');
  await page.keyboard.press('ArrowDown');
  await page.waitForTimeout(150);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => state.name >= 0);
  await page.keyboard.press('6');
  await page.waitForFunction(() => document.querySelector('tbody')?.textContent.includes('bookmark'));
  for (let i = 0; i < 4; i++) await page.keyboard.press('Escape');
  same(await page.evaluate(() => [state.scope, state.range, state.name]), [null, null, -1], 'back at the beginning');
});

await test('every control can be reached by Tab, is named, and is at least 24 px', async (keep) => {
  const page = keep(await openLog(LOG));
  same(await small(page), [], 'too small or without a name');

  const seen = new Set();
  for (let i = 0; i < 75; i++) {
    await page.keyboard.press('Tab');
    seen.add(await page.evaluate(() => document.activeElement.getAttribute('aria-label') || document.activeElement.textContent.slice(0, 30)));
  }
  for (const name of ['Search names, places and texts', 'Timeline', 'Open', 'Save', 'Keys and mouse', 'worker-1', 'Height of the details']) {
    check([...seen].some((s) => s.startsWith(name)), `Tab reaches ${name}; it reached ${[...seen].join(' | ')}`);
  }
});

await test('flame graph and table are read out as they are walked', async (keep) => {
  const page = keep(await openLog(LOG));
  await page.keyboard.press('2');
  await idle(page);
  await page.focus('.flame canvas');
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() => /^parse_text, .* depth 2/.test(document.getElementById('live-region').textContent));
  await page.keyboard.press('4');
  await idle(page);
  same(await page.$eval('th[aria-sort]', (th) => [th.getAttribute('aria-sort'), th.textContent.slice(0, 4)]), ['descending', 'Self'], 'the sorted column');
  check(Number(await page.getAttribute('table', 'aria-rowcount')) >= 6, 'the table says how many rows it has');
});

await test('forced colours and more contrast do not break the page', async (keep) => {
  for (const options of [{ forcedColors: 'active' }, { contrast: 'more', colorScheme: 'dark' }]) {
    const page = keep(await openLog(LOG, options));
    for (let i = 1; i <= 6; i++) await page.keyboard.press(String(i));
    await idle(page);
    same(await violations(page), [], JSON.stringify(options));
  }
});

await done();
