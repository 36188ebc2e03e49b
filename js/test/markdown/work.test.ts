import { describe, expect, test } from "vitest";
import { heal } from "../../src/markdown/heal.ts";
import { IncrementalMarkdown } from "../../src/markdown/incremental.ts";
import { replies } from "./replies.ts";

interface Work {
  readonly total: number;
  /** The most any update cost. */
  readonly most: number;
}

/** Characters lexed while a text streams in; the measure is the same on every machine. */
function work(text: string, piece = 12): Work {
  const markdown = new IncrementalMarkdown(heal);
  let most = 0;
  for (let at = 0; at < text.length; at += piece) {
    const before = markdown.lexedChars;
    markdown.append(text.slice(at, at + piece));
    markdown.update();
    most = Math.max(most, markdown.lexedChars - before);
  }
  const total = markdown.lexedChars;
  markdown.update(true);
  return { total, most };
}

const reply = `${Object.values(replies).join("\n\n")}\n\n`;
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");

const blocks: Readonly<Record<string, (size: number) => string>> = {
  prose: (size) => reply.repeat(size),
  code: (size) =>
    `\`\`\`python\n${lines(150 * size, (i) => `value_${i} = compute(${i})  # a comment`)}\n\`\`\`\n`,
  "tight list": (size) => lines(70 * size, (i) => `- item ${i} with **bold** and \`code\` text`),
  "loose list": (size) =>
    lines(40 * size, (i) => `${i + 1}. item ${i} with some text\n\n   and a second paragraph\n`),
  "badly indented list": (size) => lines(40 * size, (i) => `${i + 1}. item ${i}\n\n  no part of it\n`),
  table: (size) =>
    `| a | b | c |\n| - | - | - |\n${lines(50 * size, (i) => `| cell ${i} | **b** | \`c\` |`)}`,
  "many links": (size) =>
    lines(20 * size, (i) => `A [link ${i}] here.\n\n[link ${i}]: https://example.org/${i}\n`),
  lines: (size) => lines(20 * size, () => "A paragraph.\n"),
};

describe("ten times the text costs about ten times the work", () => {
  test.each(Object.entries(blocks))(
    "%s",
    (_, text) => {
      expect(work(text(30)).total / work(text(3)).total).toBeLessThan(11);
    },
    30_000,
  );
});

describe("one update of a huge block costs little", () => {
  test("code is not lexed at all before it is closed", () => {
    const text = `\`\`\`\n${"x = 1\n".repeat(9_000)}`;
    expect(work(text)).toEqual({ total: 0, most: 0 });
  });

  test("a single line of code either", () => {
    expect(work(`\`\`\`\n${"x".repeat(50_000)}`).total).toBe(0);
  });

  test.each(["tight list", "loose list", "table"])("%s", (name) => {
    const text = blocks[name]?.(10) ?? "";
    const { total, most } = work(text);
    expect(text.length).toBeGreaterThan(13_000);
    // What is live is about 2 KB; the block is looked at as a whole only now and then.
    expect(total / (text.length / 12)).toBeLessThan(2_500);
    expect(most).toBeLessThan(text.length + 2_500);
  });

  test("one line of 50 KB is lexed once an update, and healed at its end only", () => {
    const text = "word **bold** `code` $5 [x] ".repeat(1_800);
    expect(work(text, 5_000).most).toBeLessThan(text.length * 2);
  });
});

describe("what is exposed", () => {
  test("an open fence gives its text in pieces that are only added to", () => {
    const markdown = new IncrementalMarkdown();
    markdown.append("```py\none\ntw");
    markdown.update();
    const [first] = markdown.tail;
    markdown.append("o\n``");
    markdown.update();
    const [second] = markdown.tail;
    if (first?.type !== "openFence" || second?.type !== "openFence") throw new Error("expected open fences");
    expect([first.count, second.count, second.lang]).toEqual([1, 2, "py"]);
    expect(second.pieces).toEqual(["one\ntw", "o"]);
    expect(second.pieces).toBe(first.pieces);
  });

  test("a block is frozen as soon as nothing can change it", () => {
    const markdown = new IncrementalMarkdown();
    const frozenAfter = (text: string) => {
      markdown.append(text);
      return markdown.update().froze;
    };
    expect(frozenAfter("# Title\n")).toBe(1);
    expect(frozenAfter("para\n")).toBe(0);
    expect(frozenAfter("\n")).toBe(1);
    expect(frozenAfter("```\ncode\n```")).toBe(0);
    expect(frozenAfter("\n")).toBe(1);
    expect(frozenAfter("- a\n\n")).toBe(0);
    expect(frozenAfter("next\n")).toBe(1);
  });

  test("a frozen block keeps its identity, unless a link it names is defined later", () => {
    const markdown = new IncrementalMarkdown();
    markdown.append("See [docs].\n\nOther.\n\n");
    markdown.update();
    const [see, other] = markdown.frozen;
    markdown.append("[docs]: https://example.org\n\n");
    expect(markdown.update().relinked).toEqual([0]);
    expect(markdown.frozen[0]).not.toBe(see);
    expect(markdown.frozen[1]).toBe(other);
  });

  test("text may follow what was taken for the end", () => {
    const markdown = new IncrementalMarkdown();
    markdown.append("[a]\n\n[a]: http://x");
    markdown.update(true);
    markdown.append(".example\n");
    markdown.update(true);
    expect(JSON.stringify([...markdown.frozen, ...markdown.tail])).toContain('"href":"http://x.example"');
  });

  test("a line break of two characters may come in two pieces", () => {
    const markdown = new IncrementalMarkdown();
    for (const piece of ["a\r", "\nb\r", "\n\r\n", "c"]) markdown.append(piece);
    markdown.update(true);
    expect([...markdown.frozen, ...markdown.tail].map(({ type }) => type)).toEqual([
      "paragraph",
      "paragraph",
    ]);
  });
});
