/**
 * Makes an unfinished text render as what it is about to become.
 *
 * Read to its last character, a growing text is full of things that mean something else a moment later: a
 * lone `#`, half a link, an unclosed `**`. `heal` holds back what cannot be told yet, and closes what is
 * open. The result is only for showing; the true text stays with the caller.
 */
import { Lexer } from "marked";
import { healInline } from "./healInline.ts";

/** However long the text, only this much of its end is looked at. */
const WINDOW = 8_000;
const LINE_WINDOW = 2_000;
const LONGEST_FORMULA = 2_000;

export function heal(source: string): string {
  const start = windowStart(source);
  const text = source.slice(start);
  if (start === 0 && isVerbatim(text)) return source;
  return source.slice(0, start) + healBlocks(text);
}

function windowStart(source: string): number {
  if (source.length <= WINDOW) return 0;
  const line = source.indexOf("\n", source.length - WINDOW);
  if (line >= 0) return line + 1;
  return source.indexOf(" ", source.length - LINE_WINDOW) + 1;
}

/** Indented code and raw HTML are shown as they are. */
function isVerbatim(text: string): boolean {
  return (
    /^(?: {4}|\t)/.test(text) || (/^ {0,3}<[a-z/!?]/i.test(text) && Lexer.rules.block.gfm.html.test(text))
  );
}

function healBlocks(text: string): string {
  const fence = openFence(text);
  if (fence === "body") return withoutPartialFence(text);
  const whole = fence === "opening" ? withoutLastLine(text) : text;
  const formula = openFormula(whole);
  if (formula !== null) return whole.slice(0, formula);
  if (!LONE_MARKER.test(lastLine(whole))) return healParagraph(whole);
  const shorter = withoutLastLine(whole);
  // The last line closes a formula: that is no lone marker.
  return openFormula(shorter) === null ? healParagraph(shorter) : whole;
}

const CONTAINERS = String.raw`[\s>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*`;

const FENCE_LINE = new RegExp(`^${CONTAINERS}(\`{3,}|~{3,})(.*)$`);

/** Whether the text ends inside a (perhaps nested) fence, or in the unfinished line that opens one. */
function openFence(text: string): "opening" | "body" | null {
  if (!text.includes("```") && !text.includes("~~~")) return null;
  const lines = text.split("\n");
  let open: { fence: string; line: number } | null = null;
  for (const [line, content] of lines.entries()) {
    const [, fence, rest = ""] = FENCE_LINE.exec(content) ?? [];
    if (fence === undefined) continue;
    if (open === null) {
      if (fence.startsWith("~") || !rest.includes("`")) open = { fence, line };
    } else if (fence.startsWith(open.fence) && rest.trim() === "") open = null;
  }
  if (open === null) return null;
  return open.line === lines.length - 1 ? "opening" : "body";
}

function withoutPartialFence(text: string): string {
  return /^[\s>]*[`~]*$/.test(lastLine(text)) ? withoutLastLine(text) : text;
}

/** Where an unclosed block formula begins in the last paragraph. */
function openFormula(text: string): number | null {
  const start = paragraphStart(text);
  const formula = /(?:^|\n)[\s>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?=\$\$|\\\[)/g;
  formula.lastIndex = start;
  for (let match = formula.exec(text); match; match = formula.exec(text)) {
    const at = match.index + match[0].length;
    const closing = text.startsWith("$$", at) ? "$$" : "\\]";
    const end = text.indexOf(closing, at + 2);
    if (end < 0) return text.length - at < LONGEST_FORMULA ? match.index : null;
    formula.lastIndex = end + 2;
  }
  return null;
}

/** The last line, as long as it holds nothing but the beginning of a block marker. */
const LONE_MARKER = new RegExp(
  `^${CONTAINERS}(?:#{1,6}|[-*+]|[-=]+|(?:[-*_][ \t]*)+|\\d{1,9}[.)]?|\`{1,2}|~{1,2}|\\||\\$\\$?|\\\\\\[?|\\[[ xX]?\\]?|!|<)?[ \t]*$`,
);

function healParagraph(text: string): string {
  // After a blank line what is open stays open.
  if (/\n[ \t>]*\n[ \t]*$/.test(text)) return text;
  const start = paragraphStart(text);
  const paragraph = text.slice(start);
  if (paragraph.trim() === "" || /^[\s>]*(?:\$\$|\\\[)/.test(paragraph)) return text;
  const table = tableStart(paragraph);
  if (table !== null) return text.slice(0, start + table) + healTable(paragraph.slice(table));
  const inline = inlineStart(paragraph);
  return text.slice(0, start + inline) + healInline(paragraph.slice(inline));
}

function paragraphStart(text: string): number {
  const blank = [...text.trimEnd().matchAll(/\n[ \t>]*\n/g)].at(-1);
  return blank ? blank.index + blank[0].length : 0;
}

/** Where the run of lines that begin with a pipe starts, if the text ends in one. */
function tableStart(paragraph: string): number | null {
  const lines = paragraph.trimEnd().split("\n");
  const before = lines.findLastIndex((line) => !/^\s*\|/.test(line));
  if (before === lines.length - 1) return null;
  return lines.slice(0, before + 1).join("\n").length + (before >= 0 ? 1 : 0);
}

function healTable(table: string): string {
  const lines = table.trimEnd().split("\n");
  const [caption = "", delimiter = ""] = lines;
  if (lines.length > 2) return [...lines.slice(0, -1), healRow(lines.at(-1) ?? "")].join("\n");
  // A table is one only from its second line on: lend it one until it comes.
  if (lines.length === 1 || /^[\s|:-]*$/.test(delimiter)) {
    const row = lines.length === 1 ? `${healRow(caption.trimEnd()).replace(/\|$/, "")}|` : caption;
    return `${row}\n|${" --- |".repeat(Math.max(1, cellCount(row)))}`;
  }
  return table;
}

function healRow(row: string): string {
  const cut = lastPipe(row) + 1;
  return row.slice(0, cut) + healInline(row.slice(cut));
}

function lastPipe(row: string): number {
  for (let at = row.length - 1; at >= 0; at--) if (row[at] === "|" && row[at - 1] !== "\\") return at;
  return -1;
}

const cellCount = (row: string): number => row.replaceAll("\\|", "").split("|").length - 2;

/** The last place in the paragraph where inline text begins anew. */
function inlineStart(paragraph: string): number {
  const starts = [
    ...paragraph.matchAll(/(?:^|\n)(?=[\s>]*(?:(?:[-*+]|\d{1,9}[.)]|#{1,6})[ \t]|`{3}|~{3}))/g),
  ];
  const last = starts.at(-1);
  return last ? last.index + last[0].length : 0;
}

const lastLine = (text: string): string => text.slice(text.lastIndexOf("\n") + 1);

const withoutLastLine = (text: string): string => text.slice(0, Math.max(0, text.lastIndexOf("\n")));
