// SPDX-License-Identifier: MIT
// How logs come in: picker, drop, paste; and what the page shows while there is no log.

const picker = el('input', { type: 'file', multiple: true, hidden: true, 'aria-label': 'Logs to open' });
const progressBar = el('i');

function buildOpener() {
  picker.addEventListener('change', () => {
    openFiles([...(picker.files || [])]);
    picker.value = '';
  });
  document.body.append(picker);
  byId('minimap').append(el('div', { class: 'progress' }, progressBar));
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    document.body.classList.add('dropping');
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) document.body.classList.remove('dropping');
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    document.body.classList.remove('dropping');
    openFiles([...(event.dataTransfer?.files || [])]);
  });
  document.addEventListener('paste', (event) => {
    if (isField(event.target)) return;
    const files = [...(event.clipboardData?.files || [])];
    const text = event.clipboardData?.getData('text/plain') || '';
    if (files.length) openFiles(files);
    else if (text.trim()) openFiles([new File([text], 'pasted')]);
  });
}

function pickFile() {
  picker.click();
}

/** Read files instead of the open log, or beside it: the reader is asked which. @param {File[]} files */
function openFiles(files) {
  if (files.length) afterReading(() => (log.inputs.length ? askHow(files) : readInputs(files)));
}

/** @param {File[]} files */
async function askHow(files) {
  const marks = new Set((await ask('list', { list: 0, from: -Infinity, to: Infinity, most: 1000 })).map(markName));
  const align = el('select', { 'aria-label': 'Added logs stand' }, el('option', { value: 'start', text: 'start with the others' }), el('option', { value: 'clock', text: 'where their clocks say' }),
    ...[...marks].slice(0, 100).map((name) => el('option', { value: `mark ${name}`, text: `at the mark “${name.slice(0, 60)}”` })));
  const go = (/** @type {boolean} */ beside) => () => {
    dialog.close();
    afterReading(() => readInputs(files, beside ? /** @type {Align} */ (align.value) : undefined));
  };
  const dialog = showDialog(files.length > 1 ? `Open ${files.length} files` : `Open ${visibleText(files[0].name)}`, el('p', { class: 'actions' },
    el('button', { class: 'main-action', text: 'Replace', onclick: go(false) }), el('button', { class: 'plain', text: 'Add beside', onclick: go(true) }), align));
}

function showWelcome() {
  document.body.classList.add('empty-page');
  refill(byId('main'), el('div', { class: 'welcome' }, el('div', {},
    el('h2', { text: 'Open a log' }),
    el('p', { text: 'Drop it here, paste it, or choose it. Nothing leaves this computer.' }),
    el('p', {}, el('button', { class: 'main-action', text: 'Choose a file', onclick: () => pickFile() })),
    el('p', { text: KINDS_TEXT }),
    el('p', { text: 'Or watch a program while it runs:' }),
    el('pre', { tabindex: '0' }, 'WICK_SERVE=127.0.0.1:0 ./program     # prints a link\nwick run --live -- ./program\nwick view program.ctxt'))));
}

on('progress', (share) => { progressBar.style.width = `${(share || 0) * 100}%`; });
