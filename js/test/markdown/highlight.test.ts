import { expect, test } from "vitest";
import type { Highlighted } from "../../src/markdown/engines.ts";
import { highlight } from "../../src/markdown/highlight.ts";

const textOf = (node: Highlighted): string =>
  typeof node === "string" ? node : node.children.map(textOf).join("");
const classesOf = (node: Highlighted): string[] =>
  typeof node === "string" ? [] : [node.className, ...node.children.flatMap(classesOf)];

test("gives pieces with classes of its own", () => {
  const pieces = highlight('def f(x):\n    return "<b>"  # c\n', "python") ?? [];
  expect(pieces.slice(0, 3)).toEqual([
    { className: "hljs-keyword", children: ["def"] },
    " ",
    { className: "hljs-title function_", children: ["f"] },
  ]);
});

test.each(
  "python py js jsx ts tsx json bash sh shell console sql yaml yml xml html css markdown md diff text plaintext".split(
    " ",
  ),
)("%s loses no text and takes no class from it", (lang) => {
  const code =
    'SELECT <b class="x"> {"a": [1, true]} # é &amp; ```\n+ $x\n- y: |\n  z\n<style>a{color:red}</style>';
  const pieces = highlight(code, lang) ?? [];
  expect(pieces.map(textOf).join("")).toBe(code);
  for (const name of pieces.flatMap(classesOf))
    expect(name).toMatch(/^(?:hljs-[\w-]+(?: \w+_)*|language-\w+)$/);
});

test.each(["", "klingon", "x onclick", "__proto__"])("%j is not known", (lang) => {
  expect(highlight("x", lang)).toBeNull();
});
