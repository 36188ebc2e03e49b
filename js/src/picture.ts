// The transcript as signals, one per turn and per item, brought up to date once per animation frame:
// a streamed token renders one message again, and nothing else.

import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { assertNever } from "./assertNever.ts";
import { Frame } from "./frame.ts";
import type { Event, Info, Item, TurnRecord } from "./protocol.ts";
import type { Change, Transcript, Turn } from "./transcript.ts";

/** An item as shown. `edition` grows when its content changed other than by text at the end. */
export interface Shown {
  readonly item: Item;
  readonly edition: number;
}

export class Picture {
  readonly #info = signal<Info | undefined>(undefined);
  readonly #turnIds = signal<readonly string[]>([]);
  readonly #line = signal<readonly string[]>([]);
  readonly #turns = new Map<string, Signal<Turn | undefined>>();
  readonly #items = new Map<string, Signal<Shown | undefined>>();
  readonly #staleTurns = new Set<string>();
  readonly #staleItems = new Set<string>();
  readonly #frame = new Frame(() => this.flush());
  #transcript: Transcript | undefined;

  /** @param onFlush is called after the signals changed. */
  constructor(private readonly onFlush: () => void = () => {}) {}

  get info(): ReadonlySignal<Info | undefined> {
    return this.#info;
  }

  get turnIds(): ReadonlySignal<readonly string[]> {
    return this.#turnIds;
  }

  /** The turns that run or wait, the first in line first. */
  get line(): ReadonlySignal<readonly string[]> {
    return this.#line;
  }

  /** The transcript behind the signals, which may be a frame ahead of them. */
  get transcript(): Transcript | undefined {
    return this.#transcript;
  }

  turn(id: string): ReadonlySignal<Turn | undefined> {
    return found(this.#turns, id, () => signal(this.#readTurn(id)));
  }

  item(id: string): ReadonlySignal<Shown | undefined> {
    return found(this.#items, id, () => signal(this.#readItem(id, undefined)));
  }

  apply(events: readonly Event[]): void {
    if (!this.#transcript) return;
    for (const event of events) this.#note(this.#transcript.apply(event));
    this.#frame.request();
  }

  /** Puts turns in front of those that are there. */
  prepend(turns: readonly TurnRecord[]): void {
    this.#transcript?.prepend(turns);
    for (const { id } of turns) this.#staleTurns.add(id);
    this.#frame.request();
  }

  /** Starts over from another transcript. What is equal in both stays as it is rendered. */
  replace(transcript: Transcript): void {
    this.#transcript = transcript;
    for (const id of this.#turns.keys()) this.#staleTurns.add(id);
    for (const id of this.#items.keys()) this.#staleItems.add(id);
    this.#frame.request();
  }

  /** Shows now what changed. */
  flush(): void {
    this.#frame.cancel();
    batch(() => this.#publish());
    this.onFlush();
  }

  close(): void {
    this.#frame.cancel();
  }

  #note(change: Change): void {
    switch (change.kind) {
      case "nothing":
      case "info":
        return;
      case "turn_added":
      case "status":
        this.#staleTurns.add(change.turn);
        return;
      case "item_added":
      case "item_removed":
        this.#staleTurns.add(change.turn);
        this.#staleItems.add(change.item);
        return;
      case "turns_removed":
        for (const turn of change.turns) this.#staleTurns.add(turn);
        for (const item of change.items) this.#staleItems.add(item);
        return;
      case "item":
        this.#staleItems.add(change.item);
        return;
      default:
        assertNever(change);
    }
  }

  #publish(): void {
    const { info, turnIds = [] } = this.#transcript ?? {};
    this.#info.value = info;
    if (!isSameList(turnIds, this.#turnIds.value)) this.#turnIds.value = turnIds;
    this.#publishLine();
    for (const id of this.#staleTurns) this.#publishTurn(id);
    for (const id of this.#staleItems) this.#publishItem(id);
    this.#staleTurns.clear();
    this.#staleItems.clear();
  }

  #publishLine(): void {
    const line = [...(this.#transcript?.turns ?? [])].filter(isActive).map((turn) => turn.id);
    if (!isSameList(line, this.#line.value)) this.#line.value = line;
  }

  #publishTurn(id: string): void {
    const shown = this.#turns.get(id);
    if (!shown) return;
    const turn = this.#readTurn(id);
    // A turn that was never there may come: its message is still on the way.
    if (!turn && shown.value) this.#turns.delete(id);
    if (!isSameTurn(turn, shown.value)) shown.value = turn;
  }

  #publishItem(id: string): void {
    const shown = this.#items.get(id);
    if (!shown) return;
    shown.value = this.#readItem(id, shown.value);
    if (!shown.value) this.#items.delete(id);
  }

  /** A copy: the transcript goes on changing its own. */
  #readTurn(id: string): Turn | undefined {
    const turn = this.#transcript?.turn(id);
    return turn && { ...turn, items: [...turn.items] };
  }

  #readItem(id: string, before: Shown | undefined): Shown | undefined {
    const item = this.#transcript?.item(id);
    if (!item) return undefined;
    if (!before) return { item, edition: 0 };
    if (isSameItem(item, before.item)) return before;
    const grows = item.content.startsWith(before.item.content);
    return { item, edition: before.edition + (grows ? 0 : 1) };
  }
}

export function isActive({ status }: Turn): boolean {
  return status === "queued" || status === "running" || status === "stopping";
}

function found<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

function isSameTurn(a: Turn | undefined, b: Turn | undefined): boolean {
  if (!a || !b) return a === b;
  return a.status === b.status && isSameList(a.items, b.items) && isSameList(a.siblings, b.siblings);
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

/** Snapshots bring equal items as new objects. Items are plain JSON with their keys in a fixed order. */
function isSameItem(a: Item, b: Item): boolean {
  if (a === b) return true;
  return a.content === b.content && JSON.stringify(a) === JSON.stringify(b);
}
