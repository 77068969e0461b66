// How many bytes a browser loads before it can show something, as the server sends them (brotli).
import { existsSync, readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import { at } from "./paths.js";

/**
 * @typedef {object} Figure
 * @property {string} name
 * @property {number} value
 * @property {"kB"} unit 1000 bytes
 * @property {string} goal
 * @property {boolean} met
 */

/**
 * What Vite's manifest says of a chunk.
 * @typedef {object} Chunk
 * @property {string} file
 * @property {string} [src]
 * @property {string[]} [imports]
 * @property {string[]} [dynamicImports]
 * @property {string[]} [css]
 */

/** @returns {Figure[]} */
export function measure() {
  const frame = firstLoad("dist/frame");
  const console = firstLoad("dist/console");
  return [
    figure("loader", ["dist/widget.js"], 2.5),
    figure("widget app, JavaScript", frame.scripts, 32),
    figure("widget app, CSS", frame.styles, 6),
    figure("console", [...console.scripts, ...console.styles, "dist/console/index.html"], 80),
  ];
}

/**
 * @param {string} name
 * @param {string[]} files
 * @param {number} most
 * @returns {Figure}
 */
function figure(name, files, most) {
  const bytes = files.reduce((sum, file) => sum + compressed(file), 0);
  const value = bytes / 1000;
  return { name, value, unit: "kB", goal: `<= ${most}`, met: value <= most };
}

/** @param {string} file */
function compressed(file) {
  return brotliCompressSync(read(file)).length;
}

/** @param {string} file */
function read(file) {
  if (!existsSync(at(file))) throw new Error(`${file} was not built: nothing to measure`);
  return readFileSync(at(file));
}

/**
 * The page's own chunk, all it imports, and the texts of one language (the largest), which are
 * imported on demand but always are.
 * @param {string} folder
 */
function firstLoad(folder) {
  /** @type {Record<string, Chunk>} */
  const manifest = JSON.parse(read(`${folder}/.vite/manifest.json`).toString());
  /** @type {Set<Chunk>} */
  const chunks = new Set();
  const add = (/** @type {string} */ key) => {
    const chunk = manifest[key];
    if (!chunk || chunks.has(chunk)) return;
    chunks.add(chunk);
    chunk.imports?.forEach(add);
  };
  add("index.html");
  const texts = [...chunks]
    .flatMap(({ dynamicImports = [] }) => dynamicImports)
    .filter((key) => key.includes("shared/text/"));
  const path = (/** @type {string} */ file) => `${folder}/${file}`;
  const size = (/** @type {string} */ key) => compressed(path(manifest[key]?.file ?? ""));
  const [largest] = texts.sort((a, b) => size(b) - size(a));
  if (largest !== undefined) add(largest);
  return {
    scripts: [...chunks].map(({ file }) => path(file)),
    styles: [...new Set([...chunks].flatMap(({ css = [] }) => css))].map(path),
  };
}
