import { describe, expect, test } from "vitest";
import { isVisible, lex } from "../../src/markdown/lexer.ts";
import { examples, hasCorpora, whyNot } from "./corpora.ts";
import { drawBlocks, drawStreamed, drawWhole, randomNumbers, randomPieces, streamed } from "./stream.tsx";

const ATOMS = [
  "para",
  "# heading",
  "- item",
  "  nested",
  "    code",
  "1. one",
  "> quote",
  ">> deep",
  "```py",
  "```",
  "~~~",
  "   ```",
  "| a | b |",
  "| - | - |",
  "---",
  "===",
  "***",
  "$$",
  "$$ x $$",
  "\\[",
  "\\]",
  "<div>",
  "<b>",
  "</div>",
  "<!-- x",
  "-->",
  "[foo]: /url",
  "[foo]",
  "[a](b)",
  "'title'",
  "**bold",
  "`x",
  "$a$",
  "- [ ] task",
  "",
  "",
  "",
  "\t",
  "\r",
];

describe("a streamed message ends as the whole message", () => {
  test("whatever lines come together", () => {
    const random = randomNumbers(7);
    const pick = () => ATOMS[Math.floor(random() * ATOMS.length)] ?? "";
    for (let seed = 0; seed < Number(process.env.FUZZ ?? 3_000); seed++) {
      const text = Array.from({ length: 2 + Math.floor(random() * 10) }, pick).join("\n");
      expectSameBlocks(text, seed);
    }
  }, 60_000);

  test("when drawn over every frame before it", () => {
    const random = randomNumbers(11);
    const pick = () => ATOMS[Math.floor(random() * ATOMS.length)] ?? "";
    for (let seed = 0; seed < 150; seed++) {
      const text = Array.from({ length: 12 }, pick).join("\n");
      expect(drawStreamed(randomPieces(text, seed)).innerHTML, text).toBe(drawWhole(text).innerHTML);
    }
  });
});

describe.skipIf(!hasCorpora)(`the specifications' examples, streamed${whyNot}`, () => {
  const documents = [...examples("cm"), ...examples("gfm")].map(({ markdown }) => markdown);

  test("one by one", () => {
    for (const [seed, text] of documents.entries()) {
      expectSameBlocks(text, seed);
      expectSameBlocks(text, seed, 1);
    }
  });

  test("one after the other", () => {
    const random = randomNumbers(3);
    const pick = () => documents[Math.floor(random() * documents.length)] ?? "";
    for (let seed = 0; seed < 400; seed++) expectSameBlocks(`${pick()}\n${pick()}${pick()}`, seed);
  });

  test("drawn", () => {
    for (const [seed, text] of documents.entries()) {
      expect(drawStreamed(randomPieces(text, seed)).innerHTML, text).toBe(drawWhole(text).innerHTML);
    }
  });
});

/** Compares what would be drawn, in which a `raw` with or without its last line break is the same. */
function expectSameBlocks(text: string, seed: number, longest = 12): void {
  const whole = drawBlocks(lex(text).filter(isVisible), document.createElement("div"));
  const grown = drawBlocks(streamed(randomPieces(text, seed, longest)), document.createElement("div"));
  expect(grown.innerHTML, JSON.stringify(text)).toBe(whole.innerHTML);
}
