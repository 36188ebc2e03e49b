// Builds what the page runs into src/anychat/static/:
//
//     <chunk>.js     lazy parts of the page, fetched by hash when they are first used
//     core.js        the chat; knows the hashes of the chunks
//     loader.js      what every widget carries; knows the hash of the core
//     manifest.json  {"source": hash of what this was built from, "core": hash, "assets": {hash: file name}}
//
// A chunk is a module whose default export makes its exports from parts of the core. What the core has, preact
// and views alike, no chunk has again: the imports of all chunks that lead into the core become src/parts.ts.
//
// All hashes are SHA-256 in hex. A Python test recomputes "source" to see that the committed files are not
// stale. Its recipe: take all files under js/src, and js/build.mjs and js/package-lock.json; sort them by their
// path relative to js/, written with "/", by code point; feed one SHA-256 with, for each, the path in UTF-8, a
// zero byte, the file's bytes, and a zero byte.
//
// Usage: node build.mjs [--watch]

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const TARGET = fileURLToPath(new URL("../src/anychat/static/", import.meta.url));

// In bytes. The core crosses the comm uncompressed, the loader once per widget.
const BUDGET = {
  "loader.js": { raw: 3_000, gzip: 1_500 },
  "core.js": { raw: 150_000, gzip: 50_000 },
  "asking.js": { raw: 15_000, gzip: 6_000 },
  "editing.js": { raw: 5_000, gzip: 2_500 },
  "elements.js": { raw: 38_000, gzip: 14_000 },
  "healing.js": { raw: 8_000, gzip: 3_500 },
  "feedback.js": { raw: 5_000, gzip: 2_500 },
  "files.js": { raw: 20_000, gzip: 7_500 },
  "highlight.js": { raw: 80_000, gzip: 30_000 },
  "inspector.js": { raw: 16_000, gzip: 6_000 },
  "offers.js": { raw: 36_000, gzip: 12_000 },
  "outputs.js": { raw: 15_000, gzip: 6_000 },
  "steps.js": { raw: 10_000, gzip: 4_000 },
  "window.js": { raw: 3_000, gzip: 1_500 },
};

const CHUNKS = {
  asking: "src/asking/asking.ts",
  editing: "src/editing/editing.ts",
  elements: "src/elements/elements.ts",
  healing: "src/markdown/healing.ts",
  feedback: "src/feedback/feedback.ts",
  files: "src/files/files.ts",
  highlight: "src/highlighting.ts",
  inspector: "src/inspector/inspector.ts",
  offers: "src/offers/offers.ts",
  outputs: "src/outputs/outputs.ts",
  steps: "src/steps/steps.ts",
  window: "src/window/window.ts",
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

// Of marked only the lexer is used, and it reads one dialect only, GFM. What would hold on to the rest (20 KB) is
// cut or marked as free of effects; then the bundler drops what nobody uses.
const lexerOfMarked = {
  name: "only the lexer of marked",
  setup({ onLoad }) {
    onLoad({ filter: /marked\.esm\.js$/ }, ({ path }) => ({
      contents: onlyGfm(withoutRenderer(readFileSync(path, "utf8"))),
    }));
  },
};

/** The `marked` object, made when the module is loaded, and a method of its hooks lead to the HTML renderer. */
function withoutRenderer(source) {
  const object = source.search(/var \w+=new \w+;function \w+\(\w+,\w+\)/);
  const [provideParser] = /provideParser\(\w+=this\.block\)\{[^}]*\}/.exec(source) ?? [];
  const [, exports] = /export\{(.*)\};/.exec(source) ?? [];
  if (object < 0 || !provideParser || !exports) throw markedHasChanged();
  const kept = exports.split(",").filter((name) => / as (Lexer|Tokenizer|Hooks|getDefaults)$/.test(name));
  return `${source.slice(0, object)}export{${kept.join(",")}};`.replace(provideParser, "provideParser(){}");
}

/** Without the rules of the other dialects; making a rule has no effect but the rule. */
function onlyGfm(source) {
  const dialects = /\{normal:\w+,gfm:(\w+),(?:breaks:\w+,)?pedantic:\w+\}/g;
  const [, ruleOf] = /function (\w+)\(\w+,\w+=""\)\{let \w+=typeof \w+=="string"/.exec(source) ?? [];
  if (!ruleOf || source.match(dialects)?.length !== 2) throw markedHasChanged();
  return source
    .replace(dialects, "{gfm:$1}")
    .replaceAll(".normal", ".gfm")
    .replaceAll("this.options.gfm", "true")
    .replaceAll(/this\.options\.(pedantic|breaks)/g, "false")
    .replaceAll(new RegExp(`(?<=[=:])${ruleOf}\\(`, "g"), `/* @__PURE__ */${ruleOf}(`)
    .replaceAll("={...", "={__proto__:"); // reading a spread could have effects
}

const markedHasChanged = () => new Error("marked has changed: adapt what build.mjs cuts out of it.");

async function buildAll() {
  const chunks = await bundleChunks();
  const CHUNK_HASHES = Object.fromEntries(chunks.map(({ name, bytes }) => [name, sha256(bytes)]));
  const core = await bundle("src/core.ts", {
    constants: { CHUNK_HASHES },
    plugins: [partsForChunks(chunks)],
  });
  const loader = await bundle("src/loader.ts", { constants: { CORE_HASH: sha256(core.bytes) } });
  const lazy = Object.fromEntries(chunks.map(({ name, bytes }) => [`${name}.js`, bytes]));
  const files = { "loader.js": loader.bytes, "core.js": core.bytes, ...lazy };
  const fetched = Object.entries(files).filter(([name]) => name !== "loader.js");
  const manifest = {
    source: sourceHash(),
    core: sha256(core.bytes),
    assets: Object.fromEntries(fetched.map(([name, bytes]) => [sha256(bytes), name])),
  };
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(TARGET, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(TARGET, name), bytes);
  writeFileSync(join(TARGET, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return report(files);
}

async function bundle(entry, { constants = {}, plugins = [] } = {}) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: HERE,
    entryPoints: [entry],
    define: Object.fromEntries(
      Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
    plugins: [...plugins, minifiedCss, lexerOfMarked],
    bundle: true,
    preserveSymlinks: true, // parts are named by their path: node_modules may be a link
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
    write: false,
  });
  return { bytes: outputFiles[0].contents, text: outputFiles[0].text, inputs: Object.keys(metafile.inputs) };
}

/** The chunks, and what each takes from the core. */
async function bundleChunks() {
  const { inputs } = await bundle("src/core.ts", { constants: { CHUNK_HASHES: {} } });
  const plugins = [outsideOf(new Set(inputs))];
  return Promise.all(
    Object.entries(CHUNKS).map(async ([name, entry]) => ({
      name,
      ...asChunk((await bundle(entry, { plugins })).text),
    })),
  );
}

/** Leaves out of a chunk whatever the core has. Modules are named by their path. */
const outsideOf = (core) => ({
  name: "parts of the core",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /./ }, async ({ path, kind, pluginData, ...options }) => {
      if (kind !== "import-statement" || pluginData === AGAIN) return undefined;
      const found = await resolve(path, { kind, pluginData: AGAIN, ...options });
      const name = relative(HERE, found.path).replaceAll("\\", "/");
      return core.has(name) ? { path: name, external: true } : found;
    });
  },
});

const AGAIN = "asked by the plugin itself";
const IMPORT = /import\{([^}]*)\}from"([^"]+)";/g;
const EXPORT = /export\{([^}]*)\};\s*$/;

/** Makes a function of a module: its imports become the parts it takes, its exports what it returns. */
function asChunk(text) {
  const parts = [...text.matchAll(IMPORT)].map(([, names, module]) => ({ module, names: pairs(names) }));
  const code = text
    .replace(IMPORT, (_, names, module) => `const{${renamed(pairs(names))}}=$parts["${module}"];`)
    .replace(EXPORT, (_, names) => `return{${renamed(pairs(names).map(([here, there]) => [there, here]))}}`);
  if (/^import|;import[{"*]|export[{*]/.test(code))
    throw new Error("A chunk imports or exports in a way that asChunk in build.mjs does not know.");
  return { bytes: Buffer.from(`export default $parts=>{${code}};`), parts };
}

const pairs = (names) => names.split(",").map((each) => each.trim().split(" as "));
const renamed = (names) => names.map(([from, to = from]) => `${from}:${to}`).join(",");

/** The real src/parts.ts: what all chunks together take from the core. */
const partsForChunks = (chunks) => ({
  name: "parts for chunks",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]parts\.ts$/ }, () => ({
      contents: partsModule(chunks),
      resolveDir: HERE,
    }));
  },
});

function partsModule(chunks) {
  const needed = new Map();
  for (const { module, names } of chunks.flatMap(({ parts }) => parts)) {
    needed.set(module, new Set([...(needed.get(module) ?? []), ...names.map(([name]) => name)]));
  }
  const modules = [...needed].sort().map(([module, names]) => ({ module, names: [...names].sort() }));
  const imports = modules.map(({ module, names }, index) => {
    const local = names.map((name) => `${name} as ${name}${index}`).join(", ");
    return `import { ${local} } from "./${module}";`;
  });
  const entries = modules.map(({ module, names }, index) => {
    return `"${module}": { ${names.map((name) => `${name}: ${name}${index}`).join(", ")} }`;
  });
  return `${imports.join("\n")}\nexport const parts = { ${entries.join(", ")} };`;
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
