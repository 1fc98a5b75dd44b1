// SPDX-License-Identifier: MIT
// What can be checked without a browser: types of every script, the worker's layouts against engine.h, weight and policy.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check, done, fileOf, pageFile, same, test } from './page_support.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const viewer = join(here, '../../viewer');

for (const part of ['page', 'worker']) {
  await test(`types of the ${part}'s scripts`, async () => {
    const compiler = join(dirname(fileOf('typescript/package.json')), 'bin/tsc');
    try {
      execFileSync(process.execPath, [compiler, '-p', join(here, `tsconfig.${part}.json`)], { encoding: 'utf8' });
    } catch (error) {
      throw new Error(error.stdout);
    }
  });
}

await test('layouts of results are those of engine.h', async () => {
  const header = readFileSync(join(viewer, 'engine/engine.h'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const worker = readFileSync(join(viewer, 'worker/engine_worker.js'), 'utf8');
  const layouts = new Function(`${/const LAYOUTS = \{[\s\S]*?\n\};/.exec(worker)[0]} return LAYOUTS;`)();
  const kinds = { uint32_t: 'u', float: 'f', double: 'd', 'struct engine_text': 't' };

  for (const [name, layout] of Object.entries(layouts)) {
    const body = new RegExp(`struct engine_${name} \\{([^}]*)\\}`).exec(header);
    check(body, `engine.h has no struct engine_${name}`);
    const fields = body[1].split(';').map((field) => /^\s*(struct engine_text|uint32_t|float|double)\s+([\s\S]+)$/.exec(field)).filter(Boolean)
      .flatMap(([, kind, names]) => names.split(',').map((field) => `${kinds[kind]}:${field.trim()}`));
    same(layout.split(' '), fields, `struct engine_${name}`);
  }
});

await test('every export that the worker calls is one of engine.h', async () => {
  const header = readFileSync(join(viewer, 'engine/engine.h'), 'utf8');
  const worker = readFileSync(join(viewer, 'worker/engine_worker.js'), 'utf8');
  for (const [name] of worker.matchAll(/engine_[a-z_]+(?=['(])/g)) check(new RegExp(`\\b${name}\\(`).test(header), `engine.h has no ${name}`);
});

await test('the page weighs at most 120,000 bytes, packed', async () => {
  const bytes = execFileSync('gzip', ['-9c', pageFile], { maxBuffer: 1e8 }).length;
  check(bytes <= 120000, `${bytes} bytes`);
});

await test('the policy of the page is the one that is served, but for where it may connect to', async () => {
  const html = readFileSync(pageFile, 'utf8');
  const own = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)[1];
  const served = readFileSync(`${pageFile}.csp`, 'utf8');
  same(own.replace(' http://127.0.0.1:* http://localhost:*', ''), served.replace("; frame-ancestors 'none'", ''), 'policy');
  const hashes = [/<style>([\s\S]*?)<\/style>/, /<script>([\s\S]*?)<\/script>/].map((tag) => createHash('sha256').update(tag.exec(html)[1]).digest('base64'));
  for (const hash of hashes) check(served.includes(`'sha256-${hash}'`), `the policy has no ${hash}`);
});

await done();
