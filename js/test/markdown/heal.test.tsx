import { describe, expect, test } from "vitest";
import { heal } from "../../src/markdown/heal.ts";
import { replies } from "./replies.ts";
import { drawStreamed, drawWhole, randomPieces } from "./stream.tsx";

/** What a reader sees as the message; the bar above code is furniture. */
function visibleText(host: HTMLElement): string {
  const copy = host.cloneNode(true) as HTMLElement;
  for (const bar of copy.querySelectorAll(".bar")) bar.remove();
  return (copy.textContent ?? "").trimEnd();
}

describe.each(Object.entries(replies))("no flash of broken markup in %s", (_, reply) => {
  const final = visibleText(drawWhole(reply));

  test.each([1, 4, 12])("in pieces of up to %i characters", (longest) => {
    const broken: string[] = [];
    drawStreamed(randomPieces(reply, 5, longest), (host) => {
      const seen = visibleText(host);
      if (!final.startsWith(seen)) broken.push(seen.slice(-80));
    });
    expect(broken).toEqual([]);
  });
});

describe("heal", () => {
  test.each([
    ["**bo", "**bo**"],
    ["**bold*", "**bold**"],
    ["*a **b", "*a **b***"],
    ["a **", "a "],
    ["`co", "`co`"],
    ["see [the manual](https://exa", "see the manual"],
    ["see [the man", "see "],
    ["![alt](https://", ""],
    ["x\n#", "x"],
    ["- a\n-", "- a"],
    ["| a | b", "| a | b|\n| --- | --- |"],
    ["$$\nx", ""],
    ["is $x_", "is "],
    ["costs $5 ", "costs $5 "],
    ["- item\n  ```py", "- item"],
    ["- item\n  ```\n  **x", "- item\n  ```\n  **x"],
    ["AT&am", "AT"],
    ["a <su", "a "],
    ["    code **x", "    code **x"],
    ["<div>\n**x", "<div>\n**x"],
    ["5*x and", "5*x and"],
  ])("%j is shown as %j", (source, healed) => {
    expect(heal(source)).toBe(healed);
  });

  test("looks only at the end of a long text", () => {
    const long = "word ".repeat(20_000);
    expect(heal(`${long}**bold`)).toBe(`${long}**bold**`);
  });

  test("takes for text what stays open too long", () => {
    const text = `see [this ${"and that ".repeat(100)}`;
    expect(heal(text).length).toBeGreaterThan(800);
  });
});

test.each(["[", "![", "`a ", "$a", "<a", "*a", "_a", "\\(", "[a](", "| a "])(
  "a text of nothing but %j takes no time to speak of",
  (unit) => {
    const text = unit.repeat(20_000);
    const start = performance.now();
    heal(text);
    expect(performance.now() - start).toBeLessThan(100);
  },
);
