// SPDX-License-Identifier: MIT
// Colours: one per name, 12 hues by category, for light and dark. They are pale on purpose, because many saturated colours
// side by side are confetti. Text on them has a contrast above 4.5:1.

const HUES = [250, 145, 75, 310, 195, 25, 285, 110, 225, 50, 165, 340];
const PALETTES = {
  light: { lightness: 0.84, chroma: 0.068, step: 0.022, text: '#1b1b1f' },
  dark: { lightness: 0.44, chroma: 0.07, step: 0.022, text: '#f3f3f5' },
};

/** OKLCH to sRGB, each 0..255. @param {number} L @param {number} C @param {number} hue @returns {number[]} */
function oklchToRgb(L, C, hue) {
  const a = C * Math.cos(hue * Math.PI / 180);
  const b = C * Math.sin(hue * Math.PI / 180);
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((c) => {
    const clamped = Math.min(1, Math.max(0, c));
    const encoded = clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * clamped ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255);
  });
}

/** FNV-1a; the same name has the same colour in every run. @param {string} text */
function hashText(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

/** The part that related names share: `parse` of `parse_node`, `ns` of `ns::f`. @param {string} name */
function namePrefix(name) {
  const match = /^[\W_]*([A-Za-z][a-z]+|[A-Za-z]+|\w+)/.exec(name);
  return match ? match[1].toLowerCase() : name;
}

/** @returns {'light'|'dark'} */
function colourScheme() {
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** The colour of text on scopes. */
function labelInk() {
  return PALETTES[colourScheme()].text;
}

/** The hue of a colour in OKLCH; -1: it is grey. @param {number[]} rgb */
function hueOf(rgb) {
  const [r, g, b] = rgb.map((c) => (c <= 10 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const x = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const y = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return Math.hypot(x, y) < 0.02 ? -1 : Math.atan2(y, x) * 180 / Math.PI;
}

/** The pale form of a colour that a program chose; its hue stays. @param {number[]} rgb @param {string} name @param {'light'|'dark'} scheme */
function calmed(rgb, name, scheme) {
  const { lightness, chroma, step } = PALETTES[scheme];
  const hue = hueOf(rgb);
  const shade = (hashText(name) >>> 8) % 5 - 2;
  return oklchToRgb(lightness + shade * step * 0.6, hue < 0 ? 0.006 : chroma * 1.35, hue);
}

/** The colour of a name as [r, g, b]. @param {string} name @param {string} category @param {'light'|'dark'} scheme */
function colourOf(name, category, scheme) {
  const { lightness, chroma, step } = PALETTES[scheme];
  const hue = HUES[hashText(category || namePrefix(name)) % HUES.length];
  const shade = (hashText(name) >>> 8) % 5 - 2;
  return oklchToRgb(lightness + shade * step, chroma, hue);
}

/** A colour as the engine takes it: 0xAABBGGRR. @param {number[]} rgb @param {number} [alpha] */
function packColour(rgb, alpha = 255) {
  return (alpha << 24 | rgb[2] << 16 | rgb[1] << 8 | rgb[0]) >>> 0;
}

/** @param {number[]} rgb */
function cssColour(rgb) {
  return `rgb(${rgb.join()})`;
}

/** @type {Map<string, string>} */
const tokens = new Map();

/** The value of a custom property as canvas takes it. @param {string} name */
function token(name) {
  let value = tokens.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    tokens.set(name, value);
  }
  return value;
}

/** @type {Map<string, number[]>} reading a pixel back takes milliseconds */
const knownRgb = new Map();

/** Any CSS colour as [r, g, b], as this browser paints it. @param {string} colour */
function rgbOf(colour) {
  const known = knownRgb.get(colour);
  if (known) return known;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const rgb = Array.from(context.getImageData(0, 0, 1, 1).data.slice(0, 3));
  knownRgb.set(colour, rgb);
  return rgb;
}

/** A colour of the style sheet as an SVG takes it. @param {string} colour */
function plainColour(colour) {
  return cssColour(rgbOf(colour));
}
