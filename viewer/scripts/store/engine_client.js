// SPDX-License-Identifier: MIT
// Requests to the engine's worker. Each request gets an answer or fails; when the worker dies, all open ones fail.

/** @type {Worker|null} */
let engineWorker = null;
let nextRequest = 1;
let openRequests = 0;
/** @type {Map<number, {resolve: (result: any) => void, reject: (error: Error) => void}>} */
const requests = new Map();

/** The bytes of a base64 text. @param {string} text @returns {Uint8Array<ArrayBuffer>} */
function bytesOfBase64(text) {
  const from = /** @type {any} */ (Uint8Array).fromBase64;
  if (from) return from.call(Uint8Array, text);
  const binary = atob(text.trim());
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function unpacked(bytes) {
  return new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
}

/** Start the worker and give it the engine that is part of this page. */
async function startEngine() {
  const source = new Blob([byId('wick-worker').textContent || ''], { type: 'text/javascript' });
  const url = URL.createObjectURL(source);
  engineWorker = new Worker(url);
  engineWorker.onmessage = ({ data }) => {
    if (data.event === 'progress') return emit('progress', data.share);
    if (data.event) return complain(data.text);
    const request = requests.get(data.id);
    requests.delete(data.id);
    openRequests--;
    markBusy();
    if (!request) return;
    if (data.error !== undefined) request.reject(new Error(data.error));
    else request.resolve(data.result);
  };
  engineWorker.onerror = (event) => failRequests(event.message || 'the engine stopped');
  const packed = bytesOfBase64(byId('wick-engine').textContent || '');
  await ask('load', await new Response(unpacked(packed)).arrayBuffer());
}

/** @param {string} why */
function failRequests(why) {
  const all = [...requests.values()];
  requests.clear();
  openRequests = 0;
  markBusy();
  for (const request of all) request.reject(new Error(why));
}

/** Ask the worker. @param {string} op @param {any} [a] @param {Transferable[]} [transfer] @returns {Promise<any>} */
function ask(op, a, transfer = []) {
  return new Promise((resolve, reject) => {
    if (!engineWorker) {
      reject(new Error('the engine has not been started'));
      return;
    }
    const id = nextRequest++;
    requests.set(id, { resolve, reject });
    openRequests++;
    markBusy();
    engineWorker.postMessage({ id, op, a }, transfer);
  });
}

/** Say on the body whether requests are open. */
function markBusy() {
  document.body.dataset.busy = openRequests ? 'yes' : 'no';
}

/** Ask; when it fails, show a notice and give null. @param {string} op @param {any} [a] */
async function tryAsk(op, a) {
  try {
    return await ask(op, a);
  } catch (error) {
    complain(reasonOf(error));
    return null;
  }
}

/**
 * A request of which only the newest answer matters: while one is on its way, the last that was asked
 * for waits, those between are left out.
 * @param {string} op @param {(result: any) => void} use
 */
function newest(op, use) {
  /** @type {any} */
  let next = null;
  let under = false;
  const go = async (/** @type {any} */ a) => {
    under = true;
    const result = await tryAsk(op, a);
    under = false;
    if (result !== null) use(result);
    if (next) {
      const then = next;
      next = null;
      go(then);
    }
  };
  return (/** @type {any} */ a) => {
    if (under) next = a;
    else go(a);
  };
}
