// SPDX-License-Identifier: MIT
// The same numbers everywhere: tree, report, hist, export --to json, /api/rollup, the page's table and inspector are asked about
// the same logs. Invariant: what is expected as text is made here, from whole nanoseconds.
// usage: ... MODULE_DIR
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, ctxt, done, give, idle, launch, openLog, openPage, rest, same, scratch, test, tool } from './page_support.mjs';
import { until } from './live_stub.mjs';

const MS = 1000000;

/** Scopes one after the other, `[location, length, end word, message]`, as lines from `at` on; gives where they end. */
function calls(lines, thread, at, list) {
  for (const [location, length, word = 'ENDOK', message = ''] of list) {
    lines.push([at, thread, 'START', location, location], [at + length, thread, word, location, message]);
    at += length;
  }
  return at;
}

function twoPaths() {
  const lines = [];
  for (const [i, around] of ['a', 'b'].entries()) {
    lines.push([i * 30 * MS, 'main', 'START', around, around]);
    calls(lines, 'main', i * 30 * MS, Array.from({ length: 20 }, () => ['leaf', MS]));
    lines.push([i * 30 * MS + 20 * MS, 'main', 'ENDOK', around, '']);
  }
  return ctxt(lines);
}

const recursion = ctxt([[0, 'main', 'START', 'f', 'f'], [2 * MS, 'main', 'START', 'f', 'f'], [8 * MS, 'main', 'ENDOK', 'f'], [10 * MS, 'main', 'ENDOK', 'f']]);

/** Lengths at which one digit more or less decides. */
function roundings() {
  const lines = [];
  const lengths = [1234500, 2345499, 2345500, 1004999, 9994500, 99949500, 1005000, 12345000, 1234567, 999499, 999500, 999499999, 999500000, 999, 1000, 0];
  calls(lines, 'main', 0, lengths.map((length, i) => [`s${i}`, length]));
  return ctxt(lines);
}

/** Two threads, quantiles from a histogram, failed, unfinished, open and nested scopes, values, CPU time. */
function mixed() {
  const lines = [];
  for (const thread of ['main', 'worker']) {
    lines.push([0, thread, 'START', 'run', 'run']);
    let at = 10;
    for (let i = 0; i < 60; i++) {
      lines.push([at, thread, 'START', 'step', 'step'], [at + 5, thread, 'START', 'part', 'part']);
      at += 5 + 1000 * (i * i % 97 + 1);
      lines.push([at, thread, 'cpu', 'part', '70'], [at, thread, 'ENDOK', 'part', '']);
      if (i % 20 === 3) lines.push([at, thread, 'value', 'step', '2.5']);
      lines.push([at + 7, thread, i % 10 === 9 ? 'ENDER' : 'ENDOK', 'step', i % 10 === 9 ? 'no' : '']);
      at += 10;
    }
    lines.push([at, thread, 'START', 'step', 'step'], [at + 2, thread, 'START', 'never ends', 'never ends']);
  }
  lines.push([9 * MS, 'main', 'BMARK', '-', 'the end']);
  return ctxt(lines.map((line) => line.map((field, i) => (i === 3 ? String(field).replaceAll(' ', '_') : field))));
}

/** Three digits and a unit, rounded once, halves up. */
function duration(ns) {
  if (ns < 1000) return `${ns} ns`;
  for (const [unit, name] of [[1000, 'us'], [1000000, 'ms'], [1000000000, 's']]) {
    for (const decimals of [2, 1, 0]) {
      const step = BigInt(unit / 10 ** decimals);
      const steps = (BigInt(ns) + step / 2n) / step;
      if (steps < 1000n || (name === 's' && !decimals)) {
        const digits = String(steps).padStart(decimals + 1, '0');
        return `${digits.slice(0, digits.length - decimals)}${decimals ? '.' : ''}${digits.slice(digits.length - decimals)} ${name}`;
      }
    }
  }
  return '';
}

function run(...args) {
  return execFileSync(tool, args, { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 }).toString();
}

const FIELDS = ['count', 'total_ns', 'self_ns', 'mean_ns', 'min_ns', 'p50_ns', 'p90_ns', 'p99_ns', 'max_ns', 'failed', 'unfinished', 'open', 'cpu_ns', 'value_sum'];
const numbersOf = (row) => FIELDS.map((field) => row[field]);
const report = (log, by) => new Map(JSON.parse(run('report', '--all', '--by', by, '--format', 'json', log)).map((row) => [row.key, row]));

/** The page's rows with the fields of the report; `key` of a row names it. */
function ofPage(rows, key) {
  return new Map(rows.map((row) => [key(row), {
    ...row, value_sum: row.value ?? row.value_sum, ...Object.fromEntries(FIELDS.filter((field) => field.endsWith('_ns')).map((field) => {
      const value = row[field.replace(/_(\w)/g, (_, c) => c.toUpperCase())] ?? null;
      return [field, value !== null && value >= 0 ? value : null]; // the engine says NaN or -1
    })),
  }]));
}

function sameRows(got, wanted, what) {
  same([...got.keys()].sort(), [...wanted.keys()].sort(), `${what}: rows`);
  for (const [key, row] of wanted) same(numbersOf(got.get(key)), numbersOf(row), `${what}: ${key}: ${FIELDS}`);
}

/** Nodes of scopes by thread and path. */
function nodesByPath(nodes) {
  const paths = new Map();
  const found = new Map();
  for (const node of nodes) {
    const path = node.kind === 'scope' ? `${paths.get(node.parent)}/${node.name}` : node.name;
    paths.set(node.id, path);
    if (node.kind === 'scope') found.set(path, node);
  }
  return found;
}

/** Serve a log; gives its link and a way to end the server. */
async function view(log) {
  const child = spawn(tool, ['view', '--no-browser', log], { env: { ...process.env, WICK_MODULE_DIR: rest[0] }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => { said += bytes; });
  await until(() => /http:\/\/\S+/.test(said), 'the log is served');
  return { link: /http:\/\/\S+/.exec(said)[0], end: () => child.kill('SIGKILL') };
}

async function rollup(link, scopes) {
  const { origin, hash } = new URL(link);
  let answer;
  await until(async () => {
    answer = await (await fetch(`${origin}/api/rollup`, { headers: { Authorization: `Bearer ${new URLSearchParams(hash.slice(1)).get('t')}` } })).json();
    return answer.nodes.reduce((sum, node) => sum + (node.kind === 'scope' ? node.count + node.open : 0), 0) === scopes;
  }, 'the whole log is served');
  return nodesByPath(answer.nodes);
}

const LOGS = { 'two_paths': twoPaths(), recursion, roundings: roundings(), mixed: mixed() };
for (const [name, text] of Object.entries(LOGS)) writeFileSync(join(scratch, `${name}.ctxt`), text);

await launch();
for (const [name, text] of Object.entries(LOGS)) {
  const log = join(scratch, `${name}.ctxt`);
  const exported = nodesByPath(JSON.parse(run('export', '--to', 'json', log)).nodes);
  const byPath = report(log, 'path');

  await test(`${name}: report by path and the nodes of the export`, async () => {
    const single = new Map();
    for (const [path, node] of exported) {
      const key = path.slice(path.indexOf('/') + 1);
      single.set(key, single.has(key) ? null : node);
    }
    for (const [key, node] of single) {
      if (node) same(numbersOf(byPath.get(key)), numbersOf(node), key);
    }
    same([...single.keys()].sort(), [...byPath.keys()].sort(), 'paths');
  });

  await test(`${name}: tree and report print what the export has`, async () => {
    const lines = run('tree', '--all', '--width', '200', log).split('\n');
    const table = run('report', '--all', '--width', '300', log).split('\n');
    for (const [path, node] of exported) {
      const parts = path.split('/');
      const calls = node.count > 1 || (node.count && node.open) ? ` +${node.count}` : '';
      const times = node.count > 1 ? ` +${duration(node.mean_ns)} +${duration(node.p99_ns)}` : '';
      const open = node.open ? `.* ${node.open} open` : '';
      const line = new RegExp(`^ {${2 * (parts.length - 1)}}${parts.at(-1)} +${duration(node.total_ns)} +[0-9.]+ %${calls}${times} *${open}`);
      check(lines.some((text) => line.test(text)), `no line ${line} in\n${lines.join('\n')}`);
    }
    for (const [key, row] of byPath) {
      const times = ['mean_ns', 'p50_ns', 'p90_ns', 'p99_ns', 'max_ns'].map((field) => (row[field] === null ? '' : ` +${duration(row[field])}`)).join('');
      const line = new RegExp(`^${key}${row.count ? ` +${row.count}` : ''} +${duration(row.total_ns)} +${duration(row.self_ns)} +[0-9.]+ %${times}${row.open ? `.* ${row.open} open` : ''}`);
      check(table.some((text) => line.test(text)), `no line ${line} in\n${table.join('\n')}`);
    }
  });

  await test(`${name}: hist`, async () => {
    for (const [key, row] of report(log, 'name')) {
      if (!row.count) continue;
      const path = key.replaceAll(' ', '?');
      const head = run('hist', '--path', path, log).split('\n')[0];
      const quantiles = ['p50', 'p90', 'p99', 'max'].map((field) => `${field} ${duration(row[`${field}_ns`])}`).join('   ');
      check(head.startsWith(`${row.count} call${row.count === 1 ? '' : 's'} of `) && head.endsWith(quantiles), `${head}, not ${row.count} ... ${quantiles}`);
      const bars = JSON.parse(run('hist', '--path', path, '--format', 'json', log));
      same([bars.reduce((sum, bar) => sum + bar.count, 0), bars[0].low_ns], [row.count, row.min_ns], `bars of ${key}`);
    }
  });

  await test(`${name}: the page's table and inspector`, async (keep) => {
    const page = keep(await openLog(text));
    const rows = await page.evaluate(() => numbers.table.map((row) => ({ ...row, key: log.sites[row.site].location })));
    const byLocation = report(log, 'location');
    sameRows(ofPage(rows, (row) => row.key), byLocation, 'the page');
    for (const { site, key } of rows) {
      const row = byLocation.get(key);
      await page.evaluate((name) => setState({ name, scope: null }), site);
      await page.waitForFunction((title) => document.querySelector('.facts-of h2')?.textContent === title, await page.evaluate((s) => siteName(s), site));
      const facts = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll('.facts-of dt')].map((dt) => [dt.textContent, dt.nextElementSibling.textContent])));
      const texts = await page.evaluate((r) => [formatTime(r.total_ns), formatTime(r.p50_ns ?? NaN), formatTime(r.max_ns)], row);
      same([facts.Total, facts.Median, facts.Longest], texts, `the inspector on ${key}`);
      const counts = ['failed', 'unfinished', 'open'].filter((word) => row[word]).map((word) => ` · ${row[word]} ${word}`).join('');
      same(facts.Count, `${row.count}${counts}`, `calls of ${key}`);
    }
  });

  await test(`${name}: /api/rollup, and the page's whole run`, async (keep) => {
    const server = await view(log);
    try {
      const scopes = [...exported.values()].reduce((sum, node) => sum + node.count + node.open, 0);
      sameRows(await rollup(server.link, scopes), exported, '/api/rollup');
      const page = keep(await openPage(server.link));
      await until(() => page.evaluate(() => log.stats && live.status === 'live'), 'the page is connected');
      await page.click('#tab-table');
      await page.check('#table-run');
      await until(() => page.evaluate(() => !!table.whole), 'the whole run is there');
      await idle(page);
      const seen = ['count', 'total_ns', 'self_ns', 'mean_ns', 'p50_ns', 'p90_ns', 'p99_ns', 'max_ns', 'failed', 'open'];
      const whole = await page.evaluate(() => table.whole.map((row) => ({ ...row })));
      const lines = (rows) => rows.map(([path, row]) => `${path} ${seen.map((field) => row[field])}`).sort();
      same(lines([...ofPage(whole, (row) => row)].map(([row, numbers]) => [row.path ? `${row.path} › ${row.name}` : row.name, numbers])),
        lines([...exported].map(([path, node]) => [path.split('/').slice(1).join(' › '), node])), 'the whole run');
    } finally {
      server.end();
    }
  });
}

await test('the page prints durations as the tool does', async (keep) => {
  const page = keep(await openLog(join(scratch, 'mixed.ctxt')));
  const times = [0, 1, 999];
  for (let power = 1000; power < 1e15; power *= 10) {
    times.push(power - 1, power, power * 0.99949, power * 0.9995, power * 0.99949 - 1, power * 1.2345, power * 1.235, power * 5.005);
  }
  for (let i = 0; i < 1000; i++) times.push(Math.floor(10 ** (i / 66)) + 7 * i);
  same(await page.evaluate(() => [formatClock(0n, -48e6, 1e6), formatClock(0n, 1.5e9, 1e3)].map((text) => text.slice(6))), ['59.952', '01.500000'], 'the clock before 1970 and after');
  const whole = times.map(Math.round);
  same(await page.evaluate((list) => list.map(formatTime), whole), whole.map((ns) => duration(ns).replace(' us', ' µs').replace(' ', '\u202f')), 'texts');
});

await test('whole values are exact to 64 bits', async (keep) => {
  const log = join(scratch, 'values.ctxt');
  writeFileSync(log, ctxt([
    [0, 'main', 'START', 'a:1', 'a'], [1, 'main', 'intvalue', '-', '9007199254740992'], [2, 'main', 'intvalue', '-', '1'], [MS, 'main', 'ENDOK', 'a:1', ''],
    [MS, 'main', 'START', 'a:1', 'a'], [MS + 2, 'main', 'intvalue', '-', '9000000000000000002'], [2 * MS, 'main', 'ENDOK', 'a:1', ''],
    [2 * MS, 'main', 'START', 'b:1', 'b'], [2 * MS, 'main', 'value', '-', '-2.5'], [3 * MS, 'main', 'ENDOK', 'b:1', ''],
    [4 * MS, 'main', 'START', 'c:1', 'c'], [4 * MS, 'main', 'uintvalue', '-', '18446744073709551610'], [4 * MS, 'main', 'value', '-', '3'], [5 * MS, 'main', 'ENDOK', 'c:1', ''],
    [5 * MS, 'main', 'START', 'c:1', 'c'], [5 * MS, 'main', 'value', '-', '2'], [6 * MS, 'main', 'ENDOK', 'c:1', ''],
  ]));
  const page = keep(await openLog(readFileSync(log, 'utf8')));
  const shown = () => page.evaluate(() => [...document.querySelectorAll('.facts-of dt')].filter((dt) => dt.textContent === 'Value').map((dt) => dt.nextElementSibling.textContent).join(' '));
  const sum = report(log, 'name').get('a').value_sum;
  check(execFileSync(tool, ['report', '--format', 'json', log], { encoding: 'utf8' }).includes('9009007199254740995'), `the tool: ${sum}`);
  for (const [site, whole, ns, one] of [['a', '9,009,007,199,254,740,995', 5, '9,007,199,254,740,993'], ['b', '-2.5', 2 * MS + 5, '-2.5'], ['c', '18,446,744,073,709,551,615', 4 * MS + 5, '18,446,744,073,709,551,613']]) {
    await page.evaluate((name) => setState({ name: log.sites.findIndex((s) => s.name === name), scope: null }), site);
    await until(async () => await shown() === whole, `${site}: the sum`);
    await page.evaluate((at) => ask('scopeAt', { track: 0, at }).then(takeScope), ns);
    await until(async () => await shown() === `${one} ${whole}`, `${site}: of one call`);
  }
});

await test('named sums: of a scope, of a name in the selection, with their rates', async (keep) => {
  const log = ctxt([
    [0, 'main', 'site', 'read', 'counter 0 - bytes - read'], [0, 'main', 'site', 'hot', 'counter 0 - percent - hot'],
    [0, 'main', 'START', 'a:1', 'a'], [1, 'main', 'amount', 'read', '1000'], [2, 'main', 'amount', 'read', '24'], [3, 'main', 'amount', 'hot', '0.5'],
    [5, 'main', 'START', 'b:1', 'b'], [6, 'main', 'amount', 'read', '7'], [7, 'main', 'ENDOK', 'b:1', ''], [8, 'main', 'amount', 'read', 'nan'], [MS, 'main', 'ENDOK', 'a:1', ''],
    [MS, 'main', 'START', 'a:1', 'a'], [MS + 1, 'main', 'amount', 'read', '1024'], [2 * MS, 'main', 'ENDOK', 'a:1', ''],
  ]);
  const page = keep(await openLog(log));
  const shown = () => page.evaluate(() => [...document.querySelectorAll('.facts-of dt')].filter((dt) => /^(read|hot)$/.test(dt.textContent)).map((dt) => `${dt.textContent} ${dt.nextElementSibling.textContent}`).join('; '));
  const rate = (kib) => `${kib}\u202fKiB/s`;
  await page.evaluate(() => setState({ name: log.sites.findIndex((s) => s.name === 'a'), scope: null }));
  const all = `read 2,048 bytes · ${rate('1,000')}; hot 0.5 percent`;
  await until(async () => await shown() === all, 'of a name');
  await page.evaluate((at) => ask('scopeAt', { track: 0, at }).then(takeScope), 100);
  await until(async () => await shown() === `read 1,024 bytes · ${rate('1,000')}; hot 0.5 percent; ${all}`, 'of a scope');
  await page.evaluate((ms) => setState({ range: { from: ms, to: 2 * ms }, scope: null }), MS);
  await until(async () => await shown() === `read 1,024 bytes · ${rate('1,000')}`, 'in a selection');
  same(await page.evaluate(() => log.beside.map(({ name }) => name)), [], 'sums are no counters');
  const exported = await page.evaluate(() => ask('export').then((blob) => blob.text()));
  check(/ amount read 1024\n/.test(exported) && !/ amount read 7\n/.test(exported), `the export: ${exported}`);
});

await test('the numbers themselves', async () => {
  const leaf = report(join(scratch, 'two_paths.ctxt'), 'name').get('leaf');
  same([leaf.count, leaf.min_ns, leaf.p50_ns, leaf.p99_ns, leaf.max_ns], [40, MS, MS, MS, MS], '40 calls of 1 ms');
  const f = report(join(scratch, 'recursion.ctxt'), 'name').get('f');
  same([f.count, f.mean_ns, f.total_ns], [2, 8 * MS, 10 * MS], 'a call within a call');
  const never = report(join(scratch, 'mixed.ctxt'), 'name').get('never ends');
  same([never.count, never.open, never.mean_ns, never.min_ns, never.p50_ns], [0, 2, null, null, null], 'a scope that never ends');
  const step = report(join(scratch, 'mixed.ctxt'), 'name').get('step');
  same([step.count, step.open, step.failed, step.value_sum], [120, 2, 12, 15], 'steps');
  same([duration(1234500), duration(999500), duration(999)], ['1.23 ms', '1.00 ms', '999 ns'], 'the printer of this test');
});
await test('what was left out is said below every view, as wick report says it', async (keep) => {
  const told = join(scratch, 'told.ctxt');
  writeFileSync(told, ctxt([
    [0, 'main', 'run', '-', 'filter -fetch*'], [0, 'main', 'run', '-', 'min 1000000'], [0, 'main', 'START', 'a:1', 'a'], [1, 'main', 'pause', '-', ''],
    [2, 'main', 'resume', '-', ''], [MS, 'main', 'ENDOK', 'a:1', ''], [2 * MS, 'main', 'lost', '-', '7 1700000000.001000000'],
    [2 * MS, 'main', 'stat', '-', 'left_out 1234'],
  ]));
  const lines = execFileSync(tool, ['report', told], { encoding: 'utf8' }).split('\n').slice(-6).join('\n').trim();
  same(lines.split('\n').map((line) => line.split(' ').slice(0, 3).join(' ')), ['left out by', 'left out by', '1,234 scopes were', 'recording was paused', '7 events lost:'], 'of the tool');
  const page = keep(await openLog(readFileSync(told, 'utf8')));
  for (const view of ['timeline', 'flame', 'sandwich', 'table', 'histogram', 'marks']) {
    await page.click(`#tab-${view}`);
    check(await page.isVisible('#left-out'), `${view}: it is there`);
    same(await page.textContent('#left-out'), lines, view);
    const [below, above] = await page.evaluate(() => [byId('left-out').getBoundingClientRect().top, byId('main').getBoundingClientRect().bottom]);
    check(below >= above && above > 200, `${view}: it covers nothing`);
  }
  await give(page, { name: 'second.ctxt', text: ctxt([[0, 'main', 'run', '-', 'filter -x'], [0, 'main', 'START', 'b:1', 'b'], [9, 'main', 'ENDOK', 'b:1', '']]) });
  await page.getByText('Add beside').click();
  await page.waitForFunction(() => byId('left-out').textContent.includes('other runs'));

  const whole = keep(await openLog(ctxt([[0, 'main', 'START', 'a:1', 'a'], [MS, 'main', 'ENDOK', 'a:1', '']])));
  check(!await whole.isVisible('#left-out'), 'nothing left out, nothing said');
});
await done();
