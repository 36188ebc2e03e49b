// @vitest-environment node
import { expect, test } from "vitest";
import { parseAnsi } from "../../src/outputs/ansi.ts";

const ESC = "\u001b";

test.each([
  ["plain text", "a < b", [{ text: "a < b", style: "" }]],
  [
    "a colour",
    `a${ESC}[31mb${ESC}[0mc`,
    [
      { text: "a", style: "" },
      { text: "b", style: "ansi-red" },
      { text: "c", style: "" },
    ],
  ],
  ["bold and bright", `${ESC}[1;92mok`, [{ text: "ok", style: "ansi-green ansi-bold" }]],
  [
    "back to the default colour",
    `${ESC}[1;34ma${ESC}[39mb`,
    [
      { text: "a", style: "ansi-blue ansi-bold" },
      { text: "b", style: "ansi-bold" },
    ],
  ],
  ["colours that are not known", `${ESC}[38;5;31mx`, [{ text: "x", style: "" }]],
  [
    "other sequences",
    `${ESC}[2J${ESC}[1;1Hx${ESC}]0;title\u0007y`,
    [
      { text: "x", style: "" },
      { text: "y", style: "" },
    ],
  ],
  ["a progress bar", "10%\r 50%\r100%\nend", [{ text: "100%\nend", style: "" }]],
  ["lines of Windows", "a\r\nb\r\n", [{ text: "a\nb\n", style: "" }]],
  [
    "a sequence without end",
    `${ESC}[${"1;".repeat(50_000)}31mx`,
    [{ text: "x", style: "ansi-red ansi-bold" }],
  ],
])("%s", (_, text, spans) => {
  expect(parseAnsi(text)).toEqual(spans);
});
