import { inlineMath } from "./math.ts";

/** How long something half written is held back before it is taken for plain text. */
const PATIENCE = 300;
const LONGEST_ADDRESS = 2_000;
/** Brackets nested deeper are no link, and looking for their ends takes long. */
const DEEPEST = 10;

const PREFIX = /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:#{1,6}[ \t]+)?(?:\[[ xX]\][ \t])?/;
const DESTINATION =
  /^\(\s*(?:<[^<>\n]*>|(?:[^()\s\\]|\\.|\((?:[^()\s\\]|\\.)*\))*)(?:\s+(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\((?:\\.|[^()\\])*\)))?\s*\)/;

/** Closes or holds back what is unfinished at the end of one run of inline text. */
export function healInline(text: string): string {
  return new InlineHealer(text).heal();
}

interface Delimiter {
  readonly mark: string;
  /** Length of the output before the mark. */
  readonly at: number;
}

class InlineHealer {
  #at: number;
  #out: string;
  readonly #open: Delimiter[] = [];
  readonly #lastFormulaEnd: number;

  constructor(private readonly text: string) {
    this.#lastFormulaEnd = text.lastIndexOf("\\)");
    this.#out = PREFIX.exec(text)?.[0] ?? "";
    this.#at = this.#out.length;
  }

  heal(): string {
    while (this.#at < this.text.length && this.#step()) {}
    return this.#closed();
  }

  /** Takes the next construct; false if the rest is held back. */
  #step(): boolean {
    switch (this.text[this.#at]) {
      case "\\":
        return this.#escape();
      case "`":
        return this.#code();
      case "$":
        return this.#dollar();
      case "!":
        return this.#image();
      case "[":
        return this.#bracket(this.#at);
      case "<":
        return this.#angle();
      case "&":
        return this.#entity();
      case "*":
      case "_":
      case "~":
        return this.#delimiters();
      default:
        return this.#plain();
    }
  }

  #take(length: number): true {
    this.#out += this.text.slice(this.#at, this.#at + length);
    this.#at += length;
    return true;
  }

  get #rest(): string {
    return this.text.slice(this.#at);
  }

  #plain(): true {
    const next = this.text.slice(this.#at + 1).search(/[\\`$![<&*_~]/);
    return this.#take(next < 0 ? this.text.length - this.#at : next + 1);
  }

  #escape(): boolean {
    const math = this.#at < this.#lastFormulaEnd ? inlineMath(this.#rest, "") : undefined;
    if (math) return this.#take(math.raw.length);
    const undecided = this.#rest.length < 2 || (this.#rest.startsWith("\\(") && this.#rest.length < PATIENCE);
    return !undecided && this.#take(2);
  }

  #code(): boolean {
    const run = /^`+/.exec(this.#rest)?.[0] ?? "`";
    const body = this.#rest.slice(run.length);
    const end = new RegExp(`(?<!\`)${run}(?!\`)`).exec(body);
    if (end) return this.#take(run.length + end.index + run.length);
    const content = body.replace(/`+$/, "");
    // A space on both sides is not part of the code, so one at the beginning calls for one at the end.
    if (content.trim() !== "") this.#out += run + content + (content.startsWith(" ") ? " " : "") + run;
    return false;
  }

  #dollar(): boolean {
    const math = inlineMath(this.#rest, this.text[this.#at - 1] ?? "");
    if (math) return this.#take(math.raw.length);
    const undecided = /^\$(?:$|\d[^\s$]*$|\$?[^\s\d$][^\n$]*\$?$)/.test(this.#rest);
    return !(undecided && this.#rest.length < PATIENCE) && this.#take(1);
  }

  #image(): boolean {
    if (this.#rest === "!") return false;
    return this.#rest.startsWith("![") ? this.#bracket(this.#at + 1) : this.#take(1);
  }

  /** A link or image, whose bracket stands at `start`. */
  #bracket(start: number): boolean {
    const isImage = start > this.#at;
    const end = closingBracket(this.text, start);
    const after = end === null ? undefined : this.text[end + 1];
    if (
      end === null ||
      after === undefined ||
      (after === "[" && closingBracket(this.text, end + 1) === null)
    ) {
      return this.#rest.length > PATIENCE && this.#take(start + 1 - this.#at);
    }
    if (after === ":" && this.#out.trim() === "") return false;
    if (after === "(") return this.#address(start, end, isImage);
    return this.#take(start + 1 - this.#at);
  }

  #address(start: number, end: number, isImage: boolean): boolean {
    const rest = this.text.slice(end + 1);
    const destination = DESTINATION.exec(rest.slice(0, LONGEST_ADDRESS));
    if (destination) return this.#take(end + 1 + destination[0].length - this.#at);
    if (rest.length >= LONGEST_ADDRESS || rest.includes("\n")) return this.#take(start + 1 - this.#at);
    // The text of a link is certain before its address is.
    if (!isImage) this.#out += healInline(this.text.slice(start + 1, end));
    return false;
  }

  #angle(): boolean {
    const whole = /^<[^<>\n]{1,2000}>/.exec(this.#rest);
    if (whole) return this.#take(whole[0].length);
    const undecided =
      this.#rest.length < PATIENCE && /^<(?:\/?[a-z][^<>]*|![^>]*|\/|\?[^>]*)?$/i.test(this.#rest);
    return !undecided && this.#take(1);
  }

  #entity(): boolean {
    return !/^&#?\w{0,31}$/.test(this.#rest) && this.#take(1);
  }

  #delimiters(): boolean {
    const mark = this.text.charAt(this.#at);
    const run = this.#rest.slice(0, this.#rest.search(new RegExp(`[^\\${mark}]|$`)));
    const before = this.text[this.#at - 1] ?? " ";
    const after = this.text[this.#at + run.length];
    if (after === undefined) return this.#lastRun(run, before);
    if (isWord(before) && isWord(after) && (mark === "_" || run === "*")) return this.#take(run.length);
    if (canClose(before, after) && this.#close(run)) return this.#take(run.length);
    if (canOpen(before, after)) this.#opens(run);
    return this.#take(run.length);
  }

  /** At the very end a run closes what it can; more of it may be to come. */
  #lastRun(run: string, before: string): boolean {
    const top = this.#open.at(-1);
    const closes = top !== undefined && run.startsWith(top.mark) && !isSpace(before);
    if (closes && this.#open.pop()) this.#out += top.mark;
    this.#at += closes ? top.mark.length : run.length;
    return closes;
  }

  /** Closes the innermost fitting marks, and with them what was opened inside. */
  #close(run: string): boolean {
    let left = run.length;
    for (;;) {
      const index = this.#open.findLastIndex(({ mark }) => mark[0] === run[0] && mark.length <= left);
      if (index < 0) return left < run.length;
      left -= this.#open[index]?.mark.length ?? 0;
      this.#open.length = index;
    }
  }

  #opens(run: string): void {
    const at = this.#out.length;
    const mark = run.charAt(0);
    if (mark === "~" && run.length !== 2) return;
    if (run.length === 3) this.#open.push({ mark: mark.repeat(2), at }, { mark, at: at + 2 });
    if (run.length < 3) this.#open.push({ mark: run, at });
  }

  #closed(): string {
    let out = this.#out;
    for (const { mark, at } of this.#open.reverse()) {
      const inside = out.slice(at + mark.length).trimEnd();
      // A mark with nothing in it yet is not shown; any inside it are gone already.
      out = inside === "" ? out.slice(0, at) : out.trimEnd() + mark;
    }
    return out;
  }
}

const isSpace = (char: string): boolean => /\s/.test(char);
const isWord = (char: string): boolean => /[A-Za-z0-9_]/.test(char);
const isPunctuation = (char: string): boolean => /[\p{P}\p{S}]/u.test(char);

/** CommonMark's flanking rules. */
const canOpen = (before: string, after: string): boolean =>
  !isSpace(after) && (!isPunctuation(after) || isSpace(before) || isPunctuation(before));
const canClose = (before: string, after: string): boolean => canOpen(after, before);

function closingBracket(text: string, start: number): number | null {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "[") depth += 1;
    else if (text[at] === "]") depth -= 1;
    if (depth === 0) return at;
    if (depth > DEEPEST) return null;
  }
  return null;
}
