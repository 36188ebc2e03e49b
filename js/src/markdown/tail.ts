import type { Tokens } from "marked";
import { type ChatToken, isVisible, type Links, lex } from "./lexer.ts";

/** Shorter than this, a live list or table is cheaper to lex again than to cut. */
const LONG = 2_000;
/** Items or rows kept live behind the cut: the last one grows, the one before it may still be joined to it. */
const LIVE = 2;

interface Head<Part> {
  /** How much of the source the finished parts cover. */
  readonly end: number;
  readonly parts: readonly Part[];
}

type ListHead = Head<Tokens.ListItem> & { readonly type: "list"; readonly list: Tokens.List };
type TableHead = Head<Tokens.TableCell[]> & { readonly type: "table"; readonly caption: string };

/**
 * Lexes the live end of a message, again and again as it grows.
 *
 * A long list or table keeps the items or rows that are done and lexes only the newest, so a 700 item list
 * costs each frame what a short one does. The result may differ from the truth in how loose the list is; it
 * is only ever a preview, since a block is lexed whole when it is finished.
 */
export class LiveTail {
  lexedChars = 0;
  #head: ListHead | TableHead | null = null;

  constructor(private readonly heal: (source: string) => string) {}

  /** Forgets what was kept: the source no longer begins where it did, or its links changed. */
  reset(): void {
    this.#head = null;
  }

  lex(source: string, links: Links): ChatToken[] {
    const tokens = this.#lexAfterHead(source, links) ?? this.#lexWhole(source, links);
    return tokens.filter(isVisible);
  }

  #lexWhole(source: string, links: Links): ChatToken[] {
    this.#head = null;
    const tokens = this.#lexHealed(source, links);
    this.#advance(source, tokens, 0);
    return tokens;
  }

  #lexAfterHead(source: string, links: Links): ChatToken[] | null {
    const head = this.#head;
    if (!head) return null;
    const lead = head.type === "table" ? head.caption : "";
    const tokens = this.#lexHealed(lead + source.slice(head.end), links);
    const joined = join(head, tokens[0]);
    if (!joined) return null;
    if (source.length - head.end > LONG) this.#advance(source, [joined], head.end);
    return [joined, ...tokens.slice(1)];
  }

  #lexHealed(source: string, links: Links): ChatToken[] {
    const healed = this.heal(source);
    this.lexedChars += healed.length;
    return lex(healed, links);
  }

  #advance(source: string, tokens: readonly ChatToken[], from: number): void {
    const [first, second] = tokens;
    if (!first || second || source.length - from < LONG) return;
    if (first.type === "list") this.#head = listHead(first) ?? this.#head;
    if (first.type === "table") this.#head = tableHead(first, source) ?? this.#head;
  }
}

function join(head: ListHead | TableHead, live: ChatToken | undefined): ChatToken | null {
  if (head.type === "list" && live?.type === "list" && live.ordered === head.list.ordered) {
    const loose = head.list.loose || live.loose;
    return { ...live, start: head.list.start, loose, items: [...head.parts, ...live.items] };
  }
  if (head.type === "table" && live?.type === "table")
    return { ...live, rows: [...head.parts, ...live.rows] };
  return null;
}

/** Item texts lie end to end in the source, so their lengths add up to the place of the cut. */
function listHead(list: Tokens.List): ListHead | null {
  const parts = list.items.slice(0, -LIVE);
  if (parts.length === 0) return null;
  const end = parts.reduce((sum, item) => sum + item.raw.length, 0);
  const loose = list.loose || /\n[ \t]*\n$/.test(parts.at(-1)?.raw ?? "");
  return { type: "list", end, parts, list: { ...list, loose } };
}

/** A row is a line, after the two of the caption. */
function tableHead(table: Tokens.Table, source: string): TableHead | null {
  const parts = table.rows.slice(0, -LIVE);
  if (parts.length === 0) return null;
  const lines = source.split("\n", parts.length + 2);
  const end = lines.reduce((sum, line) => sum + line.length + 1, 0);
  return { type: "table", end, parts, caption: `${lines[0]}\n${lines[1]}\n` };
}
