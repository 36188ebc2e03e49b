// Builds what the page runs into src/anychat/static/:
//
//     highlight.js   lazy chunk, fetched by its hash when a code block is shown
//     core.js        the chat; knows the hash of the chunk
//     loader.js      what every widget carries; knows the hash of the core
//     manifest.json  {"source": hash of what this was built from, "core": hash, "assets": {hash: file name}}
//
// All hashes are SHA-256 in hex. A Python test recomputes "source" to see that the committed files are not
// stale. Its recipe: take all files under js/src, and js/build.mjs and js/package-lock.json; sort them by their
// path relative to js/, written with "/", by code point; feed one SHA-256 with, for each, the path in UTF-8, a
// zero byte, the file's bytes, and a zero byte.
//
// Usage: node build.mjs [--watch]

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const TARGET = fileURLToPath(new URL("../src/anychat/static/", import.meta.url));

// In bytes. The core crosses the comm uncompressed, the loader once per widget.
const BUDGET = {
  "loader.js": { raw: 3_000, gzip: 1_500 },
  "core.js": { raw: 150_000, gzip: 50_000 },
  "highlight.js": { raw: 80_000, gzip: 30_000 },
};

const minifiedCss = {
  name: "minified css as text",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

// Of marked only the lexer is used, but its `marked` object, made when the module is loaded, and a method of its
// hooks hold on to its HTML renderer (14 KB). Without them the bundler drops what nobody uses.
const lexerOfMarked = {
  name: "only the lexer of marked",
  setup({ onLoad }) {
    onLoad({ filter: /marked\.esm\.js$/ }, ({ path }) => ({
      contents: withoutRenderer(readFileSync(path, "utf8")),
    }));
  },
};

function withoutRenderer(source) {
  const object = source.search(/var \w+=new \w+;function \w+\(\w+,\w+\)/);
  const [provideParser] = /provideParser\(\w+=this\.block\)\{[^}]*\}/.exec(source) ?? [];
  const [, exports] = /export\{(.*)\};/.exec(source) ?? [];
  if (object < 0 || !provideParser || !exports)
    throw new Error("marked has changed: adapt withoutRenderer in build.mjs.");
  const kept = exports.split(",").filter((name) => / as (Lexer|Tokenizer|Hooks|getDefaults)$/.test(name));
  return `${source.slice(0, object)}export{${kept.join(",")}};`
    .replace(provideParser, "provideParser(){}")
    .replaceAll("this.options.pedantic", "false"); // an option that is never on here: its code goes too
}

async function buildAll() {
  const highlight = await bundle("src/markdown/highlight.ts");
  const core = await bundle("src/core.ts", { HIGHLIGHT_HASH: sha256(highlight) });
  const loader = await bundle("src/loader.ts", { CORE_HASH: sha256(core) });
  const files = { "loader.js": loader, "core.js": core, "highlight.js": highlight };
  const manifest = {
    source: sourceHash(),
    core: sha256(core),
    assets: { [sha256(core)]: "core.js", [sha256(highlight)]: "highlight.js" },
  };
  mkdirSync(TARGET, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(TARGET, name), bytes);
  writeFileSync(join(TARGET, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return report(files);
}

async function bundle(entry, constants = {}) {
  const { outputFiles } = await build({
    absWorkingDir: HERE,
    entryPoints: [entry],
    define: Object.fromEntries(
      Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
    plugins: [minifiedCss, lexerOfMarked],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    write: false,
  });
  return outputFiles[0].contents;
}

function sourceHash() {
  const hash = createHash("sha256");
  for (const path of sources()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(HERE, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

function sources() {
  const entries = readdirSync(join(HERE, "src"), { recursive: true, withFileTypes: true });
  const inSrc = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(HERE.length).replaceAll("\\", "/"));
  return [...inSrc, "build.mjs", "package-lock.json"].sort(byCodePoint);
}

// The default order of JavaScript is by UTF-16 unit, which is another one beyond the basic plane.
function byCodePoint(a, b) {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Prints the sizes; tells whether all are within budget. */
function report(files) {
  const sizes = Object.entries(files).map(([name, bytes]) => {
    const [raw, gzip] = [bytes.length, gzipSync(bytes, { level: 9 }).length];
    const isOver = raw > BUDGET[name].raw || gzip > BUDGET[name].gzip;
    console.log(
      `${name.padEnd(14)}${raw.toString().padStart(9)} B${gzip.toString().padStart(9)} B gzip${isOver ? "  over budget" : ""}`,
    );
    return isOver;
  });
  return !sizes.includes(true);
}

async function watchSources() {
  let timer;
  watch(join(HERE, "src"), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => buildAll().catch(({ message }) => console.error(message)), 100);
  });
  console.log("Watching js/src; stop with Ctrl+C.");
}

const isWithinBudget = await buildAll();
if (process.argv.includes("--watch")) await watchSources();
else if (!isWithinBudget) process.exitCode = 1;
