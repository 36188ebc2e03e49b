/**
 * Markdown that grows: finished blocks are frozen and never lexed again, only the last one is.
 *
 *     # Title⏎⏎ A paragraph.⏎⏎ - one⏎ - tw
 *     └──── frozen ───────────┘└── tail ──┘
 *
 * A block is frozen once no further text can change it, which is decided on complete lines only (`para⏎#` is
 * not a heading yet). The sum of all work is then proportional to the length of the text, as long as blocks
 * are of ordinary size; open code fences, long lists and long tables have ways of their own (`FenceReader`,
 * `LiveTail`). Whatever way the text came, the blocks after `update(true)` are those of `lex(whole text)`.
 */
import { FenceReader, type OpenFence } from "./fence.ts";
import {
  type ChatToken,
  definitions,
  isVisible,
  type Links,
  lex,
  normalizeLabel,
  structure,
} from "./lexer.ts";
import { LiveTail } from "./tail.ts";

export type Block = ChatToken | OpenFence;

export interface Update {
  /** How many blocks were frozen. */
  readonly froze: number;
  /** Indices of earlier frozen blocks that were replaced, because a link they name is now defined. */
  readonly relinked: readonly number[];
}

export class IncrementalMarkdown {
  /** The text that is not frozen. Cutting the rest off keeps its costs out of each later look at the text. */
  #source = "";
  readonly #passed: string[] = [];
  /** What came since the open fence was last read. */
  #fresh = "";
  #decidedTo = 0;
  /** How much text the last decision left unfrozen. */
  #undecided = 0;
  #endsInCarriageReturn = false;
  #lastType: ChatToken["type"] | null = null;
  #links: Links = Object.create(null);
  #mentions = new Map<string, Set<number>>();
  #fence: FenceReader | null = null;
  #previewedLinks = false;
  #blocks: ChatToken[] = [];
  #live: readonly Block[] = [];
  #lexed = 0;
  readonly #liveTail: LiveTail;

  constructor(heal: (source: string) => string = (source) => source) {
    this.#liveTail = new LiveTail(heal);
  }

  get frozen(): readonly ChatToken[] {
    return this.#blocks;
  }

  /** What comes after the frozen blocks and may still change. */
  get tail(): readonly Block[] {
    return this.#live;
  }

  /** Characters handed to the lexer so far: the measure of work. */
  get lexedChars(): number {
    return this.#lexed + this.#liveTail.lexedChars;
  }

  /** How much text is not frozen: about what the next update has to look at again. */
  get unfrozen(): number {
    return this.#source.length;
  }

  append(text: string): void {
    if (this.#previewedLinks) this.#restart();
    let piece = this.#endsInCarriageReturn ? `\r${text}` : text;
    // A break of two characters may come in two pieces.
    this.#endsInCarriageReturn = piece.endsWith("\r");
    if (this.#endsInCarriageReturn) piece = piece.slice(0, -1);
    if (piece.includes("\r")) piece = piece.replace(/\r\n?/g, "\n");
    this.#source += piece;
    this.#fresh += piece;
  }

  /** Brings `frozen` and `tail` up to date; `final` means no more text is expected, so nothing is guessed. */
  update(final = false): Update {
    const before = this.#blocks.length;
    const relinked = final ? this.#finish() : this.#advance();
    return { froze: this.#blocks.length - before, relinked: [...relinked].filter((index) => index < before) };
  }

  #finish(): Set<number> {
    const tokens = this.#lex(this.#source + (this.#endsInCarriageReturn ? "\n" : ""));
    const relinked = this.#define(tokens);
    this.#previewedLinks = definitions(tokens).length > 0;
    this.#live = tokens.filter(isVisible);
    return relinked;
  }

  #advance(): Set<number> {
    this.#skipBlankLines();
    const relinked = new Set<number>();
    while (!this.#readFence() && this.#mayFreeze()) {
      for (const index of this.#freezeFinished()) relinked.add(index);
    }
    this.#live = this.#fence ? [this.#fence.block] : this.#liveTail.lex(this.#source, this.#links);
    return relinked;
  }

  /** True while the text stands in an open top level fence, which is read without the lexer. */
  #readFence(): boolean {
    if (this.#fence) this.#fence.feed(this.#fresh);
    else this.#fence = FenceReader.opening(this.#source);
    this.#fresh = "";
    if (!this.#fence) return false;
    const { end } = this.#fence;
    if (end === null) return true;
    this.#fence = null;
    this.#freeze(this.#source.slice(0, end));
    return this.#readFence();
  }

  /** `LiveTail` counts from the first character of the block. */
  #skipBlankLines(): void {
    const blank = this.#fence ? 0 : (/^\n+/.exec(this.#source)?.[0].length ?? 0);
    if (blank > 0) this.#pass(blank);
  }

  /** Leaves the first `length` characters behind. */
  #pass(length: number): void {
    this.#passed.push(this.#source.slice(0, length));
    this.#source = this.#source.slice(length);
    this.#decidedTo = Math.max(0, this.#decidedTo - length);
  }

  #mayFreeze(): boolean {
    const end = this.#source.lastIndexOf("\n") + 1;
    if (end <= this.#decidedTo) return false;
    const hasGrown = end > 1.5 * this.#undecided + 500;
    if (hasGrown || !continues(this.#lastType, this.#source.slice(this.#decidedTo, end))) return true;
    this.#decidedTo = end;
    return false;
  }

  #freezeFinished(): Set<number> {
    const end = this.#source.lastIndexOf("\n") + 1;
    const stable = this.#source.slice(0, end);
    this.#decidedTo = end;
    this.#lexed += stable.length;
    const blocks = structure(stable);
    const cut = finishedLength(blocks, stable);
    const relinked = cut > 0 ? this.#freeze(stable.slice(0, cut)) : new Set<number>();
    this.#undecided = stable.length - cut;
    this.#lastType = cut < stable.length ? (blocks.findLast(isVisible)?.type ?? null) : null;
    return relinked;
  }

  #freeze(text: string): Set<number> {
    const tokens = this.#lex(text);
    this.#pass(text.length);
    this.#lastType = null;
    const relinked = this.#define(tokens);
    for (const token of tokens) if (isVisible(token)) this.#push(token);
    this.#liveTail.reset();
    return relinked;
  }

  #push(token: ChatToken): void {
    for (const label of token.type === "code" ? [] : labels(token.raw)) {
      const indices = this.#mentions.get(label) ?? new Set();
      this.#mentions.set(label, indices.add(this.#blocks.length));
    }
    this.#blocks.push(token);
  }

  /** Takes in link definitions; the first of a label wins. */
  #define(tokens: readonly ChatToken[]): Set<number> {
    const affected = new Set<number>();
    for (const { tag, href, title } of definitions(tokens)) {
      if (tag in this.#links) continue;
      this.#links[tag] = { href, title: title ?? null };
      for (const index of this.#mentions.get(tag) ?? []) affected.add(index);
    }
    for (const index of affected) this.#relink(index);
    if (affected.size > 0) this.#liveTail.reset();
    return affected;
  }

  #relink(index: number): void {
    const tokens = this.#lex(this.#blocks[index]?.raw ?? "").filter(isVisible);
    if (tokens.length === 1 && tokens[0]) this.#blocks[index] = tokens[0];
  }

  #lex(text: string): ChatToken[] {
    this.#lexed += text.length;
    return lex(text, this.#links);
  }

  /** The end was taken for final, and links were defined by it, but it goes on: begin anew. */
  #restart(): void {
    this.#source = this.#passed.splice(0).join("") + this.#source;
    this.#decidedTo = 0;
    this.#lastType = null;
    this.#links = Object.create(null);
    this.#mentions = new Map();
    this.#fence = null;
    this.#previewedLinks = false;
    this.#blocks = [];
    this.#liveTail.reset();
  }
}

/** How much of the text its last block leaves behind. */
function finishedLength(blocks: readonly ChatToken[], text: string): number {
  const lengths = blocks.map((block) => block.raw.length);
  // Where the lexer's accounts do not add up, freezing late is slow and freezing wrongly is wrong.
  if (sum(lengths) !== text.length) return 0;
  const last = blocks.findLastIndex((block) => block.type !== "space");
  const block = blocks[last];
  if (!block || isFinished(block, blocks[last + 1])) return text.length;
  // An unclosed formula may turn out to be the end of the paragraph before it.
  const joinsPrevious = block.type === "mathBlock" && block.open && blocks[last - 1]?.type === "paragraph";
  return sum(lengths.slice(0, joinsPrevious ? last - 1 : last));
}

/** Blocks that a blank line, or their own last line, ends for good. */
function isFinished(block: ChatToken, next: ChatToken | undefined): boolean {
  if (block.type === "heading" || block.type === "hr") return true;
  if (block.type === "mathBlock") return !block.open;
  return next?.type === "space" && ENDED_BY_BLANK_LINE.has(block.type);
}

const ENDED_BY_BLANK_LINE: ReadonlySet<ChatToken["type"]> = new Set([
  "paragraph",
  "table",
  "blockquote",
  "def",
]);

/**
 * Whether these complete lines most likely belong to the block before them, so that looking is not worth it.
 * Only a matter of speed: the next line of another kind, or much text, brings the decision.
 */
function continues(type: ChatToken["type"] | null, lines: string): boolean {
  const pattern = type === null ? undefined : CONTINUATION[type];
  return pattern?.test(lines) ?? false;
}

const CONTINUATION: Partial<Record<ChatToken["type"], RegExp>> = {
  list: /^(?:(?: {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t][^\n]*)?| {2,}[^\n]*|[ \t]*)\n)+$/,
  table: /^(?:[ \t]*\|[^\n]*\n)+$/,
  blockquote: /^(?: {0,3}>[^\n]*\n)+$/,
  paragraph: /^(?:\p{L}[^\n]*\n)+$/u,
  html: /^(?:[ \t]*[^\s][^\n]*\n)+$/,
  code: /^(?:(?: {4}|\t)[^\n]*\n)+$/,
};

/** Every bracketed text that could be the label of a link defined elsewhere. */
function labels(raw: string): Set<string> {
  const found = raw.includes("[") ? raw.matchAll(/\[((?:\\[\s\S]|[^[\]\\])+)\]/g) : [];
  return new Set([...found].map(([, label = ""]) => normalizeLabel(label.replace(/\n[\s>]*/g, " "))));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
