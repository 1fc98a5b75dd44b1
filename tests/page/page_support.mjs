// SPDX-License-Identifier: MIT
// What the tests of the page share: a Chromium, the page in it, logs, and a list of cases.
// Must not reach anything but this machine. Invariant: every page error and every foreign request fails
// the test in which it happens.
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export const [modules, pageFile, tool, ...rest] = process.argv.slice(2);
const require = createRequire(join(modules, 'here.js'));

export function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(77);
}

/** One of npm's packages, from the build directory. */
export function need(name) {
  try {
    return require(name);
  } catch {
    return skip(`${name} is missing: run npm ci in ${modules}`);
  }
}

/** Where the text of a package lies. */
export function fileOf(name) {
  need(name);
  return require.resolve(name);
}

const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
export const scratch = mkdtempSync(join(tmpdir(), 'wick-page-'));
export const fileUrl = pathToFileURL(pageFile).href;

let browser;

export async function launch() {
  if (!chromiumPath) skip('no Chromium (Debian: chromium)');
  const { chromium } = need('playwright-core');
  browser ||= await chromium.launch({
    executablePath: chromiumPath,
    args: ['--disable-gpu', '--disable-dev-shm-usage', '--force-color-profile=srgb', '--font-render-hinting=none'],
    chromiumSandbox: false,
  });
  return browser;
}

/** A page on `url`; what it complains about is in `page.complaints`. Options are Playwright's of a context. */
export async function openPage(url, options = {}) {
  const context = await (await launch()).newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.complaints = [];
  const origin = new URL(url).origin;
  page.on('pageerror', (error) => page.complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !page.expected?.test(message.text())) page.complaints.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const to = request.url();
    if (/^(data|blob|about):/.test(to)) return;
    const own = to.startsWith('file:') ? to.split('#')[0].split('?')[0] === url.split('#')[0].split('?')[0] : new URL(to).origin === origin;
    if (!own && !page.allowed?.test(to)) page.complaints.push(`foreign request: ${to}`);
  });
  page.setDefaultTimeout(30000);
  await page.goto(url);
  return page;
}

/** Give the page files, as its picker does. `files`: [{name, text|bytes}]. */
export async function give(page, ...files) {
  await page.setInputFiles('input[type=file]', files.map(({ name, text, bytes }) => (
    { name, mimeType: 'application/octet-stream', buffer: bytes || Buffer.from(text) })));
}

/** Wait until the engine has read everything and has answered what was asked. */
export async function idle(page) {
  await page.waitForFunction(() => document.body.dataset.busy === 'no' && document.body.dataset.log === 'read');
}

/** A page from disk with a log in it. */
export async function openLog(text, options = {}, name = 'test.ctxt') {
  const page = await openPage(fileUrl + (options.hash || ''), options);
  await give(page, { name, text });
  await idle(page);
  return page;
}

/** What an item of the menu Save saves, as text. */
export async function saved(page, item) {
  const download = page.waitForEvent('download');
  await page.click('button:text-is("Save")');
  await page.click(`[role=menuitem]:text-is("${item}")`);
  return readFileSync(await (await download).path(), 'utf8');
}

/** What axe-core finds on a page, a line each. */
export async function violations(page) {
  const axe = readFileSync(fileOf('axe-core/axe.min.js'), 'utf8');
  // The page's policy forbids foreign scripts in the document; the test's own world is not the document.
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  await session.send('Runtime.evaluate', { expression: `${axe};0`, contextId: executionContextId });
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression: 'axe.run(document,{resultTypes:["violations"]}).then((r)=>JSON.stringify(r.violations.map((v)=>v.id+": "+v.nodes.slice(0,3).map((n)=>n.html.slice(0,120)+" | "+n.failureSummary.split("\\n")[1]).join(" || "))))',
    contextId: executionContextId, awaitPromise: true, returnByValue: true,
  });
  if (exceptionDetails) throw new Error(exceptionDetails.text);
  return JSON.parse(result.value);
}

/** Serve the page as a program would; `answer(request, response, url)` returns true for what it took. */
export async function serve(answer) {
  const policy = readFileSync(`${pageFile}.csp`, 'utf8');
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    if (answer && answer(request, response, url)) return;
    if (url.pathname !== '/') {
      response.writeHead(404, { 'Content-Type': 'application/json' }).end('{"error":"not here"}');
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy });
    response.end(readFileSync(pageFile));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  server.url = `http://127.0.0.1:${server.address().port}/`;
  return server;
}

/** Lines of a log: `[ns, thread, word, location, text]`; times are relative to a fixed moment. */
export function ctxt(lines) {
  return lines.map(([ns, thread, word, location, text]) => {
    const at = 1700000000n * 1000000000n + BigInt(ns);
    return `${at / 1000000000n}.${String(at % 1000000000n).padStart(9, '0')} host 7 ${thread} ${word} ${location} ${text ?? ''}\n`;
  }).join('');
}

let failed = 0;
let ran = 0;

/** Run one case; what throws, or what the page complained about, fails it. */
export async function test(name, work) {
  const only = process.env.WICK_TEST_ONLY;
  if (only && !name.includes(only)) return;
  ran++;
  const pages = new Set();
  const keep = (page) => { pages.add(page); return page; };
  try {
    await work(keep);
    for (const page of pages) {
      if (page.complaints.length) throw new Error(`the page complained:\n  ${page.complaints.join('\n  ')}`);
    }
    console.log(`ok      ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}\n${error.stack || error}`);
    for (const page of pages) {
      if (page.complaints.length) console.log(`  complaints: ${page.complaints.join('\n  ')}`);
      if (process.env.WICK_TEST_SHOTS) await page.screenshot({ path: `${process.env.WICK_TEST_SHOTS}/failed.png` }).catch(() => 0);
    }
  }
  for (const page of pages) await page.context().close();
}

export function check(condition, what) {
  if (!condition) throw new Error(what);
}

export function same(got, wanted, what) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: got ${a}, wanted ${b}`);
}

export async function done() {
  await browser?.close();
  rmSync(scratch, { recursive: true, force: true });
  console.log(`${ran} cases, ${failed} failed`);
  process.exit(failed || !ran ? 1 : 0);
}
