import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useReducer, useRef } from "preact/hooks";
import { inNextFrame } from "../frame.ts";
import { type Engines, EnginesContext, type Heal, type Highlight, type MathEngine } from "./engines.ts";
import { type Block, IncrementalMarkdown } from "./incremental.ts";
import { isSameList, pieces } from "./lists.ts";
import { memo } from "./memo.ts";
import { type Clock, Pace } from "./pace.ts";
import { BlockView } from "./render.tsx";

/** Blocks to a group. The browser skips groups out of sight; watching every single block costs more than it saves. */
const GROUP = 32;

/** Reading takes about a third of the time that drawing takes as a whole. */
const SLICE_MS = 6;
/** Characters read between two looks at the clock. */
const PORTION = 2_000;
/** In a block that is longer a slice is one portion, and the last reading of the whole is one of its own. */
const LONG_BLOCK = 8_000;

export interface MarkdownProps {
  /** The text so far. */
  readonly content: string;
  /** Changes when the content was replaced; while it stays, content was only appended to. */
  readonly edition: number;
  /** More text is expected. A message that is whole is rendered at once. */
  readonly streaming: boolean;
  /** Without it a growing block is shown line by line. */
  readonly heal?: Heal | undefined;
  readonly highlight?: Highlight | undefined;
  readonly math?: MathEngine | undefined;
  readonly imageHosts?: ReadonlySet<string> | undefined;
  /** In milliseconds, for measuring what a frame costs. */
  readonly clock?: Clock | undefined;
}

/** A message in Markdown, whole or growing. */
export function Markdown(props: MarkdownProps) {
  const { content, edition, streaming, heal, highlight, math, imageHosts, clock } = props;
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const held = useRef<GrowingText | null>(null);
  held.current ??= new GrowingText(clock);
  const text = held.current;
  text.take(content, edition, streaming);
  text.healWith(heal);
  const start = text.pace.now();
  const isDrawing = text.isBehind && (!streaming || text.isCutShort || text.pace.mayDraw());
  if (isDrawing) text.draw();
  useLayoutEffect(() => {
    // What goes on with the next slice needs no rest: each shows something new.
    if (isDrawing && !text.isCutShort) text.pace.drew(text.pace.now() - start);
    if (!text.isBehind) return undefined;
    // A long block is laid out as a whole: not twice for one frame.
    if (text.isCutShort && text.isLong) return inNextFrame(() => redraw(undefined));
    // No more text may come for a while: what was put off is drawn when the rest is over.
    const timer = setTimeout(redraw, text.isCutShort ? 0 : text.pace.remaining());
    return () => clearTimeout(timer);
  });
  const engines = useMemo<Engines>(() => ({ highlight, math, imageHosts }), [highlight, math, imageHosts]);
  return <EnginesContext.Provider value={engines}>{text.view}</EnginesContext.Provider>;
}

/**
 * The text of a message and the nodes drawn from it so far.
 *
 * Much text at once is drawn in slices, as if it had streamed in, and the page lives on in between.
 */
class GrowingText {
  readonly pace: Pace;
  /** The very same node while nothing was drawn, which tells preact to leave it alone. */
  view: VNode = groups([]);
  isBehind = false;
  /** The last slice ended before the text did. */
  isCutShort = false;
  #heal: Heal = wholeLines;
  #markdown = this.#begin();
  #content = "";
  #known = 0;
  #edition: number | null = null;
  #isWhole = false;
  #isFinished = false;

  constructor(clock: Clock | undefined) {
    this.pace = new Pace(clock);
  }

  take(content: string, edition: number, streaming: boolean): void {
    if (edition !== this.#edition || content.length < this.#known) this.#replace(edition);
    this.isBehind ||= content.length > this.#known || this.#isWhole === streaming;
    this.#content = content;
    this.#isWhole = !streaming;
  }

  healWith(heal: Heal = wholeLines): void {
    this.isBehind ||= heal !== this.#heal && !this.#isWhole;
    this.#heal = heal;
  }

  /** It ends in a block that costs much each time. */
  get isLong(): boolean {
    return this.#markdown.unfrozen >= LONG_BLOCK;
  }

  /** Draws a slice of what is missing: as many portions as can be read in time. */
  draw(): void {
    const end = this.pace.now() + SLICE_MS;
    this.#isFinished = false;
    do this.#readPortion();
    while (this.#isUnread && !this.isLong && this.pace.now() < end);
    this.view = groups([...this.#markdown.frozen, ...this.#markdown.tail]);
    this.isBehind = this.isCutShort = this.#isUnread;
  }

  get #isUnread(): boolean {
    return this.#known < this.#content.length || this.#isWhole !== this.#isFinished;
  }

  /** In a block that is long already the portions grow: it is read again with each. */
  #readPortion(): void {
    const known = this.#known;
    const end = known + Math.floor(Math.max(PORTION, this.#markdown.unfrozen / 2));
    this.#known = Math.min(end, this.#content.length);
    this.#markdown.append(this.#content.slice(known, this.#known));
    const isLast = this.#isWhole && this.#known === this.#content.length;
    this.#isFinished = isLast && (known === this.#known || !this.isLong);
    this.#markdown.update(this.#isFinished);
  }

  #begin(): IncrementalMarkdown {
    return new IncrementalMarkdown((source) => this.#heal(source));
  }

  #replace(edition: number): void {
    this.#markdown = this.#begin();
    this.#known = 0;
    this.#edition = edition;
    this.isBehind = true;
  }
}

/** What cannot be healed waits for the end of its line, when most of what was open is closed; a first line does not. */
const wholeLines: Heal = (source) => source.slice(0, source.lastIndexOf("\n") + 1) || source;

/** A block keeps its place from its first character on, so its elements survive its freezing. */
function groups(blocks: readonly Block[]): VNode {
  const list = pieces(blocks, GROUP);
  return (
    <div class="ac-markdown" dir="auto">
      {list.map((group, index) => (
        <Group key={index} blocks={group} isDone={index < list.length - 1} />
      ))}
    </div>
  );
}

interface GroupProps {
  readonly blocks: readonly Block[];
  /** Another group follows: only then may the browser skip this one, the newest must keep its true height. */
  readonly isDone: boolean;
}

const Group = memo(
  ({ blocks, isDone }: GroupProps) => (
    <div class={isDone ? "group full" : "group"}>
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} />
      ))}
    </div>
  ),
  (before, after) => before.isDone === after.isDone && isSameList(before.blocks, after.blocks),
);
