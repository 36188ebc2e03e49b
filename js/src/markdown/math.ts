/** TeX in Markdown: `$..$` and `\(..\)` in a line, `$$..$$` and `\[..\]` as blocks. */
export interface MathToken {
  readonly type: "math";
  readonly raw: string;
  readonly text: string;
  readonly display: boolean;
}

export interface MathBlock {
  readonly type: "mathBlock";
  readonly raw: string;
  readonly text: string;
  /** The closing delimiter has not come yet; only the structure pass yields such blocks. */
  readonly open?: true;
}

/** Where inline math may begin. */
export const INLINE_MATH_START = /\$|\\\(/g;
/** Where a math block may interrupt a paragraph; after a blank line there is none to interrupt. */
export const BLOCK_MATH_START = /(?<=\S[ \t]*)\n {0,3}(?:\$\$|\\\[)/g;

/** Pandoc's rule: no space inside the dollars, no digit after them, so that prices stay prices. */
const DOLLARS = /^\$(?![\s$])((?:\\.|[^\\$\n])+?)(?<!\s)\$(?!\d)/;
const DOUBLE_DOLLARS = /^\$\$(?!\s*\$)([^$\n]+)\$\$/;
/** A blank line ends any block, math too: without that rule a stray `$$` would swallow the rest. */
const BODY = String.raw`((?:(?!\n[ \t]*\n)[\s\S])+?)`;
const BLOCK = new RegExp(String.raw`^ {0,3}(?:\$\$${BODY}\$\$|\\\[${BODY}\\\])[ \t]*(?:\n|$)`);
const OPEN_BLOCK = /^ {0,3}(?:\$\$|\\\[)(?:(?!\n[ \t]*\n)[\s\S])*$/;
const LONGEST = 4_000;

export function inlineMath(source: string, previous: string): MathToken | undefined {
  if (source.startsWith("\\(")) return parenthesised(source);
  // US$5 and a$b are not math.
  if (!source.startsWith("$") || /[\p{L}\p{N}$]/u.test(previous)) return undefined;
  const double = DOUBLE_DOLLARS.exec(source);
  if (double) return { type: "math", raw: double[0], text: double[1] ?? "", display: true };
  const single = DOLLARS.exec(source);
  return single ? { type: "math", raw: single[0], text: single[1] ?? "", display: false } : undefined;
}

function parenthesised(source: string): MathToken | undefined {
  const end = source.slice(0, LONGEST).indexOf("\\)", 3);
  if (end < 0) return undefined;
  return { type: "math", raw: source.slice(0, end + 2), text: source.slice(2, end), display: false };
}

export function mathBlock(source: string): MathBlock | undefined {
  const match = startsMath(source) ? BLOCK.exec(source) : null;
  return match ? { type: "mathBlock", raw: match[0], text: (match[1] ?? match[2] ?? "").trim() } : undefined;
}

/** A block that more text may still close. */
export function openMathBlock(source: string): MathBlock | undefined {
  const match = startsMath(source) ? OPEN_BLOCK.exec(source) : null;
  return match ? { type: "mathBlock", raw: match[0], text: "", open: true } : undefined;
}

const startsMath = (source: string): boolean => /^ {0,3}(?:\$\$|\\\[)/.test(source);
