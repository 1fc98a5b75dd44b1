// SPDX-License-Identifier: MIT
// The runs in Redis in one page: real programs, a real redis-server and `wick serve`. usage: ... PROGRAM MODULE_DIR
import { spawn } from 'node:child_process';
import { createServer as createProxy, request as ask } from 'node:http';
import { createServer } from 'node:net';
import { existsSync } from 'node:fs';
import { check, done, launch, openPage, rest, same, scratch, skip, test, tool, violations } from './page_support.mjs';
import { until } from './live_stub.mjs';

const [program, modules] = rest;
if (!existsSync('/usr/bin/redis-server')) skip('redis-server is missing (Debian: redis-server)');

const children = [];

function start(command, args, environment = {}) {
  const child = spawn(command, args, { env: { ...process.env, WICK_MODULE_DIR: modules, ...environment }, stdio: ['pipe', 'pipe', 'pipe'] });
  child.said = '';
  child.ended = new Promise((resolve) => { child.on('exit', resolve); });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => { child.said += bytes; });
  children.push(child);
  return child;
}

/** A port that was free a moment ago. */
const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

const port = await freePort();
const url = `redis://127.0.0.1:${port}/0`;

/** A program that is mirrored, and has done what these lines say. */
async function mirrored(run, ...lines) {
  const child = start(program, [], { WICK_REDIS: url, WICK_RUN: run });
  child.say = async (...more) => {
    const before = child.said.split('\n').length + more.length;
    child.stdin.write(`${more.join('\n')}\n`);
    await until(() => child.said.split('\n').filter((line) => !line.startsWith('wick:')).length >= more.length || child.said.split('\n').length >= before, `${run} did it`);
  };
  await child.say(...lines, 'flush');
  return child;
}

const cells = (page, column) => page.evaluate((n) => [...document.querySelectorAll('.fleet-view tbody tr[aria-rowindex]')].map((row) => row.children[n]?.textContent), column);

await launch();
const redis = start('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', scratch]);
await until(() => redis.said.includes('Ready to accept connections'), 'redis-server is ready');
const one = await mirrored('run-one', 'post job.a 0.5 running', 'post job.b 1 finished', 'scopes 10');
const two = await mirrored('run-two', 'post load 0.25 running');
const serve = start(tool, ['serve', '--redis', url, '--no-browser']);
await until(() => /http:\S+/.test(serve.said), 'the link');
const [link] = /http:\S+/.exec(serve.said);

await test('the runs are listed with both percentages, and follow what the programs say', async (keep) => {
  const page = keep(await openPage(link));
  await until(async () => (await cells(page, 0)).length === 2, 'two runs');
  same((await cells(page, 0)).sort().join(), 'run-one,run-two', 'runs');
  same((await cells(page, 1)).join(), 'running,running', 'states');
  const at = (await cells(page, 0)).indexOf('run-one');
  await until(async () => (await cells(page, 6))[at] === '75.0%' && (await cells(page, 7))[at] === '50.0%', 'weighted 75 %, done 50 %');
  await one.say('post job.a 1 finished', 'flush');
  await until(async () => (await cells(page, 6))[at] === '100.0%' && (await cells(page, 8))[at] === '2 of 2', 'it follows');
  same(await page.textContent('h1'), 'Runs', 'title');
});

await test('find and filter', async (keep) => {
  const page = keep(await openPage(link));
  await until(async () => (await cells(page, 0)).length === 2, 'two runs');
  await page.fill('input[aria-label="Find runs"]', 'TWO');
  await until(async () => (await cells(page, 0)).join() === 'run-two', 'found');
  same(await page.textContent('.fleet-view .controls [role=status]'), '1 of 2 runs', 'how many');
  await page.fill('input[aria-label="Find runs"]', '');
  two.stdin.end();
  await two.ended;
  await until(async () => (await cells(page, 1)).includes('ended'), 'one has ended');
  await page.selectOption('select[aria-label="State"]', 'ended');
  await until(async () => (await cells(page, 0)).join() === 'run-two', 'filtered');
});

await test('the scopes of a run', async (keep) => {
  const page = keep(await openPage(link));
  await until(async () => (await cells(page, 0)).length === 2, 'two runs');
  await page.click('td:has-text("run-one")');
  await until(async () => (await page.textContent('main')).includes('work › in/side'), 'its scopes');
  check((await page.textContent('main')).includes('Scopes of run-one'), 'whose they are');
  same((await violations(page)).join('\n'), '', 'axe');
});

await test('a run that is removed leaves the list; Redis that is killed is waited for', async (keep) => {
  const page = keep(await openPage(link));
  await until(async () => (await cells(page, 0)).length === 2, 'two runs');
  await start(tool, ['redis', 'purge', '--yes', 'run-two', url]).ended;
  await until(async () => (await cells(page, 0)).join() === 'run-one', 'it is gone');
  redis.kill('SIGKILL');
  await redis.ended;
  await until(async () => (await page.textContent('.fleet-view .controls')).includes('Redis is away'), 'it is said');
  same((await cells(page, 0)).join(), 'run-one', 'what is known stays');
});

await test('behind a proxy that adds the token, the page needs none', async (keep) => {
  const to = new URL(link);
  const token = new URLSearchParams(to.hash.slice(1)).get('t');
  const proxy = createProxy((request, response) => {
    const { origin, authorization, ...headers } = request.headers;
    check(!authorization, 'the page sends no token');
    const passed = request.pipe(ask({ host: to.hostname, port: to.port, path: request.url, method: request.method, headers: { ...headers, authorization: `Bearer ${token}` } }));
    passed.on('response', (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
  });
  await new Promise((listening) => { proxy.listen(0, '127.0.0.1', listening); });
  const page = keep(await openPage(`http://127.0.0.1:${proxy.address().port}/#t=`));
  await until(async () => (await cells(page, 0)).join() === 'run-one', 'the runs');
  await page.reload();
  await until(async () => (await cells(page, 0)).join() === 'run-one', 'also after a reload');
  proxy.closeAllConnections();
  proxy.close();
});

for (const child of children) child.kill('SIGKILL');
await done();
