/** Colours code. It comes with a chunk, when the first code block is to be coloured. */
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import markdown from "highlight.js/lib/languages/markdown";
import plaintext from "highlight.js/lib/languages/plaintext";
import python from "highlight.js/lib/languages/python";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import type { Highlighted } from "./engines.ts";

const LANGUAGES = {
  bash,
  css,
  diff,
  javascript,
  json,
  markdown,
  plaintext,
  python,
  sql,
  typescript,
  xml,
  yaml,
};

/** Names models use which the grammars do not know. */
const ALIASES = {
  python: ["py3", "python3", "ipython", "ipython3", "pycon"],
  bash: ["shell", "console", "shell-session", "zsh"],
  json: ["jsonl", "ipynb"],
  plaintext: ["output", "log"],
};

for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);
for (const [languageName, names] of Object.entries(ALIASES)) hljs.registerAliases(names, { languageName });

/** The code in coloured pieces, or null if the language is not known. */
export function highlight(code: string, lang: string): readonly Highlighted[] | null {
  if (!hljs.getLanguage(lang)) return null;
  const result = hljs.highlight(code, { language: lang, ignoreIllegals: true });
  // The emitter keeps a tree, from which highlight.js would make HTML. Its shape is not public: hence the guard.
  const root = (result._emitter as { rootNode?: unknown }).rootNode;
  return isScope(root) ? pieces(root) : null;
}

interface Scope {
  readonly scope?: string;
  readonly children: readonly (Scope | string)[];
}

function isScope(node: unknown): node is Scope {
  return typeof node === "object" && node !== null && "children" in node && Array.isArray(node.children);
}

function pieces({ children }: Scope): Highlighted[] {
  return children.map((child) => {
    if (typeof child === "string") return child;
    return { className: className(child.scope ?? ""), children: pieces(child) };
  });
}

/** As highlight.js names them: `title.function` is `hljs-title function_`, `language:css` is `language-css`. */
function className(scope: string): string {
  if (scope.startsWith("language:")) return scope.replace("language:", "language-");
  const [name, ...subscopes] = scope.split(".");
  return [`hljs-${name}`, ...subscopes.map((part, depth) => part + "_".repeat(depth + 1))].join(" ");
}
