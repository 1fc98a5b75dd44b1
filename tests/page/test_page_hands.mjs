// SPDX-License-Identifier: MIT
// Keys and pointer: everything that the help promises, and ways back.
import { check, done, idle, openLog, same, test } from './page_support.mjs';
import { everything, many } from './sample_logs.mjs';

const LOG = everything();
const span = (page) => page.evaluate(() => state.window.to - state.window.from);
const window = (page) => page.evaluate(() => [state.window.from, state.window.to].map(Math.round));
const OPTIONS = { reducedMotion: 'reduce' };

async function middle(page) {
  const box = await page.locator('canvas.data').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 100);
  return box;
}

await test('shift and wheel scroll the tracks', async (keep) => {
  const page = keep(await openLog(many(40, 20, 4), OPTIONS));
  await page.click('.gutter .group .name');
  await middle(page);
  const before = await window(page);
  await page.keyboard.down('Shift');
  await page.mouse.wheel(0, 200);
  await page.waitForFunction(() => timeline.scroller.scrollTop > 100);
  await page.keyboard.up('Shift');
  same(await window(page), before, 'the window stays');
});

await test('a double click zooms to what is under it, also before the engine has answered', async (keep) => {
  const page = keep(await openLog(LOG, OPTIONS));
  const place = await page.evaluate(() => {
    const label = timeline.picture.labels.find((l) => l.x1 - l.x0 > 30 && siteName(l.site) !== 'left open') || timeline.picture.labels[0];
    const [key, depth] = [...timeline.picture.lineOf].find(([, line]) => line === label.line)[0].split(':');
    const strip = timeline.strips.find((s) => s.key === key);
    const box = timeline.canvas.getBoundingClientRect();
    return { x: box.left + xOf(timeline.picture.from + (label.x0 + label.x1) / 2 * timeline.picture.nsPerPx), y: box.top + strip.y + 3 + Number(depth) * 18 + 9, ns: (label.x1 - label.x0) * timeline.picture.nsPerPx };
  });
  const events = ['pointerdown', 'pointerup', 'pointerdown', 'pointerup', 'dblclick'];
  await page.evaluate(([{ x, y }, names]) => {
    const box = timeline.canvas.getBoundingClientRect();
    for (const name of names) {
      const Kind = name === 'dblclick' ? MouseEvent : PointerEvent;
      const event = new Kind(name, { clientX: x, clientY: y, bubbles: true, button: 0, pointerId: 1 });
      Object.defineProperty(event, 'offsetX', { value: x - box.left });
      Object.defineProperty(event, 'offsetY', { value: y - box.top });
      timeline.canvas.setPointerCapture = () => {};
      timeline.canvas.dispatchEvent(event);
    }
  }, [place, events]);
  await page.waitForFunction((ns) => state.window.to - state.window.from < ns * 1.5, place.ns);
});

await test('ctrl and wheel zoom by 2 % for each unit, at the pointer; two fingers zoom, too', async (keep) => {
  const page = keep(await openLog(LOG, OPTIONS));
  await middle(page);
  const before = await span(page);
  await page.evaluate(() => timeline.canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: -10, ctrlKey: true, bubbles: true, cancelable: true, clientX: 700, clientY: 300 })));
  check(Math.abs(await span(page) / before - 1.02 ** -10) < 0.001, 'ten units');
  const kept = await page.evaluate(() => {
    const touch = (name, id, x) => {
      const event = new PointerEvent(name, { pointerId: id, pointerType: 'touch', button: 0, buttons: 1, bubbles: true });
      Object.defineProperty(event, 'offsetX', { value: x });
      timeline.canvas.dispatchEvent(event);
    };
    timeline.canvas.setPointerCapture = () => {};
    const was = [nsOf(300), nsOf(500)];
    touch('pointerdown', 11, 300);
    touch('pointerdown', 12, 500);
    touch('pointermove', 12, 700);
    const is = [nsOf(300), nsOf(700)];
    touch('pointerup', 11, 300);
    touch('pointerup', 12, 700);
    return was.map((ns, i) => Math.abs(ns - is[i]));
  });
  check(kept.every((by) => by < 5), `what is under the fingers stays there: ${kept}`);
});

await test('Backspace and Back undo moves of the window', async (keep) => {
  const page = keep(await openLog(LOG, OPTIONS));
  const first = await window(page);
  await page.keyboard.press('w');
  await page.waitForTimeout(700);
  const second = await window(page);
  await page.keyboard.press('w');
  await page.waitForTimeout(700);
  await page.keyboard.press('Backspace');
  same(await window(page), second, 'Backspace');
  await page.evaluate(() => history.back());
  await page.waitForTimeout(300);
  same(await window(page), first, 'Back');
});

await test('buttons zoom and fit; the ruler selects; the overview is clicked and its edges are dragged', async (keep) => {
  const page = keep(await openLog(LOG, OPTIONS));
  const whole = await span(page);
  await page.click('.zoom button:text-is("+")');
  check(await span(page) < whole * 0.7, 'closer');
  await page.click('.zoom button:text-is("−")');
  check(Math.abs(await span(page) / whole - 1) < 0.1, 'and back');
  await page.click('.zoom button:text-is("+")');
  await page.click('.zoom button:text-is("fit")');
  check(Math.abs(await span(page) / whole - 1) < 0.01, 'everything');
  const box = await page.locator('canvas.data').boundingBox();
  await page.mouse.move(box.x + 100, box.y - 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 400, box.y - 10, { steps: 4 });
  await page.mouse.up();
  check(await page.evaluate(() => Math.abs(xOf(state.range.from) - 100) < 2 && Math.abs(xOf(state.range.to) - 400) < 2), 'the ruler selects');
  await page.evaluate(() => moveWindow({ from: logSpan().to * 0.1, to: logSpan().to * 0.2 }));
  await idle(page);
  const map = await page.locator('#minimap canvas').boundingBox();
  await page.mouse.click(map.x + map.width / 2, map.y + 20);
  check(await page.evaluate(() => Math.abs(windowMiddle() - logSpan().to / 2) < logSpan().to * 0.01), 'a click looks there');
  const [edge, left] = await page.evaluate(() => [minimapX(state.window.to), state.window.from]);
  await page.mouse.move(map.x + edge, map.y + 20);
  await page.mouse.down();
  await page.mouse.move(map.x + map.width * 0.8, map.y + 20, { steps: 4 });
  await page.mouse.up();
  check(await page.evaluate((from) => state.window.from === from && Math.abs(state.window.to - logSpan().to * 0.8) < logSpan().to * 0.01, left), 'an edge is dragged');
});

await done();
