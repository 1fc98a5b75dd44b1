// SPDX-License-Identifier: MIT
// Random logs for the tests in Node: the same each time.
let seed = 7;
export const random = (n) => ((seed = (seed * 1103515245 + 12345) % 2147483648) >> 8) % n;

/** Any words in any order, torn lines, disorder: what a reader must survive. */
export function randomLog(lines) {
  const words = ['START', 'START', 'START', 'ENDOK', 'ENDOK', 'ENDER', 'BMARK', 'value', 'gauge', 'LOCKW', 'LOCKA', 'LOCKR', 'cpu', 'CLEAR'];
  const log = [];
  for (let i = 0; i < lines; i++) {
    const word = words[random(random(50) ? words.length - 1 : words.length)];
    const text = ['value', 'gauge', 'cpu'].includes(word) ? String(random(1000)) : `text ${random(4)} \u00e9`;
    const ns = String(i * 1000 + random(5000)).padStart(9, '0');
    log.push(`1700000000.${ns} host ${1 + random(2)} t${random(3)} ${word} f:${random(5)} ${random(60) ? text : ''}`);
    if (!random(200)) log.push('torn line');
  }
  return Buffer.from(log.join('\n') + '\n');
}

/** What our writer writes: `site` lines, threads in order, formats with texts, failures. `hanging`: every third outermost scope
 * of a worker hangs under the scope that is open in the thread before it. */
export function tidyLog(scopes, threads, hanging = false) {
  const kinds = ['-', 'format', '-', '-', '-', '-'];
  const log = ['1700000000.000000000 host 7 main BMARK - begin'];
  for (let i = 0; i < 6; i++) log.push(`1700000000.000000000 host 7 main site f${i}:${i} ${kinds[i] === '-' ? 'scope' : kinds[i]} ${i} - - file.c name ${i}`);
  const stacks = Array.from({ length: threads }, () => []);
  const name = (thread) => (thread ? `worker-${thread}` : 'main');
  let ns = 0;
  let outermost = 0;
  for (let left = scopes; left > 0 || stacks.some((stack) => stack.length);) {
    const thread = random(threads);
    const stack = stacks[thread];
    ns += random(random(100) ? 3000 : 3000000);
    const time = `${1700000000 + Math.floor(ns / 1e9)}.${String(ns % 1e9).padStart(9, '0')}`;
    const stamp = `${time} host 7 ${name(thread)}`;
    if (left > 0 && stack.length < 7 && (!stack.length || random(2))) {
      const site = random(6);
      const above = hanging && thread && !stack.length && stacks[thread - 1].at(-1);
      if (above && outermost++ % 3 === 0) log.push(`${stamp} under - ${name(thread - 1)} ${above.time}`);
      stack.push({ site, time });
      log.push(`${stamp} START f${site}:${site} ${kinds[site] === 'format' ? `item ${random(9)}` : `name ${site}`}`);
      left--;
    } else if (stack.length) {
      const { site } = stack.pop();
      log.push(`${stamp} ${random(15) ? 'ENDOK' : 'ENDER'} f${site}:${site} `);
    }
  }
  log.push(`${1700000001 + Math.floor(ns / 1e9)}.000000000 host 7 main BMARK - end`);
  return Buffer.from(log.join('\n') + '\n');
}
