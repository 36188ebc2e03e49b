// The transcript: what the reader sees, as a function of the events so far. Twin of anychat/transcript.py;
// the fixtures in tests/protocol/reducer/ are replayed by both.
//
// Events about something that is not there change nothing: a token for a removed message is no error, it is
// a callback that had not heard yet.

import { assertNever } from "./assertNever.ts";
import type {
  Event,
  Info,
  Item,
  ItemPut,
  MessagePatch,
  Offers,
  Sidebar,
  StepPatch,
  Token,
  TurnPut,
  TurnRecord,
} from "./protocol.ts";

export type TurnStatus = TurnRecord["status"];

/** A turn, with its items by id. */
export interface Turn {
  readonly id: string;
  readonly status: TurnStatus;
  readonly items: readonly string[];
  /** The turns that begin branches here, this one among them; empty where there is but one. */
  readonly siblings: readonly string[];
}

/** What an event changed. */
export type Change =
  | { readonly kind: "nothing" }
  /** What stands around the conversation: info, offers, sidebar. */
  | { readonly kind: "surroundings" }
  /** A notice that passes by. */
  | { readonly kind: "toast" }
  | { readonly kind: "turn_added"; readonly turn: string }
  | { readonly kind: "turn_removed"; readonly turn: string; readonly items: readonly string[] }
  | { readonly kind: "status"; readonly turn: string }
  | {
      readonly kind: "items";
      readonly turn: string;
      readonly items: readonly string[];
      readonly owners: readonly string[];
    }
  | { readonly kind: "item"; readonly item: string }
  /** Text came at its end, and nothing else. */
  | { readonly kind: "text"; readonly item: string };

const NOTHING: Change = { kind: "nothing" };
const NONE: readonly string[] = [];

/** The item that an item is shown in, if that is one of the same turn. Messages stand in the turn itself. */
export function ownerOf(item: {
  readonly kind: string;
  readonly for_id?: string | null;
  readonly parent_id?: string | null;
}): string | null {
  return item.kind === "message" ? null : (item.for_id ?? item.parent_id ?? null);
}

interface MutableTurn {
  readonly id: string;
  status: TurnStatus;
  readonly items: string[];
  readonly siblings: readonly string[];
}

/** The turns of one session, in order. Items are replaced, never changed, so `===` tells whether one is new. */
export class Transcript {
  #turns = new Map<string, MutableTurn>();
  readonly #items = new Map<string, Item>();
  readonly #homes = new Map<string, MutableTurn>();
  readonly #active = new Set<string>();
  readonly #asks = new Set<string>();
  readonly #owned = new Map<string, readonly string[]>(); // by the owner, who may not be there (yet)

  constructor(
    private currentInfo: Info,
    turns: readonly TurnRecord[] = [],
    private currentOffers?: Offers,
    private currentSidebar?: Sidebar,
  ) {
    for (const turn of turns) this.#addTurn(turn);
  }

  get info(): Info {
    return this.currentInfo;
  }

  get offers(): Offers | undefined {
    return this.currentOffers;
  }

  get sidebar(): Sidebar | undefined {
    return this.currentSidebar;
  }

  get turnIds(): readonly string[] {
    return [...this.#turns.keys()];
  }

  get firstTurn(): string | undefined {
    return this.#turns.keys().next().value;
  }

  get turns(): Iterable<Turn> {
    return this.#turns.values();
  }

  /** The turns that run or wait, the first in line first: a turn that has ended does not begin again. */
  get active(): Iterable<string> {
    return this.#active;
  }

  /** The questions that wait for an answer, oldest first. */
  get asks(): Iterable<string> {
    return this.#asks;
  }

  turn(id: string): Turn | undefined {
    return this.#turns.get(id);
  }

  item(id: string): Item | undefined {
    return this.#items.get(id);
  }

  /** The items of a turn that are shown in no other, in order. */
  roots({ items }: Turn): readonly string[] {
    return this.#owned.size === 0 ? [...items] : items.filter((id) => !this.#owner(id));
  }

  /** The items that are shown in this one, in order. The list is never changed: another one takes its place. */
  owned(id: string): readonly string[] {
    const ids = this.#owned.get(id) ?? NONE;
    return ids.every((each) => this.#isHome(id, each)) ? ids : ids.filter((each) => this.#isHome(id, each));
  }

  /** The whole picture, as a snapshot has it. */
  records(): TurnRecord[] {
    return [...this.#turns.values()].map(({ id, status, items, siblings }) => ({
      id,
      status,
      items: items.flatMap((item) => this.#items.get(item) ?? []),
      siblings: [...siblings],
    }));
  }

  /** The turn that an item belongs to. */
  home(item: string): string | undefined {
    return this.#homes.get(item)?.id;
  }

  /** Puts turns in front of all others. */
  prepend(turns: readonly TurnRecord[]): void {
    const later = this.#turns;
    this.#turns = new Map();
    for (const turn of turns) this.#addTurn(turn);
    for (const [id, turn] of later) this.#turns.set(id, turn);
  }

  /** Changes the picture as the event says, and tells what is different. */
  apply(event: Event): Change {
    switch (event.type) {
      case "token":
        return this.#append(event);
      case "item":
        return this.#put(event);
      case "patch":
        return this.#patch(event, "message");
      case "step":
        return this.#patch(event, "step");
      case "item_removed":
        return this.#removeItem(event.id);
      case "turn":
        return this.#putTurn(event);
      case "turn_removed":
        return this.#removeTurn(event.id);
      case "info":
        this.currentInfo = event;
        return { kind: "surroundings" };
      case "offers":
        this.currentOffers = event;
        return { kind: "surroundings" };
      case "sidebar":
        this.currentSidebar = event;
        return { kind: "surroundings" };
      case "toast":
        return { kind: "toast" };
      case "window":
      case "window_heard":
        return NOTHING;
      default:
        return assertNever(event);
    }
  }

  #addTurn({ id, status, items, siblings }: TurnRecord): void {
    this.#turns.set(id, { id, status, items: [], siblings });
    this.#noteStatus(id, status);
    for (const item of items) this.#put({ type: "item", turn: id, item });
  }

  #append({ id, text, is_input }: Token): Change {
    const item = this.#items.get(id);
    if (!item) return NOTHING;
    if (is_input) {
      if (item.kind === "step") this.#items.set(id, { ...item, input: item.input + text });
      return { kind: "item", item: id };
    }
    this.#items.set(id, { ...item, content: item.content + text });
    return { kind: "text", item: id };
  }

  #put({ turn, item }: ItemPut): Change {
    const { id } = item;
    const home = this.#homes.get(id) ?? this.#turns.get(turn);
    if (!home) return NOTHING;
    const before = this.#items.get(id);
    const owner = ownerOf(item);
    const ownerBefore = before ? ownerOf(before) : null;
    this.#items.set(id, item);
    if (item.kind === "ask") this.#asks.add(id);
    if (before && owner === ownerBefore) return { kind: "item", item: id };
    if (!before) home.items.push(id);
    this.#homes.set(id, home);
    this.#disown(ownerBefore, id);
    if (owner !== null) this.#owned.set(owner, [...(this.#owned.get(owner) ?? NONE), id]);
    return { kind: "items", turn: home.id, items: [id], owners: [owner, ownerBefore].filter(isId) };
  }

  #patch({ type: _, ...patch }: MessagePatch | StepPatch, kind: Item["kind"]): Change {
    const item = this.#items.get(patch.id);
    if (item?.kind !== kind) return NOTHING;
    this.#items.set(patch.id, { ...item, ...patch } as Item);
    return { kind: "item", item: patch.id };
  }

  #removeItem(id: string): Change {
    const home = this.#homes.get(id);
    if (!home) return NOTHING;
    const owner = this.#owner(id);
    const gone = new Set([id]);
    for (const each of gone) for (const inside of this.owned(each)) gone.add(inside);
    home.items.splice(0, home.items.length, ...home.items.filter((each) => !gone.has(each)));
    for (const each of gone) this.#forget(each);
    return { kind: "items", turn: home.id, items: [...gone], owners: [owner].filter(isId) };
  }

  #owner(id: string): string | null {
    const item = this.#items.get(id);
    const owner = item ? ownerOf(item) : null;
    return owner !== null && this.#isHome(owner, id) ? owner : null;
  }

  /** Whether two items are of the same turn. */
  #isHome(owner: string, id: string): boolean {
    return this.#homes.get(owner) === this.#homes.get(id);
  }

  #disown(owner: string | null, id: string): void {
    if (owner === null) return;
    const others = (this.#owned.get(owner) ?? NONE).filter((each) => each !== id);
    if (others.length > 0) this.#owned.set(owner, others);
    else this.#owned.delete(owner);
  }

  #putTurn({ id, status, siblings = [] }: TurnPut): Change {
    this.#noteStatus(id, status);
    const turn = this.#turns.get(id);
    if (turn) {
      turn.status = status;
      return { kind: "status", turn: id };
    }
    this.#turns.set(id, { id, status, items: [], siblings });
    return { kind: "turn_added", turn: id };
  }

  #noteStatus(id: string, status: TurnStatus): void {
    if (isActive({ status })) this.#active.add(id);
    else this.#active.delete(id);
  }

  #removeTurn(id: string): Change {
    const turn = this.#turns.get(id);
    if (!turn) return NOTHING;
    this.#turns.delete(id);
    this.#active.delete(id);
    for (const item of turn.items) this.#forget(item);
    return { kind: "turn_removed", turn: id, items: turn.items };
  }

  #forget(id: string): void {
    const item = this.#items.get(id);
    if (item) this.#disown(ownerOf(item), id);
    this.#items.delete(id);
    this.#homes.delete(id);
    this.#asks.delete(id);
  }
}

export function isActive({ status }: Pick<Turn, "status">): boolean {
  return status === "queued" || status === "running" || status === "stopping";
}

function isId(id: string | null): id is string {
  return id !== null;
}
