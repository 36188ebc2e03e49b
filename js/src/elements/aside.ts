// What the reader opened beside the conversation or in its place. This state never leaves the page.

import { signal } from "@preact/signals";
import type { ElementItem, Sidebar } from "../protocol.ts";
import type { Store } from "../store.ts";
import { elementOf } from "./find.ts";

export interface Opened {
  readonly element: string;
  /** What had the focus, and gets it back; without it, nobody asked for it and the focus stays where it is. */
  readonly opener: HTMLElement | null;
  /** What the kernel showed there then: another one that comes is newer. */
  readonly over: string | undefined;
}

export class Aside {
  readonly #opened = signal<Opened | undefined>(undefined);
  readonly #closed = signal<Sidebar | undefined>(undefined);

  constructor(private readonly store: Store) {}

  /** What the reader opened, unless the kernel has opened something there since. */
  get opened(): Opened | undefined {
    const opened = this.#opened.value;
    return this.sidebar && this.sidebar.id !== opened?.over ? undefined : opened;
  }

  /** What the kernel wants to be shown here, unless the reader closed it. */
  get sidebar(): Sidebar | undefined {
    const sidebar = this.store.picture.sidebar.value;
    return sidebar && sidebar.elements.length > 0 && sidebar.id !== this.#closed.value?.id
      ? sidebar
      : undefined;
  }

  open(element: string, opener: HTMLElement | null): void {
    this.#opened.value = { element, opener, over: this.sidebar?.id };
  }

  /** Opens an element that has just come, where nothing else is; of several of a message the first. */
  offer({ id, for_id }: ElementItem): void {
    const { opened } = this;
    const shown = opened?.opener === null ? elementOf(this.store, opened.element) : undefined;
    const isWithIt = for_id !== null && shown?.for_id === for_id;
    if (!this.sidebar && !isWithIt) this.open(id, null);
  }

  close(): void {
    this.#opened.value = undefined;
  }

  /** For good, in all pages: the kernel can open another one. */
  closeSidebar(sidebar: Sidebar): void {
    this.#closed.value = sidebar;
    const isClosed = () => this.store.picture.transcript?.sidebar?.id !== sidebar.id;
    this.store.ask({ type: "close_sidebar", epoch: this.store.epoch, id: sidebar.id }, isClosed);
  }
}

const asides = new WeakMap<Store, Aside>();

export function asideOf(store: Store): Aside {
  const aside = asides.get(store) ?? new Aside(store);
  asides.set(store, aside);
  return aside;
}

/** The elements of a message that stand beside the conversation when one of them is opened. */
export function besideWith(store: Store, element: ElementItem): ElementItem[] {
  const owner = element.for_id === null ? undefined : store.picture.item(element.for_id).value;
  const siblings = (owner?.children ?? []).flatMap((id) => elementOf(store, id) ?? []);
  const beside = siblings.filter(({ display }) => display === "side");
  return beside.some(({ id }) => id === element.id) ? beside : [element];
}
