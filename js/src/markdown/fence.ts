import { decode } from "./entities.ts";

/** Code whose closing fence has not come yet: text in pieces, so that a view can append and never rewrite. */
export interface OpenFence {
  readonly type: "openFence";
  readonly lang: string;
  /** Only ever appended to; the array keeps its identity while the fence is open. */
  readonly pieces: readonly string[];
  /** How many pieces there were at this update: what tells one frame from the next. */
  readonly count: number;
}

const OPENING = /^( {0,3})(`{3,}|~{3,})([^\n]*)\n/;
const LONGEST_OPENING = 1_000;
const LONGEST_CLOSING = 100;

/**
 * Reads an open fence as it grows, each character once.
 *
 * It is fed only what is new: so the text as a whole may remain a rope of pieces, which the engine would have
 * to copy together at each look into it.
 */
export class FenceReader {
  /** Where the line after the closing fence begins, counted from the opening fence; null while it is open. */
  end: number | null = null;
  readonly #pieces: string[] = [];
  readonly #closing: RegExp;
  /** The line being written. */
  #line = "";
  /** What was read and not yet given. */
  #held = "";

  /** A reader, if the text begins with a fence and its whole opening line. */
  static opening(source: string): FenceReader | null {
    const match = OPENING.exec(source.slice(0, LONGEST_OPENING));
    if (!match) return null;
    const [line, indent = "", fence = "", label = ""] = match;
    if (fence.startsWith("`") && label.includes("`")) return null;
    const reader = new FenceReader(line.length, indent.length, fence, decode(label.trim()));
    reader.feed(source.slice(line.length));
    return reader;
  }

  private constructor(
    private read: number,
    private readonly indent: number,
    fence: string,
    private readonly lang: string,
  ) {
    this.#closing = new RegExp(`^ {0,3}${fence}${fence[0]}* *$`);
  }

  feed(text: string): void {
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      this.#line += text.slice(start, end);
      if (this.#closing.test(this.#line)) {
        this.end = this.read + end + 1;
        return;
      }
      this.#line = "";
      start = end + 1;
    }
    this.#line += text.slice(start);
    this.#held += text;
    this.read += text.length;
    this.#give();
  }

  get block(): OpenFence {
    return { type: "openFence", lang: this.lang, pieces: this.#pieces, count: this.#pieces.length };
  }

  /** Holds back the last line break (the fence may end there) and what may become the closing fence. */
  #give(): void {
    const isUndecided =
      this.indent > 0 || (this.#line.length < LONGEST_CLOSING && /^ {0,3}[`~]* *$/.test(this.#line));
    const length = isUndecided ? this.#held.length - this.#line.length - 1 : this.#held.length;
    if (length <= 0) return;
    this.#pieces.push(this.#dedent(this.#held.slice(0, length)));
    this.#held = this.#held.slice(length);
  }

  #dedent(text: string): string {
    return this.indent === 0 ? text : text.replace(new RegExp(`^ {1,${this.indent}}`, "gm"), "");
  }
}
