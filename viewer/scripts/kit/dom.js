// SPDX-License-Identifier: MIT
// Elements, selects, frames and timers. The page makes elements here and nowhere else, and never parses text as HTML: names in
// a log are written by others, so data reaches the document as text and attributes alone.

/** @typedef {Record<string, any>} Attributes */

/**
 * An element with attributes and children. `class`, `text`, `on<event>` and properties that are boolean
 * (`disabled`, `hidden`, `checked`) do what they say.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Attributes} [attributes] @param {...(Node|string|null)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined) continue;
    if (name === 'text') element.textContent = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (typeof value === 'boolean' && !name.startsWith('aria-')) element.toggleAttribute(name, value);
    else element.setAttribute(name, String(value));
  }
  for (const child of children) {
    if (child !== null) element.append(child);
  }
  return element;
}

/** @param {string} id @returns {HTMLElement} */
function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element ${id}`);
  return element;
}

/** @param {Element} parent @param {...(Node|string|null)} children */
function refill(parent, ...children) {
  parent.replaceChildren(...children.filter((child) => child !== null));
}

/** Call `draw` once before the next frame, however often it is asked for. @param {() => void} draw */
function onceAFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; draw(); });
  };
}

/** Call `work` once `ms` have passed without another call. @param {number} ms @param {() => void} work */
function settled(ms, work) {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(work, ms); };
}

/** Save bytes as a file. @param {string} name @param {Blob} blob */
function saveFile(name, blob) {
  const link = el('a', { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Say something through the screen reader. @param {string} text */
function announce(text) {
  byId('live-region').textContent = text;
}

/** A small box in a colour. @param {string} colour */
function swatch(colour) {
  const box = el('i', { class: 'swatch' });
  box.style.background = colour;
  return box;
}

/** @param {number} share */
function shareBar(share) {
  const bar = el('i', { class: 'bar' });
  bar.style.width = `${Math.min(100, share * 100)}%`;
  return bar;
}

/** @typedef {{value: number, text: string}} Option */

/**
 * Fill a select, anew when the version of its options changed, and choose one, even if it is not among them; below 0: none.
 * @param {HTMLSelectElement} select @param {number} version @param {Option[]} options @param {Option} chosen
 */
function fillSelect(select, version, options, chosen) {
  if (select.dataset.version !== String(version)) {
    select.dataset.version = String(version);
    refill(select, ...options.map((option) => el('option', option)));
  }
  const value = String(chosen.value);
  if (chosen.value < 0 || select.value === value) return;
  if (![...select.options].some((option) => option.value === value)) select.append(el('option', chosen));
  select.value = value;
}
