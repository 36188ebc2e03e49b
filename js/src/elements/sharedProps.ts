// The props of one custom element, which this page and Python share.
//
// What is changed here is shown at once. One change at a time is on its way, repeated until the kernel counts it, and
// what is changed meanwhile goes with the next. So a slider that is dragged does not jump back, however slow the line
// is; and what comes from the kernel is what holds for all props that are not on their way.

import { effect } from "@preact/signals";
import type { ElementItem } from "../protocol.ts";
import { randomId } from "../randomId.ts";
import type { Store } from "../store.ts";
import { shownElement, toldElement } from "./find.ts";
import { inPeace } from "./inPeace.ts";

export type Values = Readonly<Record<string, unknown>>;

interface Sent {
  readonly change: number;
  readonly props: Values;
}

const NONE: Values = {};

export class SharedProps {
  readonly #writer = randomId();
  readonly #listeners = new Set<() => void>();
  #kernel = NONE;
  #content = "";
  #sent: Sent | undefined;
  #waiting = NONE;
  #changes = 0;
  #values = NONE;
  #shown = "{}";
  #stop: (() => void) | undefined;

  constructor(
    private readonly store: Store,
    private readonly id: string,
  ) {}

  /** The props as they are now. */
  get values(): Values {
    return this.#values;
  }

  /** Listens to the kernel, and calls back when some prop is another; until what it returns is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#stop ??= this.#follow();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  }

  /** Changes some of the props, here and in Python. Values that JSON has not are refused. */
  update(changes: Values): void {
    this.#waiting = { ...this.#waiting, ...(JSON.parse(JSON.stringify(changes)) as Values) };
    this.#send();
    this.#show();
  }

  #follow(): () => void {
    return effect(() => {
      const element = shownElement(this.store, this.id);
      const isLive = this.store.connection.value === "live";
      if (element) this.#take(element);
      if (isLive) this.#send();
      this.#show();
    });
  }

  #take({ content, changes }: ElementItem): void {
    if (content !== this.#content) {
      this.#content = content;
      this.#kernel = parsed(content);
    }
    if (this.#sent && (changes[this.#writer] ?? 0) >= this.#sent.change) this.#sent = undefined;
  }

  #send(): void {
    if (!this.store.isWritable.peek()) return; // the chat has ended: what is changed now stays here
    if (!this.#sent && this.#waiting !== NONE) {
      this.#changes += 1;
      this.#sent = { change: this.#changes, props: this.#waiting };
      this.#waiting = NONE;
    }
    const [sent, { epoch }] = [this.#sent, this.store];
    if (!sent) return;
    const isDone = () => {
      const told = toldElement(this.store, this.id);
      return !told || this.store.epoch !== epoch || (told.changes[this.#writer] ?? 0) >= sent.change;
    };
    this.store.ask({ type: "change_props", element: this.id, epoch, writer: this.#writer, ...sent }, isDone);
  }

  #show(): void {
    const values = { ...this.#kernel, ...this.#sent?.props, ...this.#waiting };
    const shown = JSON.stringify(values);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#values = values;
    for (const listener of [...this.#listeners])
      inPeace(listener, "An element could not show its new props.");
  }
}

function parsed(content: string): Values {
  try {
    const props: unknown = JSON.parse(content);
    return typeof props === "object" && props !== null ? (props as Values) : NONE;
  } catch {
    return NONE;
  }
}

const shared = new WeakMap<Store, Map<string, SharedProps>>();

/** All places of this page that show an element share its props. */
export function sharedProps(store: Store, id: string): SharedProps {
  const known = shared.get(store) ?? new Map<string, SharedProps>();
  shared.set(store, known);
  const props = known.get(id) ?? new SharedProps(store, id);
  known.set(id, props);
  return props;
}
