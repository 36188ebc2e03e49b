// Generates src/protocol.ts from the schema that anychat.protocol.schema() writes.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const SCHEMA = fileURLToPath(new URL("../tests/protocol/schema.json", import.meta.url));
export const TARGET = fileURLToPath(new URL("src/protocol.ts", import.meta.url));

// The generator says of each type where it was referenced, and declares the schema itself: noise here.
const NOISE = [
  / \* This interface was referenced by [\s\S]*?\n \* via the `definition` .*\n/g,
  /export interface Wire \{[^}]*\}\n/,
];

export async function generate() {
  const { version, max_message_chars, max_chunk_bytes, max_window_chars, definitions } = JSON.parse(
    readFileSync(SCHEMA, "utf8"),
  );
  const options = {
    additionalProperties: false,
    bannerComment: "",
    unreachableDefinitions: true,
    style: { printWidth: 110 },
  };
  const types = await compile(
    { title: "Wire", definitions: dropDiscriminators(definitions) },
    "Wire",
    options,
  );
  const clean = NOISE.reduce((text, noise) => text.replace(noise, ""), types).replace(
    / \*\s*\n \*\//g,
    " */",
  );
  return `// Generated from anychat/protocol.py; change it there, then run \`nox -s protocol\`.

${clean.replace(/\/\*\*\s*\*\/\n/g, "").trim()}

export const PROTOCOL_VERSION = ${version};
export const MAX_MESSAGE_CHARS = ${max_message_chars};
export const MAX_CHUNK_BYTES = ${max_chunk_bytes};
export const MAX_WINDOW_CHARS = ${max_window_chars};
`;
}

function dropDiscriminators(definitions) {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, { discriminator, ...shape }]) => [name, shape]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET, await generate());
