// Looks at one chat for this page: says again and again that it does and what is opened, and brings edits to the
// kernel. All views of the page share it. This state never leaves the page.

import { batch, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Inspection, SetValue } from "../protocol.ts";
import { randomId } from "../randomId.ts";
import { type Pace, Retry } from "../retry.ts";
import type { Store } from "../store.ts";

/** Until there is an answer at short intervals, then so that the kernel knows that somebody still looks. */
const LOOKING: Pace = { first: 1000, limit: 10_000, tries: Number.POSITIVE_INFINITY };
const EDITING: Pace = { first: 2000, limit: 10_000, tries: 12 };
const NO_ANSWER = "The kernel did not answer. Try again.";

export const PARTS = 100;

/** The steps that lead to a value. */
export type Path = readonly string[];

/** What the user has written in the field of a value. */
export interface Draft {
  readonly text: string;
  readonly isSent: boolean;
  readonly error: string | undefined;
}

interface Sent {
  readonly key: string;
  readonly retry: Retry;
}

export class Watch {
  readonly #picture = signal<Inspection | undefined>(undefined);
  readonly #opened = signal<ReadonlyMap<string, number>>(
    new Map([
      [keyOf(["state"]), PARTS],
      [keyOf(["session"]), PARTS],
    ]),
  );
  readonly #drafts = signal<ReadonlyMap<string, Draft>>(new Map());
  readonly #edits = new Map<string, Sent>();
  readonly #looking = new Retry(() => this.#look(), LOOKING);
  #views = 0;
  #stopListening = () => {};

  constructor(
    private readonly store: Store,
    private readonly chat: number,
  ) {}

  /** The session, as the kernel last showed it. */
  get picture(): ReadonlySignal<Inspection | undefined> {
    return this.#picture;
  }

  /** A view is shown. Returns what to call when it is no more. */
  open(): () => void {
    this.#views += 1;
    if (this.#views === 1) this.#begin();
    return () => {
      this.#views -= 1;
      if (this.#views === 0) this.#end();
    };
  }

  // ── Parts ────────────────────────────────────────────────────────────────────────────────────────

  isOpened(path: Path): boolean {
    return this.#opened.value.has(keyOf(path));
  }

  /** Shows the parts of a value, or no more. */
  toggle(path: Path): void {
    const opened = new Map(this.#opened.value);
    if (!opened.delete(keyOf(path))) opened.set(keyOf(path), PARTS);
    this.#reopen(opened);
  }

  /** Shows more parts of a value. */
  showMore(path: Path): void {
    const key = keyOf(path);
    this.#reopen(new Map(this.#opened.value).set(key, (this.#opened.value.get(key) ?? 0) + 2 * PARTS));
  }

  #reopen(opened: ReadonlyMap<string, number>): void {
    this.#opened.value = opened;
    this.#lookAgain();
  }

  // ── Edits ────────────────────────────────────────────────────────────────────────────────────────

  draft(path: Path): Draft | undefined {
    return this.#drafts.value.get(keyOf(path));
  }

  write(path: Path, text: string): void {
    this.#setDraft(keyOf(path), { text, isSent: false, error: undefined });
  }

  /** Leaves a value as it is. */
  forget(path: Path): void {
    this.#setDraft(keyOf(path), undefined);
  }

  /** Sends what was written, until the kernel says what came of it. */
  commit(path: Path, text: string): void {
    const key = keyOf(path);
    const edit = randomId();
    const session = this.#picture.peek()?.id ?? "";
    const command: SetValue = { type: "set_value", edit, chat: this.chat, session, path: [...path], text };
    const retry = new Retry(
      () => this.store.inspect(command),
      EDITING,
      () => this.#settle(edit, NO_ANSWER),
    );
    this.#edits.set(edit, { key, retry });
    this.#setDraft(key, { text, isSent: true, error: undefined });
    retry.start();
  }

  #settle(edit: string, error: string | null): void {
    const sent = this.#edits.get(edit);
    if (!sent) return;
    sent.retry.stop();
    this.#edits.delete(edit);
    const draft = this.#drafts.peek().get(sent.key);
    if (draft?.isSent)
      this.#setDraft(sent.key, error === null ? undefined : { ...draft, isSent: false, error });
  }

  #setDraft(key: string, draft: Draft | undefined): void {
    const drafts = new Map(this.#drafts.peek());
    if (draft) drafts.set(key, draft);
    else drafts.delete(key);
    this.#drafts.value = drafts;
  }

  // ── Line ─────────────────────────────────────────────────────────────────────────────────────────

  #begin(): void {
    const unpicture = effect(() => this.#receive(this.store.inspection.value));
    const unconnect = effect(() => {
      if (this.store.connection.value === "live") this.#lookAgain();
      else if (this.store.connection.value === "lost") this.#looking.stop();
    });
    this.#stopListening = () => {
      unpicture();
      unconnect();
    };
    this.#lookAgain();
  }

  #end(): void {
    this.#stopListening();
    this.#looking.stop();
    for (const { retry } of this.#edits.values()) retry.stop();
    this.#edits.clear();
    this.#drafts.value = new Map();
    this.store.inspect({ type: "stop_inspecting", page: this.store.page, chat: this.chat });
  }

  #receive(picture: Inspection | undefined): void {
    const last = this.#picture.peek();
    if (picture?.chat !== this.chat || (last && picture.revision <= last.revision)) return;
    batch(() => {
      this.#picture.value = picture;
      for (const { edit, error } of picture.edited) this.#settle(edit, error);
    });
  }

  #lookAgain(): void {
    this.#looking.stop();
    if (this.#views > 0) this.#looking.start();
  }

  #look(): void {
    const opened = [...this.#opened.peek()].map(([key, most]) => ({ path: pathOf(key), most }));
    const seen = this.#picture.peek()?.revision ?? 0;
    this.store.inspect({ type: "inspect", page: this.store.page, chat: this.chat, seen, opened });
  }
}

const watches = new WeakMap<Store, Map<number, Watch>>();

/** The one who looks at a chat for this page. */
export function watchOf(store: Store, chat: number): Watch {
  const byChat = watches.get(store) ?? new Map<number, Watch>();
  watches.set(store, byChat);
  const watch = byChat.get(chat) ?? new Watch(store, chat);
  byChat.set(chat, watch);
  return watch;
}

const keyOf = (path: Path) => JSON.stringify(path);
const pathOf = (key: string): string[] => JSON.parse(key);
