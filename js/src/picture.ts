// The transcript as signals, one per turn and per item, brought up to date once per animation frame:
// a streamed token renders one message again, and nothing else. What a frame costs is in proportion to what
// changed, however long the conversation or the message is.

import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { assertNever } from "./assertNever.ts";
import { Frame } from "./frame.ts";
import { isSameList } from "./markdown/lists.ts";
import type { Event, Info, Item, Offers, Sidebar, TurnRecord } from "./protocol.ts";
import type { Change, Transcript, Turn } from "./transcript.ts";

/**
 * An item as shown. `edition` grows when its content changed other than by text at the end; `children` are the items
 * shown in it, the same list as long as it says the same.
 */
export interface Shown {
  readonly item: Item;
  readonly edition: number;
  readonly children: readonly string[];
}

export class Picture {
  readonly #info = signal<Info | undefined>(undefined);
  readonly #offers = signal<Offers | undefined>(undefined);
  readonly #sidebar = signal<Sidebar | undefined>(undefined);
  readonly #turnIds = signal<readonly string[]>([]);
  readonly #line = signal<readonly string[]>([]);
  readonly #asks = signal<readonly string[]>([]);
  readonly #turns = new Map<string, Signal<Turn | undefined>>();
  readonly #items = new Map<string, Signal<Shown | undefined>>();
  readonly #staleTurns = new Set<string>();
  /** Whether more than text at the end has changed. */
  readonly #staleItems = new Map<string, boolean>();
  readonly #frame = new Frame(() => this.flush());
  #transcript: Transcript | undefined;
  #hasOtherTurns = false;

  /** @param onFlush is called after the signals changed. */
  constructor(private readonly onFlush: () => void = () => {}) {}

  get info(): ReadonlySignal<Info | undefined> {
    return this.#info;
  }

  get offers(): ReadonlySignal<Offers | undefined> {
    return this.#offers;
  }

  get sidebar(): ReadonlySignal<Sidebar | undefined> {
    return this.#sidebar;
  }

  get turnIds(): ReadonlySignal<readonly string[]> {
    return this.#turnIds;
  }

  /** The turns that run or wait, the first in line first. */
  get line(): ReadonlySignal<readonly string[]> {
    return this.#line;
  }

  /** The questions that wait for an answer, oldest first. */
  get asks(): ReadonlySignal<readonly string[]> {
    return this.#asks;
  }

  /** The transcript behind the signals, which may be a frame ahead of them. */
  get transcript(): Transcript | undefined {
    return this.#transcript;
  }

  turn(id: string): ReadonlySignal<Turn | undefined> {
    return found(this.#turns, id, () => signal(this.#readTurn(id)));
  }

  item(id: string): ReadonlySignal<Shown | undefined> {
    return found(this.#items, id, () => signal(this.#readItem(id, undefined, true)));
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
    this.#hasOtherTurns = true;
    this.#frame.request();
  }

  /** Starts over from another transcript. What is equal in both stays as it is rendered. */
  replace(transcript: Transcript): void {
    this.#transcript = transcript;
    for (const id of this.#turns.keys()) this.#staleTurns.add(id);
    for (const id of this.#items.keys()) this.#staleItems.set(id, true);
    this.#hasOtherTurns = true;
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
      case "surroundings":
      case "toast":
        return;
      case "turn_added":
        this.#hasOtherTurns = true;
        this.#staleTurns.add(change.turn);
        return;
      case "status":
        this.#staleTurns.add(change.turn);
        return;
      case "items":
        this.#staleTurns.add(change.turn);
        for (const item of [...change.items, ...change.owners]) this.#staleItems.set(item, true);
        return;
      case "turn_removed":
        this.#hasOtherTurns = true;
        this.#staleTurns.add(change.turn);
        for (const item of change.items) this.#staleItems.set(item, true);
        return;
      case "item":
        this.#staleItems.set(change.item, true);
        return;
      case "text":
        if (!this.#staleItems.has(change.item)) this.#staleItems.set(change.item, false);
        return;
      default:
        assertNever(change);
    }
  }

  #publish(): void {
    this.#info.value = this.#transcript?.info;
    this.#offers.value = this.#transcript?.offers;
    this.#sidebar.value = this.#transcript?.sidebar;
    if (this.#hasOtherTurns) publishList(this.#turnIds, this.#transcript?.turnIds ?? []);
    publishList(this.#line, [...(this.#transcript?.active ?? [])]);
    publishList(this.#asks, [...(this.#transcript?.asks ?? [])]);
    this.#hasOtherTurns = false;
    for (const id of this.#staleTurns) this.#publishTurn(id);
    for (const [id, isRewritten] of this.#staleItems) this.#publishItem(id, isRewritten);
    this.#staleTurns.clear();
    this.#staleItems.clear();
  }

  #publishTurn(id: string): void {
    const shown = this.#turns.get(id);
    if (!shown) return;
    const turn = this.#readTurn(id);
    // A turn that was never there may come: its message is still on the way.
    if (!turn && shown.value) this.#turns.delete(id);
    if (!isSameTurn(turn, shown.value)) shown.value = turn;
  }

  #publishItem(id: string, isRewritten: boolean): void {
    const shown = this.#items.get(id);
    if (!shown) return;
    shown.value = this.#readItem(id, shown.value, isRewritten);
    if (!shown.value) this.#items.delete(id);
  }

  /** A copy, with those items that are shown in no other: the transcript goes on changing its own. */
  #readTurn(id: string): Turn | undefined {
    const turn = this.#transcript?.turn(id);
    return turn && { ...turn, items: this.#transcript?.roots(turn) ?? [] };
  }

  #readItem(id: string, before: Shown | undefined, isRewritten: boolean): Shown | undefined {
    const item = this.#transcript?.item(id);
    if (!item) return undefined;
    const owned = this.#transcript?.owned(id) ?? [];
    if (!before) return { item, edition: 0, children: owned };
    const children = isSameList(owned, before.children) ? before.children : owned;
    if (!isRewritten) return { item, edition: before.edition, children };
    if (isSameItem(item, before.item) && children === before.children) return before;
    const grows = item.content.startsWith(before.item.content);
    return { item, edition: before.edition + (grows ? 0 : 1), children };
  }
}

function publishList(shown: Signal<readonly string[]>, list: readonly string[]): void {
  if (!isSameList(list, shown.value)) shown.value = list;
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

/** Snapshots bring equal items as new objects. Items are plain JSON with their keys in a fixed order. */
function isSameItem(a: Item, b: Item): boolean {
  if (a === b) return true;
  return a.content === b.content && JSON.stringify(a) === JSON.stringify(b);
}
